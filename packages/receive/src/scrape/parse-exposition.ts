import type {
  Exposition,
  ExpositionFormat,
  ExpositionLimits,
  MetricFamily,
  MetricType,
  ScrapedSample,
} from './exposition.js';
import { DEFAULT_EXPOSITION_LIMITS, ExpositionError, METRIC_TYPES } from './exposition.js';
import { LineScanner, undoEscapes } from './line-scanner.js';
import { OpenMetricsRules } from './openmetrics-rules.js';
import { readSample } from './sample-line.js';

const HASH = 0x23;
const TYPES: ReadonlySet<string> = new Set(METRIC_TYPES);

/**
 * Reads a page of metrics in Prometheus' classic text format or in OpenMetrics text 1.0, whose rules are held to: what a
 * strict reader would refuse is refused, with the line. Never throws. Sources: Prometheus, "Exposition formats";
 * OpenMetrics 1.0, "Text format".
 *
 * @param rules `syntax` leaves out OpenMetrics' rules about families, as Prometheus does when it scrapes: which suffixes, labels and
 * order samples have. Lines and `# EOF` are held to in either case.
 */
export function parseExposition(
  text: string,
  format: ExpositionFormat,
  limits: ExpositionLimits = DEFAULT_EXPOSITION_LIMITS,
  rules: 'all' | 'syntax' = 'all',
): Exposition {
  const page = new PageReader(format, limits, rules);
  let lineNumber = 0;
  try {
    let start = 0;
    while (start < text.length) {
      lineNumber += 1;
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      page.line(text, start, end);
      start = end + 1;
    }
    lineNumber += 1;
    return { kind: 'parsed', ...page.end() };
  } catch (error) {
    if (error instanceof ExpositionError) return { kind: 'invalid', line: lineNumber, message: error.message };
    throw error;
  }
}

class PageReader {
  readonly #strict: boolean;
  readonly #format: ExpositionFormat;
  readonly #limits: ExpositionLimits;
  readonly #families = new Map<string, MetricFamily>();
  readonly #samples: ScrapedSample[] = [];
  readonly #rules: OpenMetricsRules | undefined;
  #ended = false;

  constructor(format: ExpositionFormat, limits: ExpositionLimits, rules: 'all' | 'syntax') {
    this.#format = format;
    this.#limits = limits;
    this.#strict = format === 'openmetrics';
    this.#rules = this.#strict && rules === 'all' ? new OpenMetricsRules() : undefined;
  }

  line(text: string, start: number, end: number): void {
    if (this.#ended) throw new ExpositionError('nothing may follow # EOF');
    const line = new LineScanner(text, start, end);
    if (!this.#strict) line.blanks();
    if (line.done) {
      if (this.#strict) throw new ExpositionError('empty lines are not allowed');
      return;
    }
    if (line.peek() === HASH) this.#comment(line);
    else {
      const sample = readSample(line, this.#format, this.#limits);
      if (this.#samples.length >= this.#limits.maxSamples) {
        throw new ExpositionError(`the page has more than ${this.#limits.maxSamples} samples`);
      }
      this.#rules?.sample(sample);
      this.#samples.push(sample);
    }
  }

  end(): { families: readonly MetricFamily[]; samples: readonly ScrapedSample[] } {
    if (this.#strict && !this.#ended) throw new ExpositionError('the page ends without # EOF');
    return { families: [...this.#families.values()], samples: this.#samples };
  }

  #comment(line: LineScanner): void {
    line.skip('#');
    if (this.#strict) line.expect(' ', 'after #');
    else line.blanks();
    const keyword = line.word();
    switch (keyword) {
      case 'HELP':
      case 'TYPE':
      case 'UNIT':
        if (keyword === 'UNIT' && !this.#strict) return;
        this.#metadata(keyword, line);
        return;
      case 'EOF':
        if (!this.#strict) return;
        if (!line.done) throw new ExpositionError('nothing may follow # EOF');
        this.#ended = true;
        this.#rules?.end();
        return;
      default:
        if (this.#strict)
          throw new ExpositionError(`expected HELP, TYPE, UNIT or EOF after #, found "${keyword.slice(0, 40)}"`);
    }
  }

  #metadata(keyword: 'HELP' | 'TYPE' | 'UNIT', line: LineScanner): void {
    if (this.#strict) line.expect(' ', `after ${keyword}`);
    else line.blanks();
    const name = line.peek() === 0x22 ? line.quoted('a name') : line.metricName();
    if (name === '') throw new ExpositionError(`expected the name of a metric after ${keyword}, found ${line.here()}`);
    if (!line.done && !(this.#strict ? line.skip(' ') : line.blanks())) {
      throw new ExpositionError(`expected a space after the name, found ${line.here()}`);
    }
    const rest = line.rest();
    this.#rules?.metadata(keyword, name, rest);
    const family = this.#family(name);
    if (keyword === 'HELP') family.help = undoEscapes(rest);
    else if (keyword === 'UNIT') family.unit = rest;
    else family.type = this.#type(rest);
  }

  #type(word: string): MetricType {
    const type = this.#strict ? word : word.trimEnd();
    if (TYPES.has(type)) return type as MetricType;
    if (type === 'untyped' && !this.#strict) return 'unknown';
    throw new ExpositionError(`unknown type of metric ${JSON.stringify(type.slice(0, 40))}`);
  }

  #family(name: string): MetricFamily {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { name, type: 'unknown', help: '', unit: '' };
      this.#families.set(name, family);
      if (this.#families.size > this.#limits.maxSamples) throw new ExpositionError('the page has too many families');
    }
    return family;
  }
}
