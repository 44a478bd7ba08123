import type { SampleRejection } from '../api/sample-store.js';
import type { Labels } from './labels.js';
import { METRIC_NAME } from './labels.js';
import type { SeriesIndex } from './series-index.js';

/** Bounds on what senders may make the store keep in memory. */
export interface SeriesLimits {
  readonly maxSeries: number;
  /** Of one metric name. */
  readonly maxSeriesPerMetric: number;
  readonly maxLabels: number;
  /** In UTF-16 code units. */
  readonly maxLabelNameLength: number;
  readonly maxLabelValueLength: number;
  /** Buckets and listed boundaries of one native histogram. */
  readonly maxHistogramBuckets: number;
}

export const DEFAULT_SERIES_LIMITS: SeriesLimits = {
  maxSeries: 1_000_000,
  maxSeriesPerMetric: 100_000,
  maxLabels: 64,
  maxLabelNameLength: 512,
  maxLabelValueLength: 2048,
  // SDKs keep 160 of each sign; the finest schema has so many for four powers of two.
  maxHistogramBuckets: 1024,
};

/** Why a new series is not taken. */
export interface Refusal {
  readonly reason: SampleRejection;
  readonly message: string;
}

/** Checks a series that is not there yet; `undefined` when it may be added. */
export function refuseSeries(labels: Labels, index: SeriesIndex, limits: SeriesLimits): Refusal | undefined {
  const metric = nameOf(labels);
  if (labels.length > limits.maxLabels) {
    return refusal('label_limit', `a series of ${metric} has ${labels.length} labels, ${limits.maxLabels} are allowed`);
  }
  for (const [name, value] of labels) {
    if (name.length > limits.maxLabelNameLength || value.length > limits.maxLabelValueLength) {
      return refusal(
        'label_limit',
        `the label ${cut(name)} of ${metric} is longer than allowed (${name.length} and ${value.length} characters)`,
      );
    }
  }
  if (index.size >= limits.maxSeries)
    return refusal(
      'series_limit',
      `there are ${index.size} series and no more are allowed; a new one of ${metric} was refused`,
    );
  const ofMetric = index.count(METRIC_NAME, metric);
  if (ofMetric >= limits.maxSeriesPerMetric) {
    return refusal('metric_series_limit', `${metric} has ${ofMetric} series and no more are allowed`);
  }
  return undefined;
}

/** The metric's name, for counts and messages; `''` when the series has none. */
export function nameOf(labels: Labels): string {
  for (const [name, value] of labels) if (name === METRIC_NAME) return cut(value);
  return '';
}

function refusal(reason: SampleRejection, message: string): Refusal {
  return { reason, message };
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
