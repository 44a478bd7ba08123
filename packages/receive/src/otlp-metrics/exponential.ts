import type { Buckets, Point } from './point.js';

const MAX_BUCKETS = 160;
/** The whole range of a double is one bucket on each side long before. */
const MIN_SCALE = -11;

/** Upper bounds and how many observations are in each bucket, ascending; what is above the last is left to `+Inf`. */
export interface ClassicBuckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** An exponential histogram's buckets at their own boundaries, made coarser until there are at most 160. */
export function toClassic(point: Point): ClassicBuckets {
  let { positive, negative, scale } = point;
  while (positive.counts.length + negative.counts.length > MAX_BUCKETS && scale > MIN_SCALE) {
    positive = halve(positive);
    negative = halve(negative);
    scale -= 1;
  }
  const bounds: number[] = [];
  const counts: number[] = [];
  const add = (bound: number, count: number): void => {
    const last = bounds.length - 1;
    // Beyond the range of a double boundaries fall together.
    if (last >= 0 && bound <= (bounds[last] as number)) counts[last] = (counts[last] as number) + count;
    else if (bound !== Number.POSITIVE_INFINITY) {
      bounds.push(bound);
      counts.push(count);
    }
  };
  for (let i = negative.counts.length - 1; i >= 0; i -= 1) {
    add(-boundary(negative.offset + i, scale), negative.counts[i] as number);
  }
  if (point.zeroCount > 0 || point.zeroThreshold > 0 || negative.counts.length > 0)
    add(point.zeroThreshold, point.zeroCount);
  for (const [i, count] of positive.counts.entries()) add(boundary(positive.offset + i + 1, scale), count);
  return { bounds, counts };
}

/** Adds the buckets of two histograms at the coarser of their scales; `undefined` when they are too far apart to be held. */
export function addExponential(a: Point, b: Point, maxBuckets: number): Point | undefined {
  let [left, right] = [a, b];
  while (left.scale > right.scale) left = coarser(left);
  while (right.scale > left.scale) right = coarser(right);
  for (;;) {
    const positive = merge(left.positive, right.positive, maxBuckets);
    const negative = merge(left.negative, right.negative, maxBuckets);
    if (positive !== undefined && negative !== undefined) {
      const zeroThreshold = Math.max(a.zeroThreshold, b.zeroThreshold);
      return { ...right, positive, negative, zeroThreshold, zeroCount: a.zeroCount + b.zeroCount };
    }
    if (left.scale <= MIN_SCALE) return undefined;
    left = coarser(left);
    right = coarser(right);
  }
}

/** `2^(index * 2^-scale)`, exact where it is a power of two. */
function boundary(index: number, scale: number): number {
  return 2 ** (index * 2 ** -scale);
}

function coarser(point: Point): Point {
  return { ...point, scale: point.scale - 1, positive: halve(point.positive), negative: halve(point.negative) };
}

function halve({ offset, counts }: Buckets): Buckets {
  if (counts.length === 0) return { offset: 0, counts };
  const first = Math.floor(offset / 2);
  const halved = new Array<number>(Math.floor((offset + counts.length - 1) / 2) - first + 1).fill(0);
  for (const [i, count] of counts.entries()) {
    const at = Math.floor((offset + i) / 2) - first;
    halved[at] = (halved[at] as number) + count;
  }
  return { offset: first, counts: halved };
}

function merge(a: Buckets, b: Buckets, maxBuckets: number): Buckets | undefined {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const offset = Math.min(a.offset, b.offset);
  const length = Math.max(a.offset + a.counts.length, b.offset + b.counts.length) - offset;
  if (length > maxBuckets) return undefined;
  const counts = new Array<number>(length).fill(0);
  for (const side of [a, b]) {
    for (const [i, count] of side.counts.entries()) {
      const at = side.offset - offset + i;
      counts[at] = (counts[at] as number) + count;
    }
  }
  return { offset, counts };
}
