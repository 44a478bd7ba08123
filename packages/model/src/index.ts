export type { Attributes, AttributeValue, VedettaSpanKind } from './attributes.js';
export { VEDETTA_ATTRIBUTES, VEDETTA_SPAN_KINDS } from './attributes.js';
export type { BilledUnits, UnitCount, UnitRecord } from './billed-units.js';
export { isBilledByUnits, readUnits, toUnitRecord, UNIT_NAMES } from './billed-units.js';
export type { CallCost, CostSource } from './cost.js';
export { errorFingerprint } from './error-fingerprint.js';
export type { FilterField, FilterNode, FilterOperator } from './filter.js';
export { FILTER_FIELDS } from './filter.js';
export { foldFinishReason } from './finish-reason.js';
export type { GenAiFacts } from './gen-ai.js';
export { GEN_AI_OPERATIONS, LLM_CALL_OPERATIONS } from './gen-ai.js';
export { withoutHalfWord } from './half-word.js';
export { isSpanId, isTraceId } from './ids.js';
export { MAX_JSON_DEPTH, nestsDeeperThan } from './json-depth.js';
export type { LlmCallRow } from './llm-call.js';
export type { GenericPart, Message, MessagePart } from './message.js';
export { answerText, cutText, lastUserText, PREVIEW_CODE_POINTS } from './message-text.js';
export type { HistogramBuckets, HistogramResetHint, NativeHistogram } from './native-histogram.js';
export { CUSTOM_BUCKETS_SCHEMA, MAX_EXPONENTIAL_SCHEMA, MIN_EXPONENTIAL_SCHEMA } from './native-histogram.js';
export type { CustomEventRow, PhaseRow, RequestRow, RequestStatus, ScoreRow } from './request.js';
export { KNOWN_PHASES, MODALITIES, REQUEST_STATUSES } from './request.js';
export type {
  RawSpan,
  ScoreFacts,
  Span,
  SpanEvent,
  SpanFacts,
  SpanKind,
  SpanLink,
  SpanOrigin,
  SpanStatusCode,
} from './span.js';
export type { TimeRange } from './time.js';
export { msToUnixNano, unixNanoToIso, unixNanoToMs } from './time.js';
export type { Usage, UsageSource } from './usage.js';
