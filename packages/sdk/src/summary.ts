/** What a request came to. `running` is only seen on requests that have not ended. */
export type TrackedStatus = 'running' | 'completed' | 'failed' | 'timeout' | 'cancelled';

/** All phases of one name in one request. */
export interface PhaseSummary {
  readonly name: string;
  readonly count: number;
  /** How many of them failed. */
  readonly failed: number;
  /** Sum over the phases, in milliseconds. */
  readonly durationMs: number;
  /** The part of it that was spent outside the phases inside them, in milliseconds. */
  readonly selfMs: number;
  /** `durationMs` by the total of the request; the shares of phases that nest or overlap add up to more than 1. */
  readonly share: number;
  /** Metadata that was given last, as JSON text; `undefined` when none was. */
  readonly metadata: string | undefined;
}

/** A phase that took a large part of its request by itself: the time of the phases inside it is not counted. */
export interface Bottleneck {
  readonly name: string;
  /** Time spent in the phase itself, in milliseconds. */
  readonly durationMs: number;
  /** Part of the request's total. */
  readonly share: number;
}

/** A request at its end. */
export interface RequestSummary {
  readonly requestId: string;
  readonly traceId: string;
  readonly name: string;
  /** `''` when none was named. */
  readonly model: string;
  readonly modality: string;
  readonly startUnixMs: number;
  readonly totalMs: number;
  readonly success: boolean;
  readonly status: TrackedStatus;
  /** In the order in which the first of each name ended. */
  readonly phases: readonly PhaseSummary[];
  /** Phases with at least 30 % of the total, largest first. */
  readonly bottlenecks: readonly Bottleneck[];
}

/** A phase summary while the request runs; it is not copied when it ends, because summaries are what outlives a request. */
export type PhaseTotal = { -readonly [K in keyof PhaseSummary]: PhaseSummary[K] };

/** Spans the whole request by definition, so it says nothing about where the time went. */
const WHOLE = 'total_request';
const BOTTLENECK_SHARE = 0.3;
/** Names past this are added up under one: phase names are meant to be few. */
const MAX_NAMES = 200;
const OTHER = '(other phases)';

/** The total of a phase name, made when it is new. */
export function phaseTotal(totals: PhaseTotal[], name: string): PhaseTotal {
  for (const total of totals) if (total.name === name) return total;
  if (totals.length >= MAX_NAMES && name !== OTHER) return phaseTotal(totals, OTHER);
  const total: PhaseTotal = { name, count: 0, failed: 0, durationMs: 0, selfMs: 0, share: 0, metadata: undefined };
  totals.push(total);
  return total;
}

/** Fills in the shares of the total: all 0 when that is. */
export function concludeTotals(totals: readonly PhaseTotal[], totalMs: number): void {
  if (totalMs > 0) for (const total of totals) total.share = total.durationMs / totalMs;
}

/** See {@link RequestSummary.bottlenecks}. */
export function toBottlenecks(totals: readonly PhaseTotal[], totalMs: number): Bottleneck[] {
  if (totalMs <= 0) return [];
  const bottlenecks: Bottleneck[] = [];
  for (const { name, selfMs } of totals) {
    const share = selfMs / totalMs;
    if (name !== WHOLE && share >= BOTTLENECK_SHARE) bottlenecks.push({ name, durationMs: selfMs, share });
  }
  return bottlenecks.sort((a, b) => b.durationMs - a.durationMs);
}
