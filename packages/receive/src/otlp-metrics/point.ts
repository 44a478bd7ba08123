import type { AttributeBag } from '../otlp/attribute-bag.js';

/** What kind of data a metric holds. */
export type PointKind = 'gauge' | 'sum' | 'histogram' | 'exponential' | 'summary';

/** Counts of an exponential histogram's buckets: `counts[i]` is of the bucket with the index `offset + i`. */
export interface Buckets {
  offset: number;
  counts: readonly number[];
}

/** A measurement that stands for others of its point; ids are hex, `''` when there is none, and not checked yet. */
export interface PointExemplar {
  traceId: string;
  spanId: string;
  /** 0 when it was not stated. */
  timeMs: number;
  /** `undefined` when none was stated. */
  value: number | undefined;
  /** Those that its point does not have. */
  attributes: AttributeBag;
}

/** A data point of any kind; what its kind does not have stays as {@link createPoint} makes it. */
export interface Point {
  attributes: AttributeBag;
  startMs: number;
  /** 0 when it was not stated. */
  timeMs: number;
  flags: number;
  /** `undefined` when none was stated. */
  value: number | undefined;
  count: number;
  sum: number | undefined;
  bounds: readonly number[];
  counts: readonly number[];
  scale: number;
  zeroCount: number;
  zeroThreshold: number;
  positive: Buckets;
  negative: Buckets;
  quantiles: readonly (readonly [quantile: number, value: number])[];
  exemplars: readonly PointExemplar[];
}

/** A metric of one resource with its points. */
export interface Metric {
  readonly resource: AttributeBag;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: PointKind;
  /** 1 delta, 2 cumulative. */
  readonly temporality: number;
  readonly monotonic: boolean;
  readonly points: readonly Point[];
}

/** Bit of {@link Point.flags}: the series has no value any more. */
export const NO_RECORDED_VALUE = 1;

const NONE: readonly never[] = [];
export const NO_EXEMPLARS: readonly PointExemplar[] = NONE;
const NO_BUCKETS: Buckets = { offset: 0, counts: NONE };

export function createPoint(attributes: AttributeBag): Point {
  return {
    attributes,
    startMs: 0,
    timeMs: 0,
    flags: 0,
    value: undefined,
    count: 0,
    sum: undefined,
    bounds: NONE,
    counts: NONE,
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    quantiles: NONE,
    exemplars: NONE,
  };
}
