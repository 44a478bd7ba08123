import { randomBytes } from 'node:crypto';

/** One OTLP/JSON body with what it holds. */
export interface OtlpBody {
  readonly traceIds: readonly string[];
  readonly spansPerTrace: number;
  readonly json: string;
}

/** A body of traces with a root and `phases` children each; ids are new each time. */
export function createOtlpBody(traces: number, phases: number, startUnixMs = Date.now()): OtlpBody {
  const traceIds = Array.from({ length: traces }, () => randomBytes(16).toString('hex'));
  const spans = traceIds.flatMap((traceId, index) => {
    const rootId = randomBytes(8).toString('hex');
    const start = BigInt(startUnixMs + index) * 1_000_000n;
    const span = (name: string, spanId: string, parentSpanId: string, fromMs: number, toMs: number) => ({
      traceId,
      spanId,
      parentSpanId,
      name,
      kind: 1,
      startTimeUnixNano: String(start + BigInt(fromMs) * 1_000_000n),
      endTimeUnixNano: String(start + BigInt(toMs) * 1_000_000n),
      attributes: [{ key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } }],
      status: {},
    });
    return [
      span('POST /chat', rootId, '', 0, 100),
      ...Array.from({ length: phases }, (_, phase) =>
        span(`phase_${phase}`, randomBytes(8).toString('hex'), rootId, phase * 10, phase * 10 + 9),
      ),
    ];
  });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'e2e' } }] };
  return {
    traceIds,
    spansPerTrace: phases + 1,
    json: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'e2e' }, spans }] }] }),
  };
}

/** Sends a body; `undefined` when the connection broke before an answer came. */
export async function postOtlp(url: string, json: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: json,
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
