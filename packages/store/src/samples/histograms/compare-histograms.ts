import type { HistogramBuckets, NativeHistogram } from '@vedetta/model';

/** What says which values a bucket is for. */
export type HistogramClass = Pick<NativeHistogram, 'schema' | 'zeroThreshold' | 'customBounds'>;

/** Whether buckets of the same index are for the same values. */
export function areSameClass(a: HistogramClass, b: HistogramClass): boolean {
  return (
    a.schema === b.schema &&
    a.zeroThreshold === b.zeroThreshold &&
    (a.customBounds === b.customBounds || areEqual(a.customBounds ?? [], b.customBounds ?? []))
  );
}

/** Whether two are the same sample: what Prometheus compares; what is known of resets is not part of it. */
export function areSameHistograms(a: NativeHistogram, b: NativeHistogram): boolean {
  return (
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    Object.is(a.zeroCount, b.zeroCount) &&
    areSameClass(a, b) &&
    areSameBuckets(a.positive, b.positive) &&
    areSameBuckets(a.negative, b.negative)
  );
}

function areSameBuckets(a: HistogramBuckets, b: HistogramBuckets): boolean {
  return areEqual(a.indexes, b.indexes) && a.counts.every((count, i) => Object.is(count, b.counts[i]));
}

/** Of numbers that are none of them NaN. */
export function areEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether a counter of the same class began anew: something counts less than it did. */
export function hasFallen(before: NativeHistogram, after: NativeHistogram): boolean {
  return (
    after.count < before.count ||
    after.zeroCount < before.zeroCount ||
    fallsAnywhere(before.positive, after.positive) ||
    fallsAnywhere(before.negative, after.negative)
  );
}

function fallsAnywhere(before: HistogramBuckets, after: HistogramBuckets): boolean {
  let at = 0;
  for (let i = 0; i < before.indexes.length; i += 1) {
    const index = before.indexes[i] as number;
    while (at < after.indexes.length && (after.indexes[at] as number) < index) at += 1;
    const count = after.indexes[at] === index ? (after.counts[at] as number) : 0;
    if (count < (before.counts[i] as number)) return true;
  }
  return false;
}
