import { isUtf8 } from 'node:buffer';
import { InvalidBody } from '../otlp/decode-result.js';
import type { WireReader } from '../otlp/wire-reader.js';
import type { SeriesLabels } from '../otlp-metrics/series-cache.js';

const LABEL_TAG = 10;
const NAME_TAG = 10;
const VALUE_TAG = 18;
const METRIC_NAME = '__name__';
/** What bytes that are no UTF-8 become. */
const REPLACEMENT = '\ufffd';

/** Labels as a series of remote write 1.0 has them, one field behind the other, up to `end`; or why they cannot be taken. */
export function readWireLabels(reader: WireReader, end: number): SeriesLabels | string {
  const pairs: [string, string][] = [];
  while (reader.pos < end) {
    if (reader.tag() !== LABEL_TAG) throw new InvalidBody('a label is expected');
    const pair = readWireLabel(reader, reader.end(end));
    if (pair === undefined) return NO_UTF8;
    pairs.push(pair);
    if (pairs.length > MAX_LABELS) return TOO_MANY_LABELS;
  }
  return toSeriesLabels(pairs);
}

/** One `Label`, up to `end`; `undefined` when it is not UTF-8. */
export function readWireLabel(reader: WireReader, end: number): [name: string, value: string] | undefined {
  let [name, value] = ['', ''];
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === NAME_TAG || tag === VALUE_TAG) {
      const text = readText(reader, reader.end(end));
      if (text === undefined) return undefined;
      if (tag === NAME_TAG) name = text;
      else value = text;
    } else reader.skip(tag, end);
  }
  if (reader.pos > end) throw new InvalidBody('a label is longer than it says');
  return [name, value];
}

/** No store takes more of a series. */
export const MAX_LABELS = 1000;
export const TOO_MANY_LABELS = `a series has more than ${MAX_LABELS} labels`;
/** Why a text cannot be taken. */
export const NO_UTF8 = 'a label is not valid UTF-8';

/** Text of a message, from where the reader stands; `undefined` where it is not UTF-8. */
function readText(reader: WireReader, end: number): string | undefined {
  const start = reader.pos;
  const text = reader.text(end);
  return text.includes(REPLACEMENT) && !isUtf8(reader.bytes.subarray(start, end)) ? undefined : text;
}

/**
 * Pairs as the labels of a series: in the order of their names, without empty values, since such a label is one that is not there; or
 * why they cannot be. Senders have to sort them; one that does not is understood all the same, as by Prometheus.
 */
export function toSeriesLabels(pairs: readonly (readonly [name: string, value: string])[]): SeriesLabels | string {
  let isSorted = true;
  let hasName = false;
  let hasEmpty = false;
  for (let i = 0; i < pairs.length; i += 1) {
    const [name, value] = pairs[i] as readonly [string, string];
    if (name === '') return 'a label has no name';
    if (value === '') hasEmpty = true;
    else if (name === METRIC_NAME) hasName = true;
    if (i > 0 && (pairs[i - 1] as readonly [string, string])[0] >= name) isSorted = false;
  }
  if (!hasName) return `a series has no ${METRIC_NAME}`;
  const sorted = isSorted ? pairs : pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (let i = 1; i < sorted.length && !isSorted; i += 1) {
    if (sorted[i]?.[0] === sorted[i - 1]?.[0]) return `the label ${sorted[i]?.[0]} is there twice`;
  }
  return hasEmpty ? sorted.filter(([, value]) => value !== '') : sorted;
}
