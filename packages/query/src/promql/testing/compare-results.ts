import type { ResultSeries } from '../engine.js';
import { CUSTOM_SCHEMA } from '../histogram/bucket-bounds.js';
import type { Buckets, NativeHistogram } from '../histogram/native-histogram.js';
import { compactBuckets } from '../histogram/native-histogram.js';
import type { NotatedValue } from './series-notation.js';

/** One sample of an answer. */
export interface ResultPoint {
  readonly timeMs: number;
  readonly value: number;
  readonly histogram: NativeHistogram | undefined;
}

export function pointsOf({ timestampsMs, values, histograms }: ResultSeries): ResultPoint[] {
  return Array.from(timestampsMs, (timeMs, i) => ({ timeMs, value: values[i]!, histogram: histograms?.[i] }));
}

const TOLERANCE = 1e-6;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Equal within the tolerance of Prometheus' own tests; NaN equals NaN. */
export function nearlyEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  const size = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || size < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(size, Number.MAX_VALUE) < TOLERANCE;
}

export function samePoint(expected: NotatedValue, point: ResultPoint | undefined): boolean {
  if (expected.kind === 'missing') return point === undefined;
  if (point === undefined) return false;
  if (expected.kind === 'number') return point.histogram === undefined && nearlyEqual(expected.value, point.value);
  if (expected.kind !== 'histogram' || point.histogram === undefined) return false;
  // A hint that the test does not name does not matter.
  const { resetHint } = expected.hintGiven ? expected.histogram : point.histogram;
  return sameHistogram({ ...expected.histogram, resetHint }, point.histogram);
}

export function sameHistogram(a: NativeHistogram, b: NativeHistogram): boolean {
  return (
    a.schema === b.schema &&
    nearlyEqual(a.count, b.count) &&
    nearlyEqual(a.sum, b.sum) &&
    (a.schema === CUSTOM_SCHEMA || nearlyEqual(a.zeroThreshold, b.zeroThreshold)) &&
    nearlyEqual(a.zeroCount, b.zeroCount) &&
    sameNumbers(a.customBounds ?? [], b.customBounds ?? []) &&
    sameBuckets(a.positive, b.positive) &&
    sameBuckets(a.negative, b.negative) &&
    a.resetHint === b.resetHint
  );
}

function sameBuckets(a: Buckets, b: Buckets): boolean {
  const [left, right] = [compactBuckets(a), compactBuckets(b)];
  return (
    left.indexes.length === right.indexes.length &&
    left.indexes.every((index, i) => index === right.indexes[i]) &&
    sameNumbers(left.counts, right.counts)
  );
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => nearlyEqual(value, b[i]!));
}

/** For messages. */
export function describePoint(point: ResultPoint | undefined): string {
  if (point === undefined) return '_';
  return point.histogram === undefined ? String(point.value) : JSON.stringify(point.histogram);
}
