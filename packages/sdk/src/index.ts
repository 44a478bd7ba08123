export type { EndpointDecorator, EndpointOptions } from './integrations/track-endpoint.js';
export { trackEndpoint } from './integrations/track-endpoint.js';
export type { JsonlSinkOptions } from './jsonl-sink.js';
export { jsonlSink } from './jsonl-sink.js';
export type { LlmCall, LlmUsage } from './llm-call.js';
export type { LlmUnits } from './llm-units.js';
export type { MemorySink } from './memory-sink.js';
export { memorySink } from './memory-sink.js';
export type {
  AiRequestFacts,
  DatabaseOperationFacts,
  HttpRequestFacts,
  IndexingStatus,
  RagQueryFacts,
} from './metrics/facts.js';
export type { Counter, Gauge, Histogram, InstrumentOptions, LabelValues } from './metrics/instruments.js';
export type {
  ChatMessage,
  IndexedFile,
  Metrics,
  MetricsOptions,
  MetricsPage,
  MetricsPushOptions,
  MetricsStats,
  TimedAiRequest,
  TimedIndexingJob,
  TimedRagQuery,
} from './metrics/metrics.js';
export type { Timed, TimedOutcome } from './metrics/timed.js';
export type { ActiveRequest, Monitor, MonitorStats } from './monitor.js';
export { createMonitor } from './monitor.js';
export type { Log } from './notice.js';
export type { OpenTelemetryApi } from './open-telemetry.js';
export type { MonitorOptions } from './options.js';
export type { OtlpSinkOptions } from './otlp/otlp-options.js';
export { otlpSink } from './otlp/otlp-sink.js';
export type { ModelPerformance } from './recent-requests.js';
export type {
  IncomingHeaders,
  Phase,
  PhaseOutcome,
  RequestDetails,
  RequestOptions,
  RequestOutcome,
  Score,
  TrackedRequest,
} from './request.js';
export type { Sink, SinkContext, SinkStats } from './sink.js';
export type { NamedSinkStats } from './sink-group.js';
export type { SpanAttribute, SpanAttributeValue, SpanRecord, SpanRecordKind } from './span-record.js';
export { spanAttributes } from './span-record.js';
export type { Bottleneck, PhaseSummary, RequestSummary, TrackedStatus } from './summary.js';
export type { AiSdkCall, AiSdkMiddleware, AiSdkModelLike } from './wrappers/ai-sdk-middleware.js';
export { vedettaMiddleware } from './wrappers/ai-sdk-middleware.js';
export type { CallAnswer, CallFacts, CallPiece } from './wrappers/call-mapping.js';
export { track } from './wrappers/track.js';
export type { CallDecorator } from './wrappers/track-call.js';
export { trackCall } from './wrappers/track-call.js';
export type { TrackOptions } from './wrappers/track-options.js';
