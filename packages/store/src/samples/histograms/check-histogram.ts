import type { HistogramBuckets, NativeHistogram } from '@vedetta/model';
import { CUSTOM_BUCKETS_SCHEMA, MAX_EXPONENTIAL_SCHEMA, MIN_EXPONENTIAL_SCHEMA } from '@vedetta/model';

const MAX_INDEX = 2 ** 31;

/** What is wrong with a histogram, as the end of a sentence; `''` when it can be stored. As Prometheus checks float histograms. */
export function problemOfHistogram(histogram: NativeHistogram): string {
  const { schema, zeroThreshold, zeroCount, count, positive, negative, customBounds } = histogram;
  if (count < 0 || zeroCount < 0) return 'has a negative count';
  const ofBuckets = problemOfBuckets(positive) || problemOfBuckets(negative);
  if (ofBuckets !== '') return ofBuckets;
  if (schema === CUSTOM_BUCKETS_SCHEMA) return problemOfCustom(histogram, customBounds);
  if (!(Number.isInteger(schema) && schema >= MIN_EXPONENTIAL_SCHEMA && schema <= MAX_EXPONENTIAL_SCHEMA)) {
    return `has the schema ${schema}, which is none`;
  }
  if (customBounds !== undefined) return 'has listed boundaries and an exponential schema';
  return zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY ? '' : 'has a zero bucket without a width';
}

/** Buckets and boundaries that a histogram takes memory for. */
export function sizeOfHistogram({ positive, negative, customBounds }: NativeHistogram): number {
  return positive.indexes.length + negative.indexes.length + (customBounds?.length ?? 0);
}

function problemOfBuckets({ indexes, counts }: HistogramBuckets): string {
  if (indexes.length !== counts.length) return `has ${indexes.length} buckets and ${counts.length} counts`;
  let before = -MAX_INDEX - 1;
  for (let i = 0; i < indexes.length; i += 1) {
    const index = indexes[i] as number;
    if (!(Number.isInteger(index) && index > before && index < MAX_INDEX)) return 'has buckets that do not ascend';
    if ((counts[i] as number) < 0) return 'has a negative count';
    before = index;
  }
  return '';
}

function problemOfCustom(
  { zeroThreshold, zeroCount, positive, negative }: NativeHistogram,
  bounds: readonly number[] | undefined,
): string {
  if (bounds === undefined) return 'has no boundaries';
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bounds.length; i += 1) {
    const bound = bounds[i] as number;
    if (!(bound > before && bound < Number.POSITIVE_INFINITY)) return 'has boundaries that do not ascend';
    before = bound;
  }
  if (zeroCount !== 0 || zeroThreshold !== 0) return 'has listed boundaries and a zero bucket';
  if (negative.indexes.length > 0) return 'has listed boundaries and negative buckets';
  const [first = 0, last = 0] = [positive.indexes[0], positive.indexes.at(-1)];
  return first >= 0 && last <= bounds.length ? '' : 'has more buckets than boundaries';
}
