/** Kinds of metrics that are recorded here. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** What a metric is, whatever its series. */
export interface MetricDescription {
  /** Without a suffix that the text formats add: a counter is named `http_requests_total`, a histogram `http_request_duration_seconds`. */
  readonly name: string;
  readonly help: string;
  /** Names of the labels that each series has, in the order in which values are given. */
  readonly labels: readonly string[];
}

/** A measurement that stands for others of its series, mostly with the trace it comes from. */
export interface SampledExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampMs: number;
}

/** One series as it is now. */
export interface CollectedSeries {
  /** As many as the description has names. */
  readonly labelValues: readonly string[];
  /** Of a counter or gauge. */
  readonly value?: number;
  /** Of a histogram: observations up to each bound, not cumulative, the last without bound. */
  readonly bucketCounts?: readonly number[];
  readonly sum?: number;
  readonly count?: number;
  /** Of a counter one, of a histogram one a bucket; absent where there is none. */
  readonly exemplars?: readonly (SampledExemplar | undefined)[];
}

/** A metric with all its series as they are now. */
export interface CollectedFamily extends MetricDescription {
  readonly kind: MetricKind;
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly bounds?: readonly number[];
  readonly series: readonly CollectedSeries[];
}

/** Something that gives families when it is asked. */
export interface Collector {
  collect(): CollectedFamily | Promise<CollectedFamily>;
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Throws a RangeError that says what is wrong with a description. */
export function checkDescription({ name, labels }: MetricDescription): void {
  if (!METRIC_NAME.test(name)) throw new RangeError(`"${name}" is no name of a metric: use letters, digits, _ and :`);
  for (const label of labels) {
    if (!LABEL_NAME.test(label) || label.startsWith('__'))
      throw new RangeError(`"${label}" is no name of a label of ${name}`);
    if (label === 'le' || label === 'quantile')
      throw new RangeError(`the label "${label}" of ${name} is kept for histograms and summaries`);
  }
  if (new Set(labels).size !== labels.length) throw new RangeError(`${name} has a label twice`);
}
