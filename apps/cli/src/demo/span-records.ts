import { createHash } from 'node:crypto';
import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { SpanAttribute, SpanRecord } from '@vedetta/sdk';
import { planDurationMs, type RequestPlan } from './request-plan.js';

/**
 * A planned request as the spans that the SDK would have recorded had it run at `startUnixMs`. Ids follow from `key`: the
 * same request sent again is known to the server and not counted twice.
 */
export function toSpanRecords(plan: RequestPlan, key: string, startUnixMs: number): readonly SpanRecord[] {
  const traceId = hexId(key, 32);
  const requestId = traceId;
  const rootId = hexId(`${key}/root`, 16);
  const endUnixMs = startUnixMs + planDurationMs(plan);
  const base = { traceId, requestId, success: true, errorType: '', errorMessage: '', data: '' };
  const records: SpanRecord[] = [];
  let at = startUnixMs;
  for (const [index, phase] of plan.phases.entries()) {
    const spanId = hexId(`${key}/${index}`, 16);
    const times = { startUnixMs: at, endUnixMs: at + phase.durationMs };
    const fault = phase.callsModel ? faultOf(plan) : {};
    records.push({
      ...base,
      ...times,
      ...fault,
      kind: 'phase',
      spanId,
      parentSpanId: rootId,
      name: phase.name,
      attributes: [],
    });
    if (phase.callsModel) {
      records.push({
        ...base,
        ...times,
        ...fault,
        kind: 'llm',
        spanId: hexId(`${key}/${index}/llm`, 16),
        parentSpanId: spanId,
        name: `chat ${plan.model}`,
        attributes: llmAttributes(plan),
      });
    }
    at += phase.durationMs;
  }
  records.push({
    ...base,
    ...faultOf(plan),
    kind: 'request',
    spanId: rootId,
    parentSpanId: '',
    name: plan.name,
    startUnixMs,
    endUnixMs,
    attributes: rootAttributes(plan),
  });
  return records;
}

function faultOf(plan: RequestPlan): { success?: boolean; errorType?: string; errorMessage?: string } {
  return plan.fault === undefined
    ? {}
    : { success: false, errorType: plan.fault.type, errorMessage: plan.fault.message };
}

function rootAttributes(plan: RequestPlan): SpanAttribute[] {
  const attributes: SpanAttribute[] = [
    [VEDETTA_ATTRIBUTES.modality, plan.modality],
    ['gen_ai.request.model', plan.model],
    ['gen_ai.request.stream', plan.stream],
    [VEDETTA_ATTRIBUTES.requestSizeBytes, plan.requestSizeBytes],
    [VEDETTA_ATTRIBUTES.responseSizeBytes, plan.outputTokens * 4],
    ['user.id', plan.userId],
    ['session.id', plan.sessionId],
    ['http.request.method', 'POST'],
    ['http.route', plan.route],
    ['http.response.status_code', plan.httpStatus],
  ];
  if (plan.fault !== undefined && plan.fault.status !== 'failed') {
    attributes.push([VEDETTA_ATTRIBUTES.state, plan.fault.status]);
  }
  return attributes;
}

function llmAttributes(plan: RequestPlan): SpanAttribute[] {
  const attributes: SpanAttribute[] = [
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', plan.provider],
    ['gen_ai.request.model', plan.model],
    ['gen_ai.usage.input_tokens', plan.inputTokens],
    ['gen_ai.usage.output_tokens', plan.outputTokens],
    ['gen_ai.input.messages', messages('user', plan.prompt)],
  ];
  if (plan.stream) attributes.push(['gen_ai.response.time_to_first_chunk', plan.timeToFirstTokenMs / 1000]);
  if (plan.fault === undefined) attributes.push(['gen_ai.output.messages', messages('assistant', plan.answer)]);
  return attributes;
}

function messages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

function hexId(key: string, digits: number): string {
  return createHash('sha256').update(key).digest('hex').slice(0, digits);
}
