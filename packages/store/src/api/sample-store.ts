import type { NativeHistogram } from '@vedetta/model';
import type { LabelMatcher, Labels } from '../samples/labels.js';
import type { SampleColumns } from '../samples/sample-chunk.js';

/**
 * Metric samples: series of numbers and native histograms by labels, in the meaning of Prometheus. Per series time only grows;
 * what comes late is counted and not taken. A series may change between numbers and histograms.
 */
export interface SampleStore {
  /**
   * Stores samples. Resolves after they are durable, never before. Writes of many callers are forced to the disk together. A
   * sample that is there already with the same value is counted as duplicate and changes nothing.
   *
   * Hand in the same `Labels` object for the same series again where that is easy: it is found without comparing labels.
   */
  write(samples: readonly SeriesSamples[]): Promise<SampleWriteOutcome>;
  /** Stores samples as {@link write} does, without an object a series: for many that have a sample or two each. */
  writeRows(rows: SampleRows): Promise<SampleWriteOutcome>;
  /**
   * Stores samples as {@link writeRows} does, of series that the caller knows by numbers of its own: those that were there before are
   * not looked up. The columns are read before it returns. Writes the series from `from` to before `to` only, when they are given.
   */
  writeNumbered(rows: NumberedRows, from?: number, to?: number): Promise<SampleWriteOutcome>;
  /** Samples of all series that the matchers let pass, with a time from `fromMs` to `toMs`, both inclusive; series without any are left out. */
  select(
    matchers: readonly LabelMatcher[],
    range: SampleRange,
    limits: SelectLimits,
    hints?: SampleHints,
  ): Promise<SelectOutcome>;
  /** Labels of the series that the matchers let pass. They may have no samples in a given time. In no order. */
  series(matchers: readonly LabelMatcher[], limit: number): readonly Labels[];
  /**
   * As {@link series}, but of those only that have samples in the given time, to a chunk's length: two hours at most where they
   * were not thinned out.
   */
  seriesWithin(matchers: readonly LabelMatcher[], range: SampleRange, limit: number): Promise<readonly Labels[]>;
  /** Names of all labels, of the series that the matchers let pass; sorted. */
  labelNames(matchers: readonly LabelMatcher[]): readonly string[];
  /** Values of a label, of the series that the matchers let pass; sorted. */
  labelValues(name: string, matchers: readonly LabelMatcher[]): readonly string[];
  /** Where the most series and values are; each list has `limit` members at most. Looks at every pair of label and value. */
  cardinality(limit: number): SampleCardinality;
  state(): SampleStoreState;
  /**
   * Deletes chunks that end before the given time, and series that have nothing later. A chunk holds two hours at most, so that
   * samples may outlive the time by as much. Disk space is freed in the background.
   */
  deleteBefore(unixMs: number): Promise<DeletedSamples>;
  /**
   * Thins out samples that are old enough for a tier, block by block in small steps, each whole, between which writes go on.
   * Without tiers it does nothing. Running it again does the rest. Ends early, without an error, when the signal is aborted.
   */
  thinOut(signal?: AbortSignal): Promise<ThinnedCounts>;
  /** Stores what is recent among the chunks and begins the log anew. Done by itself when the log is long. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

/** What {@link SampleStore.deleteBefore} deleted. */
export interface DeletedSamples {
  readonly samples: number;
  /** Runs of samples of one series, as they are stored. */
  readonly chunks: number;
  /** Series of which nothing is left. */
  readonly series: number;
}

/**
 * Samples of one series, ascending by time. The end of histograms is a marker of staleness among the values. Of histograms that
 * are written `gauge` and `reset` are believed; what else is said of resets is found out from what is stored, and stated where
 * one is read.
 */
export interface SeriesSamples extends SampleColumns {
  readonly labels: Labels;
}

/** Samples of many series in columns. */
export interface SampleRows {
  /** As `SeriesSamples.labels`. */
  readonly series: readonly Labels[];
  /** For each series where its rows end; they lie together, ascending by time, in the order of the series. */
  readonly ends: ArrayLike<number>;
  /** Milliseconds since the epoch, one a row. */
  readonly timestampsMs: Float64Array;
  /** Every bit counts, as in {@link SeriesSamples}. Where there is a histogram the value is not looked at. */
  readonly values: Float64Array;
  /** One a row, `undefined` where the sample is a number; absent where all are. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** As {@link SampleRows}, of series that are numbers: the same number is the same series as long as `known` is the same object. */
export interface NumberedRows extends Omit<SampleRows, 'series'> {
  readonly series: Uint32Array;
  readonly known: NumberedSeries;
}

/** What series the numbers of a caller are. For one store only. */
export interface NumberedSeries {
  /** Of each number, -1 at first: the store keeps its own id of the series here. */
  readonly ids: Int32Array;
  labelsOf(series: number): Labels;
}

/** What samples are asked for; of thinned ones it decides which are answered. Without hints those that were kept. */
export interface SampleHints {
  /** Of a range selector, 0 when the value at a time is asked for. */
  readonly rangeMs: number;
  /** The PromQL function around the selector, `''` where there is none. */
  readonly functionName: string;
  /**
   * The only times that are asked about, in whole milliseconds: at each the newest sample there is, or, where `rangeMs` is not 0, those
   * from so long before it on. Others may be left out, and do not count as read then.
   */
  readonly times?: { readonly firstMs: number; readonly stepMs: number; readonly count: number };
}

/** Samples older than the age are thinned out to windows; see ADR 13. */
export interface SampleTier {
  readonly ageMs: number;
  readonly windowMs: number;
}

/** What {@link SampleStore.thinOut} did. */
export interface ThinnedCounts {
  readonly samplesBefore: number;
  readonly samplesAfter: number;
}

/** Milliseconds since the epoch, both inclusive. */
export interface SampleRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How much a question may read. A native histogram counts as seven samples, and one more for every two buckets. */
export interface SelectLimits {
  readonly maxSeries: number;
  readonly maxSamples: number;
}

export type SelectOutcome =
  | { readonly kind: 'series'; readonly series: readonly SeriesSamples[] }
  /** It would read more than allowed. */
  | { readonly kind: 'too_large'; readonly message: string };

/** Why samples were not taken. */
export const SAMPLE_REJECTIONS = [
  'out_of_order',
  'too_old',
  'too_far_ahead',
  'series_limit',
  'metric_series_limit',
  'label_limit',
  'bucket_limit',
  'invalid_histogram',
] as const;
export type SampleRejection = (typeof SAMPLE_REJECTIONS)[number];

export type SampleWriteOutcome =
  | {
      readonly kind: 'stored';
      readonly stored: number;
      readonly duplicate: number;
      /** How many of those that are stored or duplicates are native histograms. */
      readonly histograms: number;
      /** Samples that can never be taken, by reason; the rest is stored. */
      readonly rejected: { readonly [Reason in SampleRejection]?: number };
      /** A sentence about the first one that was not taken, with its name; `''` when all were. */
      readonly message: string;
    }
  /** Too much waits for the disk: nothing was taken, the sender may retry. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  /** The disk refused: nothing is acknowledged, a retry is safe. */
  | { readonly kind: 'failed'; readonly message: string };

/** How often something is there. */
export interface CountByName {
  readonly name: string;
  readonly count: number;
}

/** Where the most series and values are; the largest first. */
export interface SeriesCardinality {
  /** Pairs of label and value. */
  readonly labelPairs: number;
  readonly seriesByMetric: readonly CountByName[];
  readonly valuesByLabel: readonly CountByName[];
  /** Length of all values of a label, in UTF-16 code units. */
  readonly bytesByLabel: readonly CountByName[];
  /** Named `label=value`. */
  readonly seriesByPair: readonly CountByName[];
}

/** What is in memory: runs of samples, and the time they are of, in milliseconds since the epoch; absent while there is none. */
export interface HeadMemory {
  readonly chunks: number;
  readonly firstMs?: number;
  readonly lastMs?: number;
}

export interface SampleCardinality extends SeriesCardinality {
  readonly head: HeadMemory;
}

/** How the store is; totals count from its opening. */
export interface SampleStoreState {
  readonly series: number;
  readonly samplesTotal: number;
  readonly duplicatesTotal: number;
  readonly rejectedTotal: { readonly [Reason in SampleRejection]: number };
  /** Length of the log that the next start has to read. */
  readonly logBytes: number;
  /** Packed samples in memory. */
  readonly headBytes: number;
  /** What keeps samples from being taken, or stored for good, until it passes: a full disk. `undefined` while all is well. */
  readonly problem: string | undefined;
  /** The log or the table failed for good: every further write fails, and the process should be started again. */
  readonly fatalError: string | undefined;
}
