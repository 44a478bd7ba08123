export type { KeyClass } from './limit/content-key.js';
export { classifyKey } from './limit/content-key.js';
export type { DecodeLimits } from './limit/decode-limits.js';
export { DEFAULT_DECODE_LIMITS } from './limit/decode-limits.js';
export { normaliseSpans } from './normalise/normalise-spans.js';
export type { DecodeResult } from './otlp/decode-result.js';
export type { OtlpEncoding } from './otlp/decode-traces.js';
export { decodeTraces, decodeTracesInSlices } from './otlp/decode-traces.js';
export { encodeMetricsResponse, encodeStatus, encodeTraceResponse } from './otlp/encode-response.js';
export type { BodyOptions, BodyResult } from './otlp/read-body.js';
export { DEFAULT_MAX_BODY_BYTES, readBody } from './otlp/read-body.js';
export type { MetricLimits } from './otlp-metrics/metric-collector.js';
export { DEFAULT_METRIC_LIMITS } from './otlp-metrics/metric-collector.js';
export { MetricsDecoder } from './otlp-metrics/metrics-decoder.js';
export type { SeriesLabels } from './otlp-metrics/series-cache.js';
export type {
  MetricsResult,
  PushedExemplar,
  PushedMetadata,
  TranslatedBatch,
  TranslatedRows,
} from './otlp-metrics/translated.js';
export type { ContentMode, ContentPolicy, SecretPattern } from './redact/content-policy.js';
export { CONTENT_MODES, DEFAULT_CONTENT_POLICY } from './redact/content-policy.js';
export type { RedactReport } from './redact/redact-spans.js';
export { previewRedaction, redactIdentity, redactSpans } from './redact/redact-spans.js';
export type { KnownSeries, RemoteWriteResult, RemoteWriteRows, RemoteWriteVersion } from './remote-write/decoder.js';
export { RemoteWriteDecoder } from './remote-write/decoder.js';
export type { WrittenExemplar } from './remote-write/exemplars.js';
export type {
  Exemplar,
  Exposition,
  ExpositionFormat,
  ExpositionLimits,
  Label,
  MetricFamily,
  MetricType,
  ScrapedSample,
} from './scrape/exposition.js';
export { DEFAULT_EXPOSITION_LIMITS } from './scrape/exposition.js';
export { parseExposition } from './scrape/parse-exposition.js';
