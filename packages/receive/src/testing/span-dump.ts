import type { AttributeValue } from '@vedetta/model';
import type { OtlpRequest, OtlpSpan } from './otlp-request.js';
import { toKeyValues } from './otlp-request.js';

/** A finished span as the OpenTelemetry JS SDK's span objects print themselves: times as seconds and nanoseconds. */
export interface SpanDump {
  readonly name: string;
  readonly spanContext: { readonly traceId: string; readonly spanId: string };
  readonly parentSpanId?: string;
  readonly attributes: { readonly [key: string]: AttributeValue };
  readonly status: { readonly code: number; readonly message?: string };
  readonly startTime: readonly [seconds: number, nanos: number];
  readonly endTime: readonly [seconds: number, nanos: number];
}

/** Dumped spans of one scope as a request. */
export function fromSpanDumps(dumps: readonly SpanDump[], scopeName: string): OtlpRequest {
  return request(
    dumps.map((dump) => ({
      traceId: dump.spanContext.traceId,
      spanId: dump.spanContext.spanId,
      parentSpanId: dump.parentSpanId ?? '',
      name: dump.name,
      kind: 1,
      startTimeUnixNano: unixNano(dump.startTime),
      endTimeUnixNano: unixNano(dump.endTime),
      attributes: toKeyValues(dump.attributes),
      status: dump.status,
    })),
    scopeName,
  );
}

/** One span with nothing but attributes, and ids and times that stand for themselves. */
export function fromAttributes(
  attributes: { readonly [key: string]: AttributeValue },
  name = 'span',
  scopeName = 'test',
): OtlpRequest {
  return request(
    [
      {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        name,
        kind: 3,
        startTimeUnixNano: '1700000000000000000',
        endTimeUnixNano: '1700000000500000000',
        attributes: toKeyValues(attributes),
      },
    ],
    scopeName,
  );
}

function request(spans: readonly OtlpSpan[], scopeName: string): OtlpRequest {
  return {
    resourceSpans: [
      {
        resource: { attributes: toKeyValues({ 'service.name': 'demo' }) },
        scopeSpans: [{ scope: { name: scopeName, version: '1' }, spans }],
      },
    ],
  };
}

function unixNano([seconds, nanos]: readonly [number, number]): string {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}
