import type { NativeHistogram } from '@vedetta/model';
import { MIN_EXPONENTIAL_SCHEMA } from '@vedetta/model';
import { toNative } from './exponential.js';
import type { Point, PointKind } from './point.js';

/** One sample that a point becomes: the suffix of the name, the label that is added, the value. */
export type AddSample = (
  suffix: string,
  label: readonly [string, string] | undefined,
  value: number | NativeHistogram,
) => void;

const MAX_SCALE = 20;

/** Why a point can never be stored; `''` when it can. */
export function problemOf(kind: PointKind, point: Point, stale: boolean): string {
  if (point.timeMs <= 0) return 'a data point has no time';
  if (stale) return '';
  if ((kind === 'gauge' || kind === 'sum') && point.value === undefined) return 'a data point has no value';
  if (kind === 'histogram') {
    const { bounds, counts } = point;
    if (counts.length !== bounds.length + 1 && (counts.length > 0 || bounds.length > 0)) {
      return 'a histogram must have one bucket more than boundaries';
    }
    for (let i = 0; i < bounds.length; i += 1) {
      if (Number.isNaN(bounds[i]) || (i > 0 && (bounds[i] as number) <= (bounds[i - 1] as number))) {
        return 'the boundaries of a histogram must ascend';
      }
    }
  }
  if (kind === 'exponential') {
    if (!(Number.isInteger(point.scale) && point.scale >= MIN_EXPONENTIAL_SCHEMA && point.scale <= MAX_SCALE)) {
      return `the scale of an exponential histogram must be from ${MIN_EXPONENTIAL_SCHEMA} to ${MAX_SCALE}`;
    }
    for (const { offset } of [point.positive, point.negative]) {
      if (!Number.isInteger(offset) || Math.abs(offset) > 2 ** 31)
        return 'the offset of buckets must be a 32-bit integer';
    }
    if (!(point.zeroThreshold >= 0)) return 'the zero threshold of an exponential histogram must not be negative';
    const total = sumOf(point.positive.counts) + sumOf(point.negative.counts) + point.zeroCount;
    // An observation that is NaN is counted, and in no bucket.
    if (total !== point.count && !(Number.isNaN(point.sum) && total < point.count)) {
      return 'the buckets of an exponential histogram do not add up to its count';
    }
  }
  return '';
}

function sumOf(counts: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) sum += counts[i] as number;
  return sum;
}

/** The samples of a point that has no problem: classic ones, of an exponential histogram one native histogram. */
export function toSamples(kind: PointKind, point: Point, add: AddSample): void {
  if (kind === 'gauge' || kind === 'sum') {
    add('', undefined, point.value ?? 0);
    return;
  }
  if (kind === 'exponential') {
    add('', undefined, toNative(point));
    return;
  }
  if (kind === 'summary') {
    for (const [quantile, value] of point.quantiles) add('', ['quantile', formatBound(quantile)], value);
  } else {
    const { bounds, counts } = point;
    let total = 0;
    for (const [i, bound] of bounds.entries()) {
      total += counts[i] ?? 0;
      if (bound !== Number.POSITIVE_INFINITY) add('_bucket', ['le', formatBound(bound)], total);
    }
    add('_bucket', ['le', '+Inf'], point.count);
  }
  if (kind === 'summary' || point.sum !== undefined) add('_sum', undefined, point.sum ?? 0);
  add('_count', undefined, point.count);
}

function formatBound(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  return bound === Number.NEGATIVE_INFINITY ? '-Inf' : String(bound === 0 ? 0 : bound);
}
