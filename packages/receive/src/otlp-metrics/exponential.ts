import type { HistogramBuckets, NativeHistogram } from '@vedetta/model';
import { MAX_EXPONENTIAL_SCHEMA, MIN_EXPONENTIAL_SCHEMA } from '@vedetta/model';
import type { Buckets, Point } from './point.js';

/** Of histograms that state none, as in Prometheus' translation. */
const ZERO_THRESHOLD = 1e-128;

/** An exponential histogram as a native one: of a finer scale than a schema has, neighbouring buckets become one. */
export function toNative(point: Point): NativeHistogram {
  const { scale, zeroThreshold, zeroCount, count, sum, positive, negative } = point;
  const schema = Math.min(scale, MAX_EXPONENTIAL_SCHEMA);
  return {
    schema,
    zeroThreshold: zeroThreshold > 0 ? zeroThreshold : ZERO_THRESHOLD,
    zeroCount,
    count,
    sum: sum ?? 0,
    positive: toSparse(positive, scale - schema),
    negative: toSparse(negative, scale - schema),
    customBounds: undefined,
    // What is cumulative may have been restarted, and differences are added up since the start of this process.
    resetHint: 'unknown',
  };
}

/** Indexes are one more: a bucket's is that of its upper boundary there, of its lower one here. */
function toSparse({ offset, counts }: Buckets, steps: number): HistogramBuckets {
  const sparse = { indexes: [] as number[], counts: [] as number[] };
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    if (count === 0) continue;
    const index = Math.floor((offset + i) / 2 ** steps) + 1;
    const last = sparse.indexes.length - 1;
    if (sparse.indexes[last] === index) sparse.counts[last] = (sparse.counts[last] as number) + count;
    else {
      sparse.indexes.push(index);
      sparse.counts.push(count);
    }
  }
  return sparse;
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
    if (left.scale <= MIN_EXPONENTIAL_SCHEMA) return undefined;
    left = coarser(left);
    right = coarser(right);
  }
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
