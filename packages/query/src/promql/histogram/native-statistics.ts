import { KahanSum } from '../eval/kahan-sum.js';
import type { Bucket, NativeHistogram } from './native-histogram.js';
import { allBuckets, usesCustomBounds } from './native-histogram.js';

/** A figure of a histogram; NaN observations are counted but in no bucket, so they may make it wrong. */
export interface NativeFigure {
  readonly value: number;
  readonly nan: 'none' | 'skewed' | 'result' | 'excluded';
}

function figure(value: number, nan: NativeFigure['nan'] = 'none'): NativeFigure {
  return { value, nan };
}

/** The quantile, by interpolation on the scale of the bucket. */
export function nativeQuantile(q: number, histogram: NativeHistogram): NativeFigure {
  if (q < 0) return figure(Number.NEGATIVE_INFINITY);
  if (q > 1) return figure(Number.POSITIVE_INFINITY);
  if (histogram.count === 0 || Number.isNaN(q)) return figure(Number.NaN);
  const buckets = allBuckets(histogram);
  const hasNan = Number.isNaN(histogram.sum);
  // From the nearer end, unless what is missing there are NaNs.
  const forward = hasNan || q < 0.5;
  let rank = (forward ? q : 1 - q) * histogram.count;
  let count = 0;
  let at = forward ? -1 : buckets.length;
  const step = forward ? 1 : -1;
  let found: Bucket | undefined;
  while (at + step >= 0 && at + step < buckets.length) {
    at += step;
    found = buckets[at]!;
    count += found.count;
    if (count >= rank) break;
  }
  if (found === undefined) return figure(Number.NaN, hasNan ? 'result' : 'none');
  const custom = usesCustomBounds(histogram);
  let { lower, upper } = custom ? found : narrowedZero(found, histogram);
  if (custom && lower === Number.NEGATIVE_INFINITY) {
    if (upper <= 0) return figure(upper);
    lower = 0;
  } else if (custom && upper === Number.POSITIVE_INFINITY) {
    return figure(lower);
  }
  count = Math.min(count, histogram.count);
  if (count < rank) return hasNan ? figure(Number.NaN, 'result') : figure(upper);
  rank = forward ? rank - (count - found.count) : count - rank;
  let nan: NativeFigure['nan'] = 'none';
  if (hasNan) {
    let total = count;
    for (const bucket of buckets.slice(at + 1)) total += bucket.count;
    if (total < histogram.count) nan = 'skewed';
  }
  const fraction = rank / found.count;
  if (custom || (lower <= 0 && upper >= 0)) return figure(lower + (upper - lower) * fraction, nan);
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return figure(2 ** (logLower + (logUpper - logLower) * fraction), nan);
  return figure(-(2 ** (logUpper + (logLower - logUpper) * (1 - fraction))), nan);
}

/** The share of observations between two values. */
export function nativeFraction(lower: number, upper: number, histogram: NativeHistogram): NativeFigure {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return figure(Number.NaN);
  if (lower >= upper) return figure(0);
  const buckets = allBuckets(histogram);
  let count = histogram.count;
  let nan: NativeFigure['nan'] = 'none';
  if (Number.isNaN(histogram.sum)) {
    count = buckets.reduce((total, bucket) => total + bucket.count, 0);
    if (count < histogram.count) nan = 'excluded';
  }
  const share = (rankOf(upper, buckets, histogram, count) - rankOf(lower, buckets, histogram, count)) / histogram.count;
  return figure(share, nan);
}

function rankOf(value: number, buckets: readonly Bucket[], histogram: NativeHistogram, count: number): number {
  const custom = usesCustomBounds(histogram);
  let rank = 0;
  for (const bucket of buckets) {
    const { lower, upper } = narrowedZero(bucket, histogram);
    if (lower >= value) return Math.min(rank, count);
    if (upper > value) {
      const linear = custom || (bucket.lower <= 0 && bucket.upper >= 0);
      const inside =
        lower === Number.NEGATIVE_INFINITY
          ? bucket.count
          : rank + bucket.count * fractionBelow(value, lower, upper, linear);
      return Math.min(inside, count);
    }
    rank += bucket.count;
  }
  return count;
}

/** The part of a bucket below a value in it. */
export function fractionBelow(value: number, lower: number, upper: number, linear: boolean): number {
  if (upper === Number.POSITIVE_INFINITY) return 0;
  if (linear) return (value - lower) / (upper - lower);
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  const logValue = Math.log2(Math.abs(value));
  return value > 0 ? (logValue - logLower) / (logUpper - logLower) : 1 - (logValue - logUpper) / (logLower - logUpper);
}

/** Of the zero bucket only the half where the histogram has other buckets. */
function narrowedZero(bucket: Bucket, { negative, positive }: NativeHistogram): { lower: number; upper: number } {
  const { lower, upper } = bucket;
  if (!(lower <= 0 && upper >= 0)) return { lower, upper };
  if (negative.indexes.length === 0 && positive.indexes.length > 0) return { lower: 0, upper };
  if (positive.indexes.length === 0 && negative.indexes.length > 0) return { lower, upper: 0 };
  return { lower, upper };
}

/** The variance, with each observation in the middle of its bucket. */
export function nativeVariance(histogram: NativeHistogram): number {
  const mean = histogram.sum / histogram.count;
  const variance = new KahanSum();
  for (const { lower, upper, count } of allBuckets(histogram)) {
    let value = 0;
    if (usesCustomBounds(histogram)) value = (upper + lower) / 2;
    else if (!(lower <= 0 && upper >= 0)) value = Math.sqrt(upper * lower) * (upper < 0 ? -1 : 1);
    variance.add(count * (value - mean) ** 2);
  }
  return (variance.sum + variance.lost) / histogram.count;
}
