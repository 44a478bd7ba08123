import type { ProviderTiming } from '@vedetta/providers';

/** Shorter steps are no phases: an answer whose body came with its head. */
const MIN_PHASE_MS = 1;

/** One part of a call. */
export interface CallPhase {
  readonly name: string;
  readonly startUnixMs: number;
  readonly endUnixMs: number;
}

/** The moments of a call; `undefined` for what did not happen, or could not be seen from outside of the client. */
export interface CallMoments {
  readonly startUnixMs: number;
  /** The head of the answer came. */
  readonly answeredUnixMs: number | undefined;
  /** Content of any kind came. */
  readonly firstTokenUnixMs: number | undefined;
  /** Content that is no reasoning came. */
  readonly firstVisibleUnixMs: number | undefined;
  readonly endUnixMs: number;
  /** Times that the provider itself measured. */
  readonly timings: readonly ProviderTiming[];
}

/**
 * The phases of a call by the names that the gateway gives them, as far as they are seen from beside a client: `first_byte`,
 * `first_token`, `reasoning`, `generation`, of a whole answer `response_body`. What the provider measured comes last, laid out so
 * that it ends with the call.
 */
export function callPhases(moments: CallMoments): CallPhase[] {
  const { startUnixMs, answeredUnixMs, firstTokenUnixMs, firstVisibleUnixMs, endUnixMs, timings } = moments;
  const phases: CallPhase[] = [];
  const add = (name: string, from: number, until: number) => {
    phases.push({ name, startUnixMs: from, endUnixMs: Math.max(from, until) });
  };
  if (answeredUnixMs !== undefined) add('first_byte', startUnixMs, answeredUnixMs);
  const headUnixMs = answeredUnixMs ?? startUnixMs;
  if (firstTokenUnixMs !== undefined) {
    if (firstTokenUnixMs - headUnixMs >= MIN_PHASE_MS) add('first_token', headUnixMs, firstTokenUnixMs);
    const visibleUnixMs = firstVisibleUnixMs ?? endUnixMs;
    if (visibleUnixMs > firstTokenUnixMs) add('reasoning', firstTokenUnixMs, visibleUnixMs);
    if (firstVisibleUnixMs !== undefined) add('generation', firstVisibleUnixMs, endUnixMs);
  } else if (answeredUnixMs !== undefined && endUnixMs - headUnixMs >= MIN_PHASE_MS) {
    add('response_body', headUnixMs, endUnixMs);
  }
  const measuredMs = timings.reduce((total, { durationNano }) => total + durationNano / 1e6, 0);
  let at = Math.max(startUnixMs, endUnixMs - measuredMs);
  for (const { phase, durationNano } of timings) {
    const from = at;
    at += durationNano / 1e6;
    add(phase, from, at);
  }
  return phases;
}
