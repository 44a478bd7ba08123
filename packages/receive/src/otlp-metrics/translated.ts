import type { NativeHistogram } from '@vedetta/model';
import type { SeriesLabels } from './series-cache.js';

/** Samples in columns, as the store takes them: `ends` says for each series where its rows end, ascending by time. */
export interface TranslatedRows {
  readonly series: readonly SeriesLabels[];
  readonly ends: readonly number[];
  /** Milliseconds since the epoch. */
  readonly timestampsMs: Float64Array;
  /** Every bit counts: the end of a series is a NaN of its own, 0x7ff0000000000002. */
  readonly values: Float64Array;
  /** Native histograms, one a row, `undefined` where the sample is a number; absent where all are. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** What a sender says of a metric, by its name in Prometheus. */
export interface PushedMetadata {
  readonly name: string;
  /** As Prometheus names it. */
  readonly type: 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';
  readonly help: string;
  /** As a word, such as `seconds`; `''` when it has none. */
  readonly unit: string;
}

/** A measurement that stands for others of the series it is counted in. */
export interface PushedExemplar {
  /** One of those in the rows. */
  readonly series: SeriesLabels;
  /** Sorted by name: `trace_id` and `span_id` in lower-case hex, then attributes as far as there is room. */
  readonly labels: SeriesLabels;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  /** It has the time of its point, having none of its own. */
  readonly borrowedTime?: boolean;
}

/** A body as series. `points` data points are in the rows, `rejected` more can never be stored, by reason. */
export interface TranslatedBatch {
  readonly rows: TranslatedRows;
  readonly points: number;
  readonly rejected: ReadonlyMap<string, number>;
  readonly metadata: readonly PushedMetadata[];
  /** Ascending by time; to be kept when the rows are stored. */
  readonly exemplars: readonly PushedExemplar[];
  /** Those without a value or bucket, and those over the limit of a body. */
  readonly droppedExemplars: number;
  /** To be called when the rows are stored: only then do differences count. */
  readonly commit: () => void;
}

/** What became of a body of metrics. `invalid`: nothing of it can be read; answer 400. */
export type MetricsResult =
  | {
      readonly kind: 'ok';
      /** It has differences: translate it only after every earlier body with some was committed or given up. */
      readonly hasDeltas: boolean;
      /** To be called once, or the next in its place. */
      readonly translate: () => TranslatedBatch;
      /** The same a few milliseconds at a time: go on with `next()` in a later turn of the event loop until it is `done`. */
      readonly translateInSlices: () => Generator<void, TranslatedBatch>;
    }
  | { readonly kind: 'invalid'; readonly message: string };
