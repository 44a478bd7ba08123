export type { ComputedMetric } from './computed.js';
export { computedCounter, computedGauge } from './computed.js';
export type { Counter } from './counter.js';
export type { Gauge } from './gauge.js';
export type { Histogram } from './histogram.js';
export { DURATION_BOUNDS_SECONDS } from './histogram.js';
export type {
  CollectedFamily,
  CollectedSeries,
  Collector,
  MetricDescription,
  MetricKind,
  SampledExemplar,
} from './metric-family.js';
export type { MetricOptions } from './registry.js';
export { MetricRegistry } from './registry.js';
export { RecentNames, SlidingSums } from './sliding-window.js';
export type { TextFormat } from './write-text.js';
export { CONTENT_TYPES, chooseFormat, escapeLabelValue, writeText, writeTextParts } from './write-text.js';
