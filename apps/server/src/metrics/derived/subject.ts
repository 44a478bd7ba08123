import type { MetricRegistry, SampledExemplar } from '@vedetta/metrics';
import type { Span } from '@vedetta/model';
import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { Commit } from '@vedetta/store';

/** Metrics that follow from what is stored. A span is new in one commit only, so each is counted once. */
export interface DerivedMetrics {
  /** A span that has ended. */
  span?(span: Span): void;
  /** Everything of a commit, after its spans. */
  commit?(commit: Commit): void;
}

/** Makes the metrics of one subject. */
export type DerivedMetricsOf = (registry: MetricRegistry, now: () => number) => DerivedMetrics;

/** Seconds that a span took. */
export function durationSeconds({ startUnixNano, endUnixNano }: Span): number {
  return Number(endUnixNano - startUnixNano) / 1e9;
}

/** The trace a measurement comes from: what the exemplar's link on a chart opens. */
export function exemplarOf(span: Span, value: number): SampledExemplar {
  return {
    labels: { trace_id: span.traceId, span_id: span.spanId },
    value,
    timestampMs: Number(span.endUnixNano / 1_000_000n),
  };
}

/** The span is one call of a model, and not the sum of others. */
export function isLlmCall({ genAi }: Span): boolean {
  return genAi !== undefined && !genAi.aggregate && LLM_CALL_OPERATIONS.has(genAi.operation);
}
