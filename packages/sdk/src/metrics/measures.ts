import type { MetricRegistry, SampledExemplar } from '@vedetta/metrics';

/** The trace that a measurement is made in. */
export interface CurrentTrace {
  readonly traceId: string;
  readonly spanId: string;
}

/** What measures need from the metrics that they belong to. */
export interface MeasureHost {
  readonly registry: MetricRegistry;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The current request and phase. */
  trace(): CurrentTrace | undefined;
  /** Something was recorded since the last push. */
  changed(): void;
}

/** The measurement as an example of its series; `undefined` outside of a request. */
export function exemplarOf(
  host: MeasureHost,
  value: number,
  trace: CurrentTrace | undefined = host.trace(),
): SampledExemplar | undefined {
  if (trace === undefined) return undefined;
  return { labels: { trace_id: trace.traceId, span_id: trace.spanId }, value, timestampMs: host.now() };
}

/** Milliseconds in seconds; `undefined` for what is no time. */
export function toSeconds(durationMs: unknown): number | undefined {
  return typeof durationMs === 'number' && durationMs >= 0 && Number.isFinite(durationMs)
    ? durationMs / 1000
    : undefined;
}

/** What can be counted: a finite number that is not negative. */
export function toAmount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}
