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
    const write = data.type === 'vector' ? vectorItem : matrixItem;
    for (const [i, series] of data.series.slice(0, limit).entries()) {
      if (i > 0) yield ',';
      yield* write(series);
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

function* matrixItem({ labels, timestampsMs, values, histograms }: ResultSeries): Generator<string> {
  yield `{"metric":${writeLabels(labels.pairs)}`;
  const isFloat = (i: number): boolean => histograms?.[i] === undefined;
  const float = (i: number): string => `"${writeValue(values[i] as number)}"`;
  yield* points('values', timestampsMs, isFloat, float);
  if (histograms !== undefined) {
    const histogram = (i: number): string => writeHistogram(histograms[i] as NativeHistogram);
    yield* points('histograms', timestampsMs, (i) => !isFloat(i), histogram);
  }
  yield '}';
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
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
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
