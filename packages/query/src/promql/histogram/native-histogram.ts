import type { HistogramBuckets, HistogramResetHint, NativeHistogram } from '@vedetta/model';
import { bucketBound, CUSTOM_SCHEMA } from './bucket-bounds.js';

export type { NativeHistogram };
/** Populated buckets of one sign, ascending by index; counts are not cumulative. */
export type Buckets = HistogramBuckets;
export type ResetHint = HistogramResetHint;

/** One bucket as an interval of values. */
export interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly count: number;
  /** Its index in the schema; the zero bucket has none. */
  readonly index: number | undefined;
  /** Whether it is among the negative buckets. */
  readonly isNegative: boolean;
}

export const NO_BUCKETS: Buckets = { indexes: [], counts: [] };

export function usesCustomBounds(histogram: NativeHistogram): boolean {
  return histogram.schema === CUSTOM_SCHEMA;
}

/** Without the buckets that count nothing. */
export function compactBuckets(buckets: Buckets): Buckets {
  if (!buckets.counts.includes(0)) return buckets;
  const indexes: number[] = [];
  const counts: number[] = [];
  for (const [i, count] of buckets.counts.entries()) {
    if (count === 0) continue;
    indexes.push(buckets.indexes[i]!);
    counts.push(count);
  }
  return { indexes, counts };
}

export function compact(histogram: NativeHistogram): NativeHistogram {
  return { ...histogram, positive: compactBuckets(histogram.positive), negative: compactBuckets(histogram.negative) };
}

/** All counts and the sum times a factor; a negative one makes it a gauge. */
export function scale(histogram: NativeHistogram, factor: number): NativeHistogram {
  const times = (buckets: Buckets): Buckets => ({
    indexes: buckets.indexes,
    counts: buckets.counts.map((count) => count * factor),
  });
  return {
    ...histogram,
    zeroCount: histogram.zeroCount * factor,
    count: histogram.count * factor,
    sum: histogram.sum * factor,
    positive: times(histogram.positive),
    negative: times(histogram.negative),
    resetHint: factor < 0 ? 'gauge' : histogram.resetHint,
  };
}

export function withHint(histogram: NativeHistogram, resetHint: ResetHint): NativeHistogram {
  return histogram.resetHint === resetHint ? histogram : { ...histogram, resetHint };
}

/** Whether two histograms count the same in the same buckets. NaN equals NaN; hints do not matter. */
export function equalHistograms(a: NativeHistogram, b: NativeHistogram): boolean {
  return (
    a.schema === b.schema &&
    Object.is(a.count, b.count) &&
    (a.sum === b.sum || (Number.isNaN(a.sum) && Number.isNaN(b.sum))) &&
    (a.schema === CUSTOM_SCHEMA || a.zeroThreshold === b.zeroThreshold) &&
    a.zeroCount === b.zeroCount &&
    equalNumbers(a.customBounds ?? [], b.customBounds ?? []) &&
    equalBuckets(compactBuckets(a.positive), compactBuckets(b.positive)) &&
    equalBuckets(compactBuckets(a.negative), compactBuckets(b.negative))
  );
}

export function equalNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function equalBuckets(a: Buckets, b: Buckets): boolean {
  return equalNumbers(a.indexes, b.indexes) && equalNumbers(a.counts, b.counts);
}

/** All populated buckets from the lowest values to the highest. */
export function allBuckets(histogram: NativeHistogram): Bucket[] {
  const { schema, customBounds, zeroCount, zeroThreshold, positive, negative } = histogram;
  const buckets: Bucket[] = [];
  for (let i = negative.indexes.length - 1; i >= 0; i -= 1) {
    const index = negative.indexes[i]!;
    const lower = -bucketBound(index, schema, customBounds);
    const upper = -bucketBound(index - 1, schema, customBounds);
    // The zero bucket takes what it overlaps.
    const cut = Math.min(upper, -zeroThreshold);
    buckets.push({
      lower,
      upper: cut,
      lowerInclusive: true,
      upperInclusive: false,
      count: negative.counts[i]!,
      index,
      isNegative: true,
    });
  }
  if (zeroCount !== 0) {
    const inclusive = { lowerInclusive: true, upperInclusive: true };
    buckets.push({
      lower: -zeroThreshold,
      upper: zeroThreshold,
      ...inclusive,
      count: zeroCount,
      index: undefined,
      isNegative: false,
    });
  }
  for (const [i, index] of positive.indexes.entries()) {
    const lower = bucketBound(index - 1, schema, customBounds);
    const upper = bucketBound(index, schema, customBounds);
    const cut = schema === CUSTOM_SCHEMA ? lower : Math.max(lower, zeroThreshold);
    buckets.push({
      lower: cut,
      upper,
      lowerInclusive: schema === CUSTOM_SCHEMA && index === 0,
      upperInclusive: true,
      count: positive.counts[i]!,
      index,
      isNegative: false,
    });
  }
  return buckets.filter((bucket) => bucket.count !== 0);
}
