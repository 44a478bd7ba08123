import type { RequestTimeline, Span } from '@vedetta/client';
import type { GenAiFacts, PhaseRow, RequestRow, SpanKind, SpanStatusCode } from '@vedetta/model';
import { unixNanoToIso } from '@vedetta/model';
import type { RequestDetail, StoredSpan } from '@vedetta/store';
import { toLlmCallJson } from './llm-call-json.js';
import { offsetMs, toCustomEventJson, toPhaseJson, toRequestJson, toScoreJson } from './request-json.js';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const satisfies Readonly<
  Record<SpanKind, Span['kind']>
>;
const STATUSES = ['unset', 'ok', 'error'] as const satisfies Readonly<Record<SpanStatusCode, Span['status']>>;

// A phase that takes less is nothing to look at first.
const BOTTLENECK_SHARE = 0.1;
const MAX_BOTTLENECKS = 3;
// It spans the whole request by its definition.
const WHOLE_REQUEST_PHASE = 'total_request';

/** Everything about one request, for a waterfall. */
export function toRequestTimelineJson(detail: RequestDetail, now: number): RequestTimeline {
  const { request } = detail;
  const spans = new Map(detail.spans.map((span) => [span.spanId, span]));
  return {
    request: toRequestJson(request, now),
    phases: detail.phases.map((phase) => toPhaseJson(phase, request)),
    bottlenecks: findBottlenecks(detail.phases, request),
    llm_calls: detail.llmCalls.map((call) => toLlmCallJson(call, spans.get(call.spanId))),
    events: detail.events.map((event) => toCustomEventJson(event, request)),
    scores: detail.scores.map(toScoreJson),
    spans: detail.spans.map((span) => toSpanJson(span, request)),
    related: detail.related.map((other) => toRequestJson(other, now)),
  };
}

function findBottlenecks(phases: readonly PhaseRow[], request: RequestRow): RequestTimeline['bottlenecks'] {
  const total = request.durationMs;
  if (total === undefined || total <= 0) return [];
  const byName = new Map<string, number>();
  for (const { phase, durationMs } of phases) {
    if (phase !== WHOLE_REQUEST_PHASE) byName.set(phase, (byName.get(phase) ?? 0) + durationMs);
  }
  return [...byName]
    .map(([phase, durationMs]) => ({ phase, duration_ms: durationMs, share: Math.min(1, durationMs / total) }))
    .filter(({ share }) => share >= BOTTLENECK_SHARE)
    .sort((a, b) => b.duration_ms - a.duration_ms)
    .slice(0, MAX_BOTTLENECKS);
}

function toSpanJson(span: StoredSpan, request: RequestRow): Span {
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    request_id: span.requestId,
    name: span.name,
    kind: KINDS[span.kind],
    start_time: unixNanoToIso(span.startUnixNano),
    end_time: span.endUnixNano === undefined ? null : unixNanoToIso(span.endUnixNano),
    offset_ms: offsetMs(span.startUnixNano, request),
    duration_ms: span.endUnixNano === undefined ? null : Number(span.endUnixNano - span.startUnixNano) / 1e6,
    status: STATUSES[span.statusCode],
    status_message: span.statusMessage,
    service: span.serviceName,
    scope_name: span.scopeName,
    scope_version: span.scopeVersion,
    resource: span.resource,
    attributes: span.attributes,
    events: span.events.map((event) => ({
      name: event.name,
      time: unixNanoToIso(event.timeUnixNano),
      offset_ms: offsetMs(event.timeUnixNano, request),
      attributes: event.attributes,
    })),
    links: span.links.map((link) => ({ trace_id: link.traceId, span_id: link.spanId, attributes: link.attributes })),
    gen_ai: span.genAi === undefined ? null : toGenAiJson(span.genAi),
  };
}

/** Facts that are records of ours: their names are in snake case too. */
const RECORDS: ReadonlySet<string> = new Set(['usage', 'otherUsage', 'cost'] satisfies readonly (keyof GenAiFacts)[]);

/** Names in snake case as everywhere in the API; what messages, tools and parameters hold stays as it came. */
function toGenAiJson(genAi: GenAiFacts): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(genAi)) {
    json[toSnakeCase(name)] = RECORDS.has(name) ? snakeCaseRecords(value) : value;
  }
  return json;
}

function snakeCaseRecords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCaseRecords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      toSnakeCase(name),
      name === 'units' ? snakeCaseRecords(member) : member,
    ]),
  );
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/(?<=[a-z])(?=\d)/g, '_');
}
