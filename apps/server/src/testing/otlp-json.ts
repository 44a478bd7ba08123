import { randomBytes } from 'node:crypto';

/** One span for {@link otlpJson}; everything has a default. */
export interface TestSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  /** Milliseconds since the epoch. */
  readonly startMs?: number;
  readonly durationMs?: number;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly failed?: boolean;
}

/** An ExportTraceServiceRequest as OTLP/JSON. */
export function otlpJson(spans: readonly TestSpan[], serviceName = 'test'): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [attribute('service.name', serviceName)] },
        scopeSpans: [{ scope: { name: 'test' }, spans: spans.map(toOtlp) }],
      },
    ],
  });
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

function toOtlp(span: TestSpan): object {
  const startMs = span.startMs ?? Date.now();
  return {
    traceId: span.traceId ?? newTraceId(),
    spanId: span.spanId ?? randomBytes(8).toString('hex'),
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name ?? 'chat',
    kind: 3,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + (span.durationMs ?? 100)}000000`,
    attributes: Object.entries(span.attributes ?? {}).map(([key, value]) => attribute(key, value)),
    status: span.failed === true ? { code: 2, message: 'it failed' } : {},
  };
}

function attribute(key: string, value: string | number | boolean): object {
  if (typeof value === 'string') return { key, value: { stringValue: value } };
  if (typeof value === 'boolean') return { key, value: { boolValue: value } };
  return { key, value: Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
}

/** Attributes of a chat call. */
export function chat(model: string, inputTokens: number, outputTokens: number): Record<string, string | number> {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': model,
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
  };
}
