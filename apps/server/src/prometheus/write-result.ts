import type { NativeHistogram, QueryData, ResultSeries } from '@vedetta/query';
import { allBuckets } from '@vedetta/query';

/** The JSON of a query's data in parts, so that a large one is never in memory as a whole. */
export type JsonParts = Iterable<string>;

/** A part is written for so many points at once: well under a millisecond. */
const PART_POINTS = 1000;

/** The data of a query as Prometheus writes it: times in seconds, values as text. At most `limit` series. */
export function writeData(
  data: QueryData,
  limit: number | undefined,
  stats?: object,
): { readonly parts: JsonParts; readonly cut: boolean } {
  const cut = 'series' in data && limit !== undefined && data.series.length > limit;
  return { parts: partsOf(data, limit, stats), cut };
}

function* partsOf(data: QueryData, limit: number | undefined, stats: object | undefined): Generator<string> {
  yield `{"resultType":"${data.type}","result":`;
  if (data.type === 'scalar') yield `[${seconds(data.timeMs)},"${writeValue(data.value)}"]`;
  else if (data.type === 'string') yield `[${seconds(data.timeMs)},${JSON.stringify(data.value)}]`;
  else {
    yield '[';
    const times = new TimeTexts();
    for (const [i, series] of data.series.slice(0, limit).entries()) {
      if (i > 0) yield ',';
      yield* data.type === 'vector' ? vectorItem(series) : matrixItem(series, times);
    }
    yield ']';
  }
  yield stats === undefined ? '}' : `,"stats":${JSON.stringify(stats)}}`;
}

function* vectorItem({ labels, timestampsMs, values, histograms }: ResultSeries): Generator<string> {
  const time = seconds(timestampsMs[0] ?? 0);
  const histogram = histograms?.[0];
  const point =
    histogram === undefined
      ? `"value":[${time},"${writeValue(values[0] ?? Number.NaN)}"]`
      : `"histogram":[${time},${writeHistogram(histogram)}]`;
  yield `{"metric":${writeLabels(labels.pairs)},${point}}`;
}

function* matrixItem({ labels, timestampsMs, values, histograms }: ResultSeries, times: TimeTexts): Generator<string> {
  yield `{"metric":${writeLabels(labels.pairs)}`;
  if (histograms === undefined) {
    yield* numbers(times.of(timestampsMs), values);
    yield '}';
    return;
  }
  const isFloat = (i: number): boolean => histograms?.[i] === undefined;
  const float = (i: number): string => `"${writeValue(values[i] as number)}"`;
  yield* points('values', timestampsMs, isFloat, float);
  const histogram = (i: number): string => writeHistogram(histograms[i] as NativeHistogram);
  yield* points('histograms', timestampsMs, (i) => !isFloat(i), histogram);
  yield '}';
}

/** A point takes no more: a time and a number of 25 characters each, and what is between. */
const POINT_BYTES = 64;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BRACKET = 0x5d;
const scratch = Buffer.alloc(PART_POINTS * POINT_BYTES);

/** Numbers alone, which most series are. Byte by byte: a text that is put together of so many pieces costs more than their digits. */
function* numbers(times: readonly string[], values: Float64Array): Generator<string> {
  for (let from = 0; from < values.length; from += PART_POINTS) {
    const to = Math.min(values.length, from + PART_POINTS);
    let at = scratch.write(from === 0 ? ',"values":[' : ',');
    for (let i = from; i < to; i += 1) {
      if (i > from) scratch[at++] = COMMA;
      at = put(times[i] as string, at);
      at = put(writeValue(values[i] as number), at);
      scratch[at++] = QUOTE;
      scratch[at++] = BRACKET;
    }
    if (to === values.length) scratch[at++] = BRACKET;
    yield scratch.toString('latin1', 0, at);
  }
}

function put(text: string, at: number): number {
  for (let i = 0; i < text.length; i += 1) scratch[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Columns of times whose texts are kept: series without gaps share one. */
const KEPT_TIMES = 4;

/** How points begin, made once for series that share their times. */
class TimeTexts {
  readonly #kept: { readonly timestampsMs: Float64Array; readonly texts: readonly string[] }[] = [];

  of(timestampsMs: Float64Array): readonly string[] {
    const at = this.#kept.findIndex((one) => one.timestampsMs === timestampsMs);
    const [found = { timestampsMs, texts: Array.from(timestampsMs, (ms) => `[${seconds(ms)},"`) }] =
      at < 0 ? [] : this.#kept.splice(at, 1);
    this.#kept.unshift(found);
    if (this.#kept.length > KEPT_TIMES) this.#kept.pop();
    return found.texts;
  }
}

/** One member of an item, left out where it has no points. */
function* points(
  name: string,
  timestampsMs: Float64Array,
  has: (i: number) => boolean,
  write: (i: number) => string,
): Generator<string> {
  let text = `,"${name}":[`;
  let written = 0;
  for (let i = 0; i < timestampsMs.length; i += 1) {
    if (!has(i)) continue;
    text += `${written === 0 ? '' : ','}[${seconds(timestampsMs[i] as number)},${write(i)}]`;
    written += 1;
    if (written % PART_POINTS === 0) {
      yield text;
      text = '';
    }
  }
  if (written > 0) yield `${text}]`;
}

/** Labels as an object. Written by hand: a label named `__proto__` is one too. */
export function writeLabels(pairs: readonly (readonly [name: string, value: string])[]): string {
  let text = '';
  for (const [name, value] of pairs) {
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

/** The shortest decimal text that reads back as the same number. As JavaScript writes it, but for exponents of one digit. */
export function writeValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  // Exponents are rare, and looking for one with a pattern takes longer than the number.
  return value < 1e-6 && value > -1e-6 && value !== 0 ? text.replace(/e-(\d)$/, 'e-0$1') : text;
}

function writeHistogram(histogram: NativeHistogram): string {
  const buckets = allBuckets(histogram).map(({ lower, upper, lowerInclusive, upperInclusive, count }) => {
    const border = upperInclusive ? (lowerInclusive ? 3 : 0) : lowerInclusive ? 1 : 2;
    return `[${border},"${writeValue(lower)}","${writeValue(upper)}","${writeValue(count)}"]`;
  });
  const tail = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  return `{"count":"${writeValue(histogram.count)}","sum":"${writeValue(histogram.sum)}"${tail}}`;
}
