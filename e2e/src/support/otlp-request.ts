import { randomBytes } from 'node:crypto';

type Value = string | number | boolean;

/** One request to send, with its phases one after the other. */
export interface OtlpRequest {
  readonly name?: string;
  readonly startUnixMs: number;
  /** `undefined` while it runs: an announcement. */
  readonly durationMs: number | undefined;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly phases?: readonly { readonly name: string; readonly durationMs: number }[];
  readonly attributes?: { readonly [key: string]: Value };
  readonly error?: { readonly type: string; readonly message: string };
  /** A model call inside the request. */
  readonly call?: { readonly [key: string]: Value };
}

/** Requests as an OTLP/JSON body. */
export function toOtlpJson(requests: readonly OtlpRequest[], serviceName = 'e2e'): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: toAttributes({ 'service.name': serviceName }) },
        scopeSpans: [{ scope: { name: 'e2e' }, spans: requests.flatMap(toSpans) }],
      },
    ],
  });
}

function toSpans(request: OtlpRequest): object[] {
  const traceId = request.traceId ?? randomBytes(16).toString('hex');
  const rootId = request.spanId ?? randomBytes(8).toString('hex');
  const { error, durationMs } = request;
  const root = {
    traceId,
    spanId: rootId,
    name: request.name ?? 'POST /chat',
    kind: 2,
    startTimeUnixNano: nano(request.startUnixMs),
    ...(durationMs !== undefined && { endTimeUnixNano: nano(request.startUnixMs + durationMs) }),
    status: error === undefined ? { code: 1 } : { code: 2, message: error.message },
    attributes: toAttributes({
      ...request.attributes,
      ...(error !== undefined && { 'error.type': error.type, 'error.message': error.message }),
    }),
  };
  const child = (
    name: string,
    startUnixMs: number,
    lengthMs: number,
    attributes: { readonly [key: string]: Value } = {},
  ) => ({
    traceId,
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: rootId,
    name,
    kind: 1,
    startTimeUnixNano: nano(startUnixMs),
    endTimeUnixNano: nano(startUnixMs + lengthMs),
    attributes: toAttributes(attributes),
    status: {},
  });
  let at = request.startUnixMs;
  const phases = (request.phases ?? []).map((phase) => {
    const span = child(phase.name, at, phase.durationMs);
    at += phase.durationMs;
    return span;
  });
  const call = request.call === undefined ? [] : [child('chat', request.startUnixMs, durationMs ?? 1, request.call)];
  return [root, ...phases, ...call];
}

function toAttributes(attributes: { readonly [key: string]: Value }): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  }));
}

function nano(unixMs: number): string {
  return String(BigInt(Math.round(unixMs * 1000)) * 1000n);
}
