import type { Attributes, VedettaSpanKind } from './attributes.js';
import type { GenAiFacts } from './gen-ai.js';

/** OpenTelemetry's SpanKind by its wire number: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
export type SpanKind = 0 | 1 | 2 | 3 | 4 | 5;

/** OpenTelemetry's status code by its wire number: 0 unset, 1 ok, 2 error. */
export type SpanStatusCode = 0 | 1 | 2;

/** A named moment inside a span. */
export interface SpanEvent {
  readonly name: string;
  readonly timeUnixNano: bigint;
  readonly attributes: Attributes;
}

/** A reference from one span to another, possibly in another trace. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** Who sent a span. One object is shared by all spans of one OTLP envelope: compare and serialise it by reference. */
export interface SpanOrigin {
  /** `service.name` of the resource, or `unknown_service`. */
  readonly serviceName: string;
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
}

/**
 * One timed operation as it was received, before normalisation: ids are lower-case hex, times are nanoseconds since the
 * epoch, attributes are the sender's own.
 */
export interface RawSpan {
  /** 32 hex digits, not all zero. */
  traceId: string;
  /** 16 hex digits, not all zero. */
  spanId: string;
  /** 16 hex digits, or `''` for a root. */
  parentSpanId: string;
  name: string;
  kind: SpanKind;
  startUnixNano: bigint;
  /** `0n` while the span runs (an announcement). Never less than the start otherwise: decoders clamp and flag it. */
  endUnixNano: bigint;
  statusCode: SpanStatusCode;
  statusMessage: string;
  attributes: Attributes;
  events: readonly SpanEvent[];
  links: readonly SpanLink[];
  origin: SpanOrigin;
}

/** Facts that Vedetta's own attributes and the general conventions state about a span, whatever its dialect. */
export interface SpanFacts {
  /** What the SDK says the span is; `undefined` for spans of other senders. */
  readonly vedettaKind?: VedettaSpanKind;
  /** Id of the request the span belongs to, when the sender states it. */
  readonly requestId?: string;
  readonly currentPhase?: string;
  /** `timeout` or `cancelled` when the sender states it, or the error says so. */
  readonly state?: 'timeout' | 'cancelled';
  readonly modality?: string;
  readonly stream?: boolean;
  readonly requestSizeBytes?: number;
  readonly responseSizeBytes?: number;
  /** JSON text of an object. */
  readonly customData?: string;
  /** JSON text: metadata of a phase, data of an event. */
  readonly data?: string;
  readonly userId?: string;
  /** The conversation, session or thread the span belongs to. */
  readonly sessionId?: string;
  readonly tags?: readonly string[];
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** A score given to a request; only with `vedettaKind: 'score'`. */
  readonly score?: ScoreFacts;
}

/** What a score span states. */
export interface ScoreFacts {
  readonly name: string;
  readonly value?: number;
  readonly label?: string;
  readonly comment?: string;
}

/** A span ready to be stored: the original beside what the normalisation rules found in it. */
export interface Span extends RawSpan {
  facts: SpanFacts;
  /** `undefined` when the span is no GenAI operation. */
  genAi: GenAiFacts | undefined;
}
