import { computedGauge, SlidingSums } from '@vedetta/metrics';
import type { Span } from '@vedetta/model';
import type { DerivedMetricsOf } from './subject.js';
import { durationSeconds, exemplarOf } from './subject.js';

const STAGES: ReadonlySet<string> = new Set(['retrieval', 'grading', 'generation']);
const WINDOW_MS = 15 * 60_000;
/** Traces whose other half has not come yet. */
const MAX_OPEN_TRACES = 10_000;

/** What is known of a trace that may be a RAG query: it retrieved, and its request ended. */
interface OpenTrace {
  retrieved: boolean;
  request: Span | undefined;
}

/**
 * RAG pipelines: requests with a retrieval, and their stages. A stage is a phase of one of the known names, or a span of
 * the GenAI operation `retrieval`. Stages and request may come in any order.
 */
export const ragMetrics: DerivedMetricsOf = (registry, now) => {
  const queries = registry.counter({ name: 'rag_queries_total', help: 'Requests that retrieved documents.' });
  const requestSeconds = registry.histogram({
    name: 'rag_request_duration_seconds',
    help: 'Time of a request that retrieved documents.',
  });
  const stageSeconds = registry.histogram({
    name: 'rag_stage_duration_seconds',
    help: 'Time of a stage of a RAG pipeline: retrieval, grading, generation.',
    labels: ['stage'],
  });
  const searchSeconds = registry.histogram({ name: 'vector_search_duration_seconds', help: 'Time of a retrieval.' });
  const successes = new SlidingSums(WINDOW_MS);
  computedGauge(
    registry,
    { name: 'rag_query_success_rate', help: 'Share of RAG queries of the last 15 minutes that completed, 0 to 1.' },
    () => successes.mean(now()),
  );

  const open = new Map<string, OpenTrace>();
  const settle = (traceId: string, trace: OpenTrace): void => {
    if (!trace.retrieved || trace.request === undefined) return;
    open.delete(traceId);
    const duration = durationSeconds(trace.request);
    const exemplar = exemplarOf(trace.request, duration);
    queries.add([], 1, exemplar);
    requestSeconds.observe([], duration, exemplar);
    successes.add(trace.request.statusCode === 2 || trace.request.facts.state !== undefined ? 0 : 1, now());
  };

  return {
    span(span) {
      const stage = stageOf(span);
      const root = span.parentSpanId === '' || span.facts.vedettaKind === 'request';
      if (stage === undefined && !root) return;
      if (stage !== undefined) {
        const duration = durationSeconds(span);
        stageSeconds.observe([stage], duration, exemplarOf(span, duration));
        if (stage === 'retrieval') searchSeconds.observe([], duration, exemplarOf(span, duration));
      }
      const trace = open.get(span.traceId) ?? { retrieved: false, request: undefined };
      if (stage === 'retrieval') trace.retrieved = true;
      if (root) trace.request = span;
      open.delete(span.traceId);
      open.set(span.traceId, trace);
      settle(span.traceId, trace);
      if (open.size > MAX_OPEN_TRACES) {
        const [oldest] = open.keys();
        if (oldest !== undefined) open.delete(oldest);
      }
    },
  };
};

function stageOf({ name, facts, genAi }: Span): string | undefined {
  if (facts.vedettaKind === 'phase' && STAGES.has(name)) return name;
  return genAi?.operation === 'retrieval' ? 'retrieval' : undefined;
}
