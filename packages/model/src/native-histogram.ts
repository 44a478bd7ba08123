/** Whether a counter began anew before a histogram, as far as is known; `gauge` where it counts nothing that only grows. */
export type HistogramResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';

/** Buckets of one sign, ascending by index, each index once; counts are not cumulative. */
export interface HistogramBuckets {
  readonly indexes: readonly number[];
  /** As many as there are indexes; 0 is a bucket that is there and counts nothing. */
  readonly counts: readonly number[];
}

/**
 * One sample of a native histogram as Prometheus specifies it: sparse buckets of an exponential schema, or with listed boundaries.
 * The bucket `i` of an exponential schema holds values above `2^((i - 1) * 2^-schema)` up to `2^(i * 2^-schema)`, a negative one
 * their mirror images. Counts may be fractions: Prometheus' integer and float histograms are the same here. Immutable. What PromQL makes
 * of histograms may count less than nothing; what is stored does not.
 */
export interface NativeHistogram {
  /** {@link MIN_EXPONENTIAL_SCHEMA} to {@link MAX_EXPONENTIAL_SCHEMA}, or {@link CUSTOM_BUCKETS_SCHEMA}. */
  readonly schema: number;
  /** Values up to so far from 0 are in the zero bucket; 0 where boundaries are listed. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Of all observations, those that are NaN and in no bucket included. */
  readonly count: number;
  readonly sum: number;
  readonly positive: HistogramBuckets;
  readonly negative: HistogramBuckets;
  /** Upper boundaries of a custom schema, ascending, without +Inf; bucket `i` ends at the `i`-th. `undefined` for exponential ones. */
  readonly customBounds: readonly number[] | undefined;
  readonly resetHint: HistogramResetHint;
}

export const MIN_EXPONENTIAL_SCHEMA = -4;
export const MAX_EXPONENTIAL_SCHEMA = 8;
/** The schema of buckets whose boundaries are listed. */
export const CUSTOM_BUCKETS_SCHEMA = -53;
