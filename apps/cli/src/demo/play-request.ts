import { setTimeout as delay } from 'node:timers/promises';
import type { Monitor, RequestOutcome } from '@vedetta/sdk';
import type { RequestPlan } from './request-plan.js';

/** What servers log for a client that closed its connection. */
const CLIENT_GONE = 499;

/** Thrown inside a phase, as a provider's client would. */
class DemoFault extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}

/**
 * Lives through a planned request in real time, through the SDK's public interface: what an application does. Resolves when
 * it has ended; when `stopping` fires first, the request ends as cancelled.
 */
export async function playRequest(monitor: Monitor, plan: RequestPlan, stopping: AbortSignal): Promise<void> {
  const request = monitor.startRequest({
    name: plan.name,
    modality: plan.modality,
    model: plan.model,
    stream: plan.stream,
    userId: plan.userId,
    sessionId: plan.sessionId,
    requestSizeBytes: plan.requestSizeBytes,
    attributes: { 'http.request.method': 'POST', 'http.route': plan.route },
  });
  let outcome: RequestOutcome = { responseSizeBytes: plan.outputTokens * 4, customData: { demo: true } };
  try {
    for (const planned of plan.phases) {
      await request.phase(planned.name, async (phase) => {
        await delay(planned.durationMs, undefined, { signal: stopping });
        if (planned.name === 'retrieval') phase.setMetadata({ documents: 8, index: 'handbook' });
        // The tokens were spent even where the answer never arrived.
        if (!planned.callsModel) return;
        const fault = plan.fault === undefined ? undefined : new DemoFault(plan.fault.type, plan.fault.message);
        request.llm({ ...toLlmCall(plan, planned.durationMs), ...(fault === undefined ? {} : { error: fault }) });
        if (fault !== undefined) throw fault;
      });
    }
    if (plan.modality === 'text' && plan.inputTokens > 6000)
      request.event('context.trimmed', { tokens: plan.inputTokens });
  } catch (error) {
    outcome = { ...outcome, error, ...(stopping.aborted ? { status: 'cancelled' } : statusOf(plan)) };
  }
  request.set({ attributes: { 'http.response.status_code': stopping.aborted ? CLIENT_GONE : plan.httpStatus } });
  request.end(outcome);
  if (plan.thumb !== undefined && !stopping.aborted) monitor.score(request.id, { name: 'helpful', thumb: plan.thumb });
}

function toLlmCall(plan: RequestPlan, durationMs: number) {
  return {
    provider: plan.provider,
    model: plan.model,
    stream: plan.stream,
    usage: { inputTokens: plan.inputTokens, outputTokens: plan.outputTokens },
    durationMs,
    ...(plan.stream ? { timeToFirstTokenMs: plan.timeToFirstTokenMs } : {}),
    input: plan.prompt,
    ...(plan.fault === undefined ? { output: plan.answer, finishReasons: ['stop'] } : {}),
  };
}

function statusOf(plan: RequestPlan): { status?: 'timeout' | 'cancelled' } {
  const status = plan.fault?.status;
  return status === 'timeout' || status === 'cancelled' ? { status } : {};
}
