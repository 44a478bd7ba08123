/** A bucket of a classic histogram: how many observations were up to the boundary. */
export interface ClassicBucket {
  readonly bound: number;
  count: number;
}

export interface ClassicQuantile {
  readonly quantile: number;
  /** Counts that fell from bucket to bucket and were raised: the boundaries and the largest step. */
  readonly forced: { readonly minBound: number; readonly maxBound: number; readonly maxDifference: number } | undefined;
}

// Differences of this size come from rounding.
const TOLERANCE = 1e-12;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** The quantile by linear interpolation within a bucket. Changes the buckets. */
export function classicQuantile(q: number, unsorted: ClassicBucket[]): ClassicQuantile {
  const answer = (quantile: number): ClassicQuantile => ({ quantile, forced: undefined });
  if (Number.isNaN(q)) return answer(Number.NaN);
  if (q < 0) return answer(Number.NEGATIVE_INFINITY);
  if (q > 1) return answer(Number.POSITIVE_INFINITY);
  const sorted = unsorted.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
  if (sorted.at(-1)?.bound !== Number.POSITIVE_INFINITY) return answer(Number.NaN);
  const buckets = coalesce(sorted);
  const forced = makeMonotonic(buckets);
  const last = buckets.length - 1;
  const observations = buckets[last]!.count;
  if (buckets.length < 2 || observations === 0) return { quantile: Number.NaN, forced };
  let rank = q * observations;
  let at = 0;
  // Not found by halving: NaN counts compare as nothing, and the first bucket that is not below would differ.
  let high = last;
  while (at < high) {
    const middle = (at + high) >>> 1;
    if (buckets[middle]!.count >= rank) high = middle;
    else at = middle + 1;
  }
  if (at === last) return { quantile: buckets[last - 1]!.bound, forced };
  const bucket = buckets[at]!;
  if (at === 0 && bucket.bound <= 0) return { quantile: bucket.bound, forced };
  let start = 0;
  let { count } = bucket;
  if (at > 0) {
    const before = buckets[at - 1]!;
    start = before.bound;
    count -= before.count;
    rank -= before.count;
  }
  return { quantile: start + (bucket.bound - start) * (rank / count), forced };
}

/** The share of observations between two values, by linear interpolation within a bucket. */
export function classicFraction(lower: number, upper: number, unsorted: ClassicBucket[]): number {
  const sorted = unsorted.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
  if (sorted.at(-1)?.bound !== Number.POSITIVE_INFINITY) return Number.NaN;
  const buckets = coalesce(sorted);
  const total = buckets.at(-1)!.count;
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets, total) - rankOf(lower, buckets, total)) / total;
}

/** How many observations are below a value. */
function rankOf(value: number, buckets: readonly ClassicBucket[], total: number): number {
  let rank = 0;
  let start = buckets[0]!.bound <= 0 ? Number.NEGATIVE_INFINITY : 0;
  for (const { bound, count } of buckets) {
    if (start >= value) return Math.min(rank, total);
    if (bound > value) {
      // Within a bucket that begins nowhere nothing can be said: it counts whole.
      const inside =
        start === Number.NEGATIVE_INFINITY ? count : rank + ((count - rank) * (value - start)) / (bound - start);
      return Math.min(inside, total);
    }
    rank = count;
    start = bound;
  }
  return total;
}

function coalesce(sorted: readonly ClassicBucket[]): ClassicBucket[] {
  const buckets: ClassicBucket[] = [];
  for (const bucket of sorted) {
    const last = buckets.at(-1);
    if (last?.bound === bucket.bound) last.count += bucket.count;
    else buckets.push({ ...bucket });
  }
  return buckets;
}

function makeMonotonic(buckets: readonly ClassicBucket[]): ClassicQuantile['forced'] {
  let forced: ClassicQuantile['forced'];
  let previous = buckets[0]!.count;
  for (const bucket of buckets.slice(1)) {
    const { count, bound } = bucket;
    if (count === previous) continue;
    if (nearlyEqual(previous, count)) {
      bucket.count = previous;
    } else if (count < previous) {
      bucket.count = previous;
      forced = {
        minBound: Math.min(forced?.minBound ?? Number.POSITIVE_INFINITY, bound),
        maxBound: Math.max(forced?.maxBound ?? Number.NEGATIVE_INFINITY, bound),
        maxDifference: Math.max(forced?.maxDifference ?? 0, previous - count),
      };
    } else previous = count;
  }
  return forced;
}

/** Relative to the size of the numbers, absolute near zero. NaN equals nothing here. */
function nearlyEqual(a: number, b: number): boolean {
  const difference = Math.abs(a - b);
  const size = Math.abs(a) + Math.abs(b);
  if (a === 0 || b === 0 || size < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(size, Number.MAX_VALUE) < TOLERANCE;
}
