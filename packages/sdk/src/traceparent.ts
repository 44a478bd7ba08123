import { isSpanId, isTraceId } from '@vedetta/model';

/** Where a request hangs: the trace it belongs to and the span that caused it. */
export interface ParentContext {
  readonly traceId: string;
  readonly spanId: string;
}

const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/**
 * Reads a W3C `traceparent`. `undefined` for anything invalid, as the specification asks: the sender's trace is then
 * ignored and a new one starts. Versions above 00 may carry more fields; version ff is forbidden.
 */
export function parseTraceparent(header: unknown): ParentContext | undefined {
  if (typeof header !== 'string' || header.length < 55 || header.length > 512) return undefined;
  const match = SHAPE.exec(header.trim());
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (!isTraceId(traceId) || !isSpanId(spanId)) return undefined;
  return { traceId, spanId };
}

/** A W3C `traceparent` of version 00 with the sampled flag. */
export function formatTraceparent(context: ParentContext): string {
  return `00-${context.traceId}-${context.spanId}-01`;
}
