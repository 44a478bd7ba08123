import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { SpanRecord } from './span-record.js';
import type { RequestSummary } from './summary.js';

/**
 * The line of the performance log for a request, with its line feed. Times are ISO 8601 in UTC and seconds:
 * `{id, start_time, total_time, timestamp, success, stages: {name: {duration, count, metadata}}, ...}`.
 */
export function performanceLine(root: SpanRecord, summary: RequestSummary): string {
  const stages = Object.fromEntries(
    summary.phases.map((phase) => [
      phase.name,
      {
        duration: seconds(phase.durationMs),
        ...(phase.count > 1 ? { count: phase.count } : {}),
        ...(phase.failed > 0 ? { failed: phase.failed } : {}),
        ...(phase.metadata === undefined ? {} : { metadata: JSON.parse(phase.metadata) }),
      },
    ]),
  );
  const attributes = new Map(root.attributes);
  const customData = attributes.get(VEDETTA_ATTRIBUTES.customData);
  return `${JSON.stringify({
    id: root.requestId,
    start_time: new Date(root.startUnixMs).toISOString(),
    total_time: seconds(summary.totalMs),
    timestamp: new Date(root.endUnixMs).toISOString(),
    success: summary.success,
    status: summary.status,
    name: root.name,
    trace_id: root.traceId,
    model: attributes.get('gen_ai.request.model'),
    modality: attributes.get(VEDETTA_ATTRIBUTES.modality),
    stream: attributes.get('gen_ai.request.stream'),
    error_type: root.errorType || undefined,
    error_message: root.errorMessage || undefined,
    custom_data: typeof customData === 'string' ? JSON.parse(customData) : undefined,
    stages,
  })}\n`;
}

/** Microseconds are all that the clock holds. */
function seconds(ms: number): number {
  return Math.round(ms * 1000) / 1_000_000;
}
