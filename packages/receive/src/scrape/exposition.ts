/** A name and a value; names are unique within one set, values may be empty. */
export type Label = readonly [name: string, value: string];

/** Kinds of metric families in both text formats; `untyped` is the classic format's word for `unknown`. */
export const METRIC_TYPES = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

/** A measurement that stands for many, mostly with the trace it comes from. */
export interface Exemplar {
  readonly labels: readonly Label[];
  readonly value: number;
  /** Milliseconds since the epoch; `undefined` when the target did not say. */
  readonly timestampMs: number | undefined;
}

/** One line of a page. */
export interface ScrapedSample {
  /** With its suffix: `http_requests_total`, `latency_seconds_bucket`. */
  readonly name: string;
  /** In the order of the page, without the name. */
  readonly labels: readonly Label[];
  readonly value: number;
  /** Milliseconds since the epoch; `undefined` for most targets: the time of the scrape counts. */
  readonly timestampMs: number | undefined;
  readonly exemplar: Exemplar | undefined;
}

/** What a page says of a family of series. */
export interface MetricFamily {
  /** Without a suffix in OpenMetrics; as the samples have it in the classic format. */
  readonly name: string;
  type: MetricType;
  help: string;
  unit: string;
}

/** `text` is the classic format (version 0.0.4, or 1.0.0 with quoted names); `openmetrics` version 0.0.1 and 1.0.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** How much of a page is taken. */
export interface ExpositionLimits {
  readonly maxSamples: number;
  readonly maxLabels: number;
  /** In UTF-16 code units, of a name or of a label's value. */
  readonly maxTextLength: number;
}

export const DEFAULT_EXPOSITION_LIMITS: ExpositionLimits = {
  maxSamples: 1_000_000,
  maxLabels: 128,
  maxTextLength: 65_536,
};

/** A page read whole, or the first line that makes it unreadable: half a page is no page. */
export type Exposition =
  | { readonly kind: 'parsed'; readonly families: readonly MetricFamily[]; readonly samples: readonly ScrapedSample[] }
  | {
      readonly kind: 'invalid';
      /** From 1 on. */
      readonly line: number;
      readonly message: string;
    };

/** What is wrong with a line. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}
