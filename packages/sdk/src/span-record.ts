import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { RequestSummary } from './summary.js';

/** A value that the SDK writes on a span. */
export type SpanAttributeValue = string | number | boolean | readonly string[];

/** Name and value of an attribute. */
export type SpanAttribute = readonly [key: string, value: SpanAttributeValue];

/** What a recorded span is. `llm` is a call of a model; `event` and `score` have no length. */
export type SpanRecordKind = 'request' | 'phase' | 'llm' | 'event' | 'score';

/**
 * One recorded span as sinks receive it. Times are milliseconds since the epoch with a fraction. Records are shared
 * between sinks: read them, never change them.
 */
export interface SpanRecord {
  readonly kind: SpanRecordKind;
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits, unique to the record; an announcement and the end of its request share one. */
  readonly spanId: string;
  /** 16 lower-case hex digits, or `''`. */
  readonly parentSpanId: string;
  readonly name: string;
  /** `''` on an event that stands alone. */
  readonly requestId: string;
  readonly startUnixMs: number;
  /** 0 on the announcement of a request that still runs. */
  readonly endUnixMs: number;
  readonly success: boolean;
  /** `''` when there was no error. */
  readonly errorType: string;
  readonly errorMessage: string;
  /** JSON text: metadata of a phase, data of an event; `''` when none. */
  readonly data: string;
  /** Attributes beyond those that the other fields become. */
  readonly attributes: readonly SpanAttribute[];
  /** Only on a request that has ended. */
  readonly summary?: RequestSummary;
}

/** For records that have none: saves an array a span. */
export const NO_ATTRIBUTES: readonly SpanAttribute[] = [];

/**
 * Hands each attribute that a record has on the wire to `visit`, in a fixed order. The one place that knows which field
 * becomes which attribute.
 */
export function visitAttributes(span: SpanRecord, visit: (key: string, value: SpanAttributeValue) => void): void {
  if (span.kind !== 'llm') visit(VEDETTA_ATTRIBUTES.spanKind, span.kind);
  if (span.requestId !== '') visit(VEDETTA_ATTRIBUTES.requestId, span.requestId);
  if (span.endUnixMs === 0) visit(VEDETTA_ATTRIBUTES.running, true);
  if (span.data !== '') visit(VEDETTA_ATTRIBUTES.data, span.data);
  if (span.errorType !== '') visit('error.type', span.errorType);
  if (span.errorMessage !== '') visit(VEDETTA_ATTRIBUTES.errorMessage, span.errorMessage);
  for (const [key, value] of span.attributes) visit(key, value);
}

/** The attributes of a record by name, as they go over OTLP: for sinks of one's own. */
export function spanAttributes(span: SpanRecord): { readonly [key: string]: SpanAttributeValue } {
  const attributes: { [key: string]: SpanAttributeValue } = {};
  visitAttributes(span, (key, value) => {
    attributes[key] = value;
  });
  return attributes;
}
