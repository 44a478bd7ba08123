import { randomBytes } from 'node:crypto';
import { msToUnixNano, VEDETTA_ATTRIBUTES } from '@vedetta/model';

/** Service name of the requests that `vedetta test` sends: filter by it to see or leave them out. */
export const SELF_TEST_SERVICE = 'vedetta-self-test';

/** A made-up request and what must be found of it. */
export interface SyntheticRequest {
  readonly requestId: string;
  readonly phases: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** OTLP/JSON, an `ExportTraceServiceRequest`. */
  readonly body: string;
}

type OtlpValue = { stringValue: string } | { intValue: string } | { boolValue: boolean };

/** Makes a request that ended just now, with two phases and a model call, as OTLP in JSON. */
export function createSyntheticRequest(nowUnixMs: number): SyntheticRequest {
  const traceId = randomBytes(16).toString('hex');
  const [rootId, firstId, secondId, callId] = Array.from({ length: 4 }, () => randomBytes(8).toString('hex'));
  const start = nowUnixMs - 120;
  const own = { [VEDETTA_ATTRIBUTES.requestId]: { stringValue: traceId } };
  const span = (
    spanId: string | undefined,
    parentSpanId: string | undefined,
    name: string,
    fromMs: number,
    toMs: number,
    attributes: { [key: string]: OtlpValue },
  ) => ({
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: 1,
    startTimeUnixNano: String(msToUnixNano(start + fromMs)),
    endTimeUnixNano: String(msToUnixNano(start + toMs)),
    attributes: Object.entries({ ...own, ...attributes }).map(([key, value]) => ({ key, value })),
    status: {},
  });
  const kind = (value: string) => ({ [VEDETTA_ATTRIBUTES.spanKind]: { stringValue: value } });
  const spans = [
    span(rootId, undefined, 'vedetta test', 0, 120, {
      ...kind('request'),
      [VEDETTA_ATTRIBUTES.modality]: { stringValue: 'text' },
    }),
    span(firstId, rootId, 'retrieval', 0, 20, kind('phase')),
    span(secondId, rootId, 'generation', 20, 120, kind('phase')),
    span(callId, secondId, 'chat vedetta-test', 25, 118, {
      'gen_ai.operation.name': { stringValue: 'chat' },
      'gen_ai.provider.name': { stringValue: 'vedetta' },
      'gen_ai.request.model': { stringValue: 'vedetta-test' },
      'gen_ai.usage.input_tokens': { intValue: '7' },
      'gen_ai.usage.output_tokens': { intValue: '3' },
    }),
  ];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: SELF_TEST_SERVICE } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'vedetta' }, spans }] }] });
  return { requestId: traceId, phases: ['retrieval', 'generation'], inputTokens: 7, outputTokens: 3, body };
}
