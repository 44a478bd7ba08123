import { CUSTOM_SCHEMA } from '../histogram/bucket-bounds.js';
import { addHistograms, subtractHistograms } from '../histogram/combine-histograms.js';
import type { Buckets, NativeHistogram, ResetHint } from '../histogram/native-histogram.js';
import { compactBuckets, NO_BUCKETS } from '../histogram/native-histogram.js';
import { LabelSet, METRIC_NAME } from '../labels/label-set.js';
import { parseNumber, unquote } from '../syntax/literals.js';

/** A value of the notation: nothing, the end of the series, a number or a histogram; `startMs` says when a counter began. */
export type NotatedValue =
  | { readonly kind: 'missing' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'histogram'; readonly histogram: NativeHistogram; readonly hintGiven: boolean };

export interface NotatedSeries {
  readonly labels: LabelSet;
  readonly values: readonly NotatedValue[];
  /** Of a line `metric@st`, which has no values: when the counter of each sample in the next line began, relative to it. */
  readonly startsMs?: readonly (number | undefined)[];
}

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[iI][nN][fF]|[nN][aA][nN])`;
const NUMBERS = new RegExp(`^(${NUMBER})(?:([+-])(${NUMBER.replace('[+-]?', '')}))?(?:x(\\d+))?$`);
const HISTOGRAMS = /^\{\{([\s\S]*?)\}\}(?:([+-])\{\{([\s\S]*?)\}\})?(?:x(\d+))?$/;

/** `metric{a="b"} 1 2+3x4 _ stale {{schema:1 buckets:[1 2]}}`; the labels may be left out where only values are expected. */
export function parseSeries(line: string): NotatedSeries {
  const end = endOfMetric(line);
  if (line.startsWith('@st', end))
    return { labels: parseMetric(line.slice(0, end)), values: [], startsMs: parseStarts(line.slice(end + 3)) };
  return { labels: parseMetric(line.slice(0, end)), values: parseValues(line.slice(end)) };
}

export function parseValues(text: string): NotatedValue[] {
  const values: NotatedValue[] = [];
  for (const token of text.match(/(?:\{\{[\s\S]*?\}\}|[^\s{}])+/g) ?? []) values.push(...expandToken(token));
  return values;
}

function parseStarts(text: string): (number | undefined)[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((token) => {
      const [, duration, times] = /^(.*?)(?:x(\d+))?$/.exec(token)!;
      const start = duration === '_' ? undefined : (parseNumber(duration!) ?? Number.NaN) * 1000;
      const count = times === undefined ? 1 : Number(times) + (duration === '_' ? 0 : 1);
      return Array.from({ length: count }, () => start);
    });
}

function expandToken(token: string): NotatedValue[] {
  const gap = /^(_|stale)(?:x(\d+))?$/.exec(token);
  if (gap !== null) {
    const kind = gap[1] === '_' ? ('missing' as const) : ('stale' as const);
    return Array.from({ length: Number(gap[2] ?? 1) }, () => ({ kind }));
  }
  const histograms = HISTOGRAMS.exec(token);
  if (histograms !== null) return expandHistograms(histograms);
  const numbers = NUMBERS.exec(token);
  if (numbers === null) throw new Error(`not a value: ${token}`);
  const first = parseNumber(numbers[1]!)!;
  const step = numbers[3] === undefined ? 0 : parseNumber(numbers[3])! * (numbers[2] === '-' ? -1 : 1);
  const values: NotatedValue[] = [];
  let value = first;
  for (let i = 0; i <= Number(numbers[4] ?? 0); i += 1) {
    values.push({ kind: 'number', value });
    value += step;
  }
  return values;
}

function expandHistograms([, first, sign, second, times]: RegExpExecArray): NotatedValue[] {
  let histogram = parseHistogram(first!);
  const step = second === undefined ? undefined : parseHistogram(second);
  const values: NotatedValue[] = [];
  for (let i = 0; i <= Number(times ?? 0); i += 1) {
    values.push({ kind: 'histogram', histogram, hintGiven: first!.includes('counter_reset_hint') });
    if (step === undefined) continue;
    const next = (sign === '-' ? subtractHistograms : addHistograms)(histogram, step).histogram;
    if (next === undefined) throw new Error('histograms of a series do not fit');
    histogram = next;
  }
  return values;
}

/** What stands between `{{` and `}}`. */
function parseHistogram(text: string): NativeHistogram {
  const fields = new Map<string, string>();
  for (const [, key, list, single] of text.matchAll(/([a-z_]+):(?:\[([^\]]*)\]|(\S+))/g))
    fields.set(key!, list ?? single!);
  const number = (key: string, fallback = 0) => {
    const value = fields.get(key);
    return value === undefined ? fallback : (parseNumber(value) ?? Number.NaN);
  };
  const list = (key: string) =>
    (fields.get(key) ?? '')
      .split(/[\s,]+/)
      .filter((item) => item !== '')
      .map((item) => parseNumber(item) ?? Number.NaN);
  const schema = number('schema');
  const buckets = (key: string, offset: string): Buckets => {
    const counts = list(key);
    if (counts.length === 0) return NO_BUCKETS;
    return compactBuckets({ counts, indexes: counts.map((_, i) => number(offset) + i) });
  };
  return {
    schema,
    sum: number('sum'),
    count: number('count'),
    zeroCount: number('z_bucket'),
    zeroThreshold: number('z_bucket_w'),
    positive: buckets('buckets', 'offset'),
    negative: buckets('n_buckets', 'n_offset'),
    customBounds: schema === CUSTOM_SCHEMA ? list('custom_values') : undefined,
    resetHint: (fields.get('counter_reset_hint') ?? 'unknown') as ResetHint,
  };
}

/** Whether a line begins with labels rather than a value. */
function endOfMetric(line: string): number {
  const name = /^\s*(?:[a-zA-Z_:][\w:]*)?/.exec(line)![0].length;
  if (line[name] !== '{' || line.startsWith('{{', name)) {
    const word = line.slice(0, name).trim();
    return /^(?:|inf|nan|stale|_)$/i.test(word) ? 0 : name;
  }
  const labels = /^\{(?:[^"'`}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)*\}/.exec(line.slice(name));
  if (labels === null) throw new Error(`not a series: ${line}`);
  return name + labels[0].length;
}

function parseMetric(text: string): LabelSet {
  const pairs: [string, string][] = [];
  const name = /^\s*([a-zA-Z_:][\w:]*)/.exec(text)?.[1];
  if (name !== undefined) pairs.push([METRIC_NAME, name]);
  const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/.source;
  const inner = text.includes('{') ? text.slice(text.indexOf('{') + 1, text.lastIndexOf('}')) : '';
  for (const [, label, value] of inner.matchAll(new RegExp(`(${QUOTED}|[\\w:.]+)\\s*(?:=\\s*(${QUOTED}))?`, 'g'))) {
    const plain = /^["'`]/.test(label!) ? unquote(label!)! : label!;
    if (value === undefined) pairs.push([METRIC_NAME, plain]);
    else pairs.push([plain, unquote(value)!]);
  }
  return LabelSet.from(pairs);
}
