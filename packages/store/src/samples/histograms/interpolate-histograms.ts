import type { HistogramBuckets, NativeHistogram } from '@vedetta/model';
import { areSameClass, hasFallen } from './compare-histograms.js';

/** A copy between two samples: nothing is known of what was before it. */
export function copyOf(histogram: NativeHistogram): NativeHistogram {
  return histogram.resetHint === 'gauge' ? histogram : { ...histogram, resetHint: 'unknown' };
}

/** What a histogram was at a share of the time to the next one, taken to grow evenly; the earlier one where a counter began anew. */
export function interpolateHistograms(a: NativeHistogram, b: NativeHistogram, share: number): NativeHistogram {
  if (b.resetHint === 'reset' || !areSameClass(a, b) || hasFallen(a, b)) return copyOf(a);
  const between = (from: number, to: number): number => from + (to - from) * share;
  return {
    ...copyOf(b),
    count: between(a.count, b.count),
    zeroCount: between(a.zeroCount, b.zeroCount),
    sum: between(a.sum, b.sum),
    positive: bucketsBetween(a.positive, b.positive, between),
    negative: bucketsBetween(a.negative, b.negative, between),
  };
}

/** In the buckets of the later one: what has not fallen has all that counted something. */
function bucketsBetween(
  a: HistogramBuckets,
  b: HistogramBuckets,
  between: (from: number, to: number) => number,
): HistogramBuckets {
  let at = 0;
  const counts = b.indexes.map((index, i) => {
    while (at < a.indexes.length && (a.indexes[at] as number) < index) at += 1;
    return between(a.indexes[at] === index ? (a.counts[at] as number) : 0, b.counts[i] as number);
  });
  return { indexes: b.indexes, counts };
}
