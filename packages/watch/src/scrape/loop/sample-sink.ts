import type { LabelPairs } from '@vedetta/query';

/** One sample, or several ascending by time, of one series. */
export interface SinkSeries {
  /** The same object for the same series each time. */
  readonly labels: LabelPairs;
  readonly timestampsMs: Float64Array;
  /** Bit for bit: markers of staleness are NaNs of their own bits. */
  readonly values: Float64Array;
}

/** Where samples go. The store's `samples` is one. */
export interface SampleSink {
  /** Resolves when they are durable, or are known not to be. */
  write(series: readonly SinkSeries[]): Promise<SinkOutcome>;
}

export type SinkOutcome =
  | {
      readonly kind: 'stored';
      readonly stored: number;
      readonly duplicate: number;
      /** By reason. */
      readonly rejected: Readonly<Record<string, number | undefined>>;
      /** About the first that was rejected; `''` when none was. */
      readonly message: string;
    }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'failed'; readonly message: string };
