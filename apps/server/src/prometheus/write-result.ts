import type { NativeHistogram, QueryData, ResultSeries } from '@vedetta/query';
import { allBuckets } from '@vedetta/query';
import { WrittenJson } from './envelope.js';

/** The data of a query as Prometheus writes it: times in seconds, values as text. At most `limit` series. */
export function writeData(
  data: QueryData,
  limit: number | undefined,
): { readonly json: WrittenJson; readonly cut: boolean } {
  if (data.type === 'scalar') return whole('scalar', `[${seconds(data.timeMs)},"${writeValue(data.value)}"]`);
  if (data.type === 'string') return whole('string', `[${seconds(data.timeMs)},${JSON.stringify(data.value)}]`);
  const cut = limit !== undefined && data.series.length > limit;
  const series = cut ? data.series.slice(0, limit) : data.series;
  const write = data.type === 'vector' ? vectorItem : matrixItem;
  return { ...whole(data.type, `[${series.map(write).join(',')}]`), cut };
}

function whole(type: QueryData['type'], result: string): { readonly json: WrittenJson; readonly cut: boolean } {
  return { json: new WrittenJson(`{"resultType":"${type}","result":${result}}`), cut: false };
}

function vectorItem({ labels, timestampsMs, values, histograms }: ResultSeries): string {
  const time = seconds(timestampsMs[0] ?? 0);
  const histogram = histograms?.[0];
  const point =
    histogram === undefined
      ? `"value":[${time},"${writeValue(values[0] ?? Number.NaN)}"]`
      : `"histogram":[${time},${writeHistogram(histogram)}]`;
  return `{"metric":${writeLabels(labels.pairs)},${point}}`;
}

function matrixItem({ labels, timestampsMs, values, histograms }: ResultSeries): string {
  const floats: string[] = [];
  const others: string[] = [];
  for (let i = 0; i < timestampsMs.length; i += 1) {
    const time = seconds(timestampsMs[i] as number);
    const histogram = histograms?.[i];
    if (histogram === undefined) floats.push(`[${time},"${writeValue(values[i] as number)}"]`);
    else others.push(`[${time},${writeHistogram(histogram)}]`);
  }
  const points = [
    ...(floats.length > 0 ? [`"values":[${floats.join(',')}]`] : []),
    ...(others.length > 0 ? [`"histograms":[${others.join(',')}]`] : []),
  ];
  return `{"metric":${writeLabels(labels.pairs)}${points.map((text) => `,${text}`).join('')}}`;
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
  return String(value).replace(/e-(\d)$/, 'e-0$1');
}

function writeHistogram(histogram: NativeHistogram): string {
  const buckets = allBuckets(histogram).map(({ lower, upper, lowerInclusive, upperInclusive, count }) => {
    const border = upperInclusive ? (lowerInclusive ? 3 : 0) : lowerInclusive ? 1 : 2;
    return `[${border},"${writeValue(lower)}","${writeValue(upper)}","${writeValue(count)}"]`;
  });
  const tail = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  return `{"count":"${writeValue(histogram.count)}","sum":"${writeValue(histogram.sum)}"${tail}}`;
}
