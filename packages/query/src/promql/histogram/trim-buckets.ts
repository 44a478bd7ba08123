import type { Bucket, NativeHistogram } from './native-histogram.js';
import { allBuckets, compact, usesCustomBounds } from './native-histogram.js';
import { fractionBelow } from './native-statistics.js';

/** What is left of a bucket, and the value that stands for each observation in it. */
interface Remainder {
  readonly count: number;
  readonly middle: number;
}

/**
 * A histogram without the observations above a value (`</`) or below it (`>/`). Within the bucket that contains the value
 * counts are interpolated; the sum is put together anew from the middles of the buckets, since nobody knows better.
 */
export function trimBuckets(histogram: NativeHistogram, at: number, keepsLower: boolean): NativeHistogram {
  const custom = usesCustomBounds(histogram);
  const left = new Map<'positive' | 'negative', Map<number, number>>([
    ['positive', new Map()],
    ['negative', new Map()],
  ]);
  let count = 0;
  let sum = 0;
  let zeroCount = 0;
  let trimmed = false;
  for (const bucket of allBuckets(histogram)) {
    let rest: Remainder;
    if (bucket.index === undefined) {
      rest = trimZero(bucket, histogram, at, keepsLower);
      zeroCount = rest.count;
    } else {
      const isPositive = !bucket.isNegative;
      rest = trimOne(bucket, at, keepsLower, isPositive, custom);
      if (rest.count !== 0) left.get(isPositive ? 'positive' : 'negative')!.set(bucket.index, rest.count);
    }
    if (rest.count !== bucket.count) trimmed = true;
    count += rest.count;
    sum += rest.middle * rest.count;
  }
  if (!trimmed) return histogram;
  const buckets = (side: 'positive' | 'negative') => {
    const sorted = [...left.get(side)!].sort(([a], [b]) => a - b);
    return { indexes: sorted.map(([index]) => index), counts: sorted.map(([, value]) => value) };
  };
  return compact({ ...histogram, count, sum, zeroCount, positive: buckets('positive'), negative: buckets('negative') });
}

function trimOne(bucket: Bucket, at: number, keepsLower: boolean, isPositive: boolean, custom: boolean): Remainder {
  const { lower, upper, count } = bucket;
  if (keepsLower ? upper <= at : lower >= at) return { count, middle: middleOf(lower, upper, isPositive, custom) };
  if (keepsLower ? lower >= at : upper <= at) return { count: 0, middle: 0 };
  if (lower === Number.NEGATIVE_INFINITY || upper === Number.POSITIVE_INFINITY)
    return trimInfinite(bucket, at, keepsLower);
  const below = count * fractionBelow(at, lower, upper, custom);
  return keepsLower
    ? { count: below, middle: middleOf(lower, at, isPositive, custom) }
    : { count: count - below, middle: middleOf(at, upper, isPositive, custom) };
}

/** Of a bucket that ends nowhere nobody knows how it is filled: it goes, where it cannot be taken to begin at zero. */
function trimInfinite({ lower, upper, count }: Bucket, at: number, keepsLower: boolean): Remainder {
  if (lower === Number.NEGATIVE_INFINITY) {
    const begins = upper > 0 && upper !== Number.POSITIVE_INFINITY;
    if (keepsLower) {
      if (at > 0 && begins) return { count: (count * at) / upper, middle: at / 2 };
      return upper <= 0 ? { count, middle: at } : { count: 0, middle: 0 };
    }
    if (at >= 0 && begins) return { count: count * (1 - at / upper), middle: (at + upper) / 2 };
    return { count: 0, middle: 0 };
  }
  return !keepsLower && at >= lower ? { count, middle: at } : { count: 0, middle: 0 };
}

function trimZero(zero: Bucket, { positive, negative }: NativeHistogram, at: number, keepsLower: boolean): Remainder {
  const hasPositive = positive.counts.some((count) => count !== 0);
  const hasNegative = negative.counts.some((count) => count !== 0);
  const lower = hasPositive && !hasNegative ? 0 : zero.lower;
  const upper = hasNegative && !hasPositive ? 0 : zero.upper;
  const whole = { count: zero.count, middle: (lower + upper) / 2 };
  if (at <= lower) return keepsLower ? { count: 0, middle: 0 } : whole;
  if (at >= upper) return keepsLower ? whole : { count: 0, middle: 0 };
  const share = (keepsLower ? at - lower : upper - at) / (upper - lower);
  return { count: zero.count * share, middle: keepsLower ? (lower + at) / 2 : (at + upper) / 2 };
}

/** The geometric middle, or the arithmetic one of listed boundaries. */
function middleOf(lower: number, upper: number, isPositive: boolean, linear: boolean): number {
  if (!Number.isFinite(lower)) return Number.isFinite(upper) ? (upper > 0 ? upper / 2 : upper) : 0;
  if (!Number.isFinite(upper)) return lower;
  if (linear) return (lower + upper) / 2;
  return Math.sqrt(Math.abs(lower * upper)) * (isPositive ? 1 : -1);
}
