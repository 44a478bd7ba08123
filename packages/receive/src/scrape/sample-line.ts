import type { Exemplar, ExpositionFormat, ExpositionLimits, Label, ScrapedSample } from './exposition.js';
import { ExpositionError } from './exposition.js';
import type { LineScanner } from './line-scanner.js';
import { readFloat, readTimestampMs } from './numbers.js';

const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;

/** A line that is neither a comment nor empty: `name{labels} value [timestamp] [# {labels} value [timestamp]]`. */
export function readSample(line: LineScanner, format: ExpositionFormat, limits: ExpositionLimits): ScrapedSample {
  const strict = format === 'openmetrics';
  let name = line.metricName();
  if (!strict) line.blanks();
  let labels: readonly Label[] = [];
  if (line.peek() === OPEN_BRACE) {
    const set = readLabels(line, strict, limits, name === '');
    labels = set.labels;
    if (name === '') name = set.name;
  }
  if (name === '') throw new ExpositionError(`expected the name of a metric, found ${line.here()}`);
  if (name.length > limits.maxTextLength)
    throw new ExpositionError(`the name of a metric has ${name.length} characters`);
  gap(line, strict, 'the value');
  const value = readFloat(line.word());
  let timestampMs: number | undefined;
  let exemplar: Exemplar | undefined;
  if (next(line, strict) && line.peek() !== 0x23) {
    timestampMs = readTimestampMs(line.word(), format);
    next(line, strict);
  }
  if (strict && line.skip('#')) exemplar = readExemplar(line, limits);
  if (!line.done) throw new ExpositionError(`did not expect ${line.here()} after the sample`);
  return { name, labels, value, timestampMs, exemplar };
}

/** OpenMetrics has exactly one space between its parts; the classic format any number of spaces and tabs. */
function gap(line: LineScanner, strict: boolean, before: string): void {
  const there = strict ? line.skip(' ') : line.blanks();
  if (strict ? !there : line.done) throw new ExpositionError(`expected a space and ${before}, found ${line.here()}`);
}

/** Moves to the next part of the line; false at its end. */
function next(line: LineScanner, strict: boolean): boolean {
  if (line.done) return false;
  if (!strict) {
    line.blanks();
    return !line.done;
  }
  line.expect(' ', 'before the next part');
  if (line.done) throw new ExpositionError('the line ends with a space');
  return true;
}

interface LabelSet {
  /** From `{"a.name", ...}`; `''` when there is none. */
  readonly name: string;
  readonly labels: readonly Label[];
}

function readLabels(line: LineScanner, strict: boolean, limits: ExpositionLimits, nameAllowed: boolean): LabelSet {
  const blanks = (): void => {
    if (!strict) line.blanks();
  };
  line.expect('{', 'before labels');
  blanks();
  const labels: Label[] = [];
  const seen = new Set<string>();
  let name = '';
  while (!line.skip('}')) {
    const quoted = line.peek() === QUOTE;
    const key = quoted ? line.quoted('a name') : line.labelName();
    blanks();
    if (quoted && nameAllowed && name === '' && line.peek() !== 0x3d) name = key;
    else {
      if (key === '') throw new ExpositionError(`expected the name of a label, found ${line.here()}`);
      line.expect('=', `after the label ${JSON.stringify(key.slice(0, 100))}`);
      blanks();
      const value = line.quoted(`the value of the label ${JSON.stringify(key.slice(0, 100))}`);
      if (seen.has(key)) throw new ExpositionError(`the label ${JSON.stringify(key.slice(0, 100))} is there twice`);
      if (key.length > limits.maxTextLength || value.length > limits.maxTextLength) {
        throw new ExpositionError(`a label is longer than ${limits.maxTextLength} characters`);
      }
      seen.add(key);
      labels.push([key, value]);
      if (labels.length > limits.maxLabels)
        throw new ExpositionError(`a series has more than ${limits.maxLabels} labels`);
    }
    blanks();
    if (line.skip('}')) break;
    line.expect(',', 'between labels');
    blanks();
    // The classic format allows a comma after the last label.
    if (strict && line.peek() === 0x7d) throw new ExpositionError('expected a label after the comma');
  }
  return { name, labels };
}

function readExemplar(line: LineScanner, limits: ExpositionLimits): Exemplar {
  line.expect(' ', 'after the # of an exemplar');
  const { labels } = readLabels(line, true, limits, false);
  line.expect(' ', "before an exemplar's value");
  const value = readFloat(line.word());
  const timestampMs = next(line, true) ? readTimestampMs(line.word(), 'openmetrics') : undefined;
  return { labels, value, timestampMs };
}
