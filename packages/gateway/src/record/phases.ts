import type { ProviderTiming } from '@vedetta/providers';
import type { CallTimes } from './call-times.js';

/** Shorter steps than this are no phases: taking a connection out of the pool, a body that came with its headers, mostly our own work. */
const MIN_PHASE_MS = 1;

/** One phase of a call, in milliseconds of the call's clock. */
export interface CallPhase {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What the phases of a call are made of. */
export interface PhaseSources {
  readonly times: CallTimes;
  readonly routingPhase: string | undefined;
  readonly isStream: boolean;
  readonly firstContentMs: number | undefined;
  readonly firstVisibleMs: number | undefined;
  readonly sawReasoning: boolean;
  readonly timings: readonly ProviderTiming[] | undefined;
}

/**
 * The phases of a call that is over, in their order: `gateway_overhead`, `connect` (or the upstream's routing phase), `first_byte`,
 * and of a stream `first_token`, `reasoning`, `generation`; of an answer that took long to arrive `response_body`. Times that the
 * provider measured itself come last: `model_load`, `prompt_evaluation`, `token_generation`, laid out so that they end with the call.
 */
export function callPhases(sources: PhaseSources): CallPhase[] {
  const { times, routingPhase, isStream, firstContentMs, firstVisibleMs, sawReasoning, timings } = sources;
  const phases: CallPhase[] = [];
  const endMs = times.endMs ?? times.startMs;
  const add = (name: string, startMs: number, until: number): void => {
    phases.push({ name, startMs, endMs: Math.max(startMs, until) });
  };
  const { sentMs, connectedMs, headersMs } = times;
  const fromMs = times.bodyMs ?? times.startMs;
  if ((sentMs ?? endMs) - fromMs >= MIN_PHASE_MS) add('gateway_overhead', fromMs, sentMs ?? endMs);
  if (sentMs === undefined) return phases;
  const routedMs = connectedMs ?? endMs;
  if (routingPhase !== undefined) add(routingPhase, sentMs, routedMs);
  else if (routedMs - sentMs >= MIN_PHASE_MS) add('connect', sentMs, routedMs);
  if (connectedMs === undefined) return phases;
  add('first_byte', connectedMs, headersMs ?? endMs);
  if (headersMs !== undefined) {
    if (isStream) {
      const contentMs = firstContentMs ?? endMs;
      if (contentMs - headersMs >= MIN_PHASE_MS) add('first_token', headersMs, contentMs);
      if (firstContentMs !== undefined) {
        const visibleMs = sawReasoning ? (firstVisibleMs ?? endMs) : firstContentMs;
        if (sawReasoning && visibleMs > firstContentMs) add('reasoning', firstContentMs, visibleMs);
        if (firstVisibleMs !== undefined) add('generation', visibleMs, endMs);
      }
    } else if (endMs - headersMs >= MIN_PHASE_MS) add('response_body', headersMs, endMs);
  }
  phases.push(...measuredPhases(timings ?? [], times.startMs, endMs));
  return phases;
}

function measuredPhases(timings: readonly ProviderTiming[], startMs: number, endMs: number): CallPhase[] {
  let totalMs = 0;
  for (const { durationNano } of timings) totalMs += durationNano / 1e6;
  // The provider's clock may have counted more than we saw: then its phases begin with the call.
  let atMs = Math.max(startMs, endMs - totalMs);
  return timings.map(({ phase, durationNano }) => {
    const from = atMs;
    atMs += durationNano / 1e6;
    return { name: phase, startMs: from, endMs: atMs };
  });
}

/** Name of the phase that runs now. */
export function currentPhase(sources: Omit<PhaseSources, 'timings'>): string {
  const { times, routingPhase, isStream, firstContentMs, firstVisibleMs } = sources;
  if (times.sentMs === undefined) return 'gateway_overhead';
  if (times.connectedMs === undefined) return routingPhase ?? 'connect';
  if (times.headersMs === undefined) return 'first_byte';
  if (!isStream) return 'response_body';
  if (firstContentMs === undefined) return 'first_token';
  return firstVisibleMs === undefined ? 'reasoning' : 'generation';
}
