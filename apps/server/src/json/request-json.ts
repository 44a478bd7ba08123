import type { CustomEvent, Phase, Request, Score } from '@vedetta/client';
import type { CustomEventRow, PhaseRow, RequestRow, ScoreRow } from '@vedetta/model';
import { MAX_JSON_DEPTH, nestsDeeperThan, unixNanoToIso, unixNanoToMs } from '@vedetta/model';

/** A request row as the API shows it. `now` gives the elapsed time of one that runs. */
export function toRequestJson(row: RequestRow, now: number): Request {
  const running = row.endUnixNano === undefined;
  return {
    request_id: row.requestId,
    trace_id: row.traceId,
    root_span_id: row.rootSpanId,
    parent_request_id: row.parentRequestId ?? null,
    name: row.name,
    service: row.serviceName,
    start_time: unixNanoToIso(row.startUnixNano),
    end_time: row.endUnixNano === undefined ? null : unixNanoToIso(row.endUnixNano),
    duration_ms: row.durationMs ?? null,
    elapsed_ms: running && row.status === 'running' ? Math.max(0, now - unixNanoToMs(row.startUnixNano)) : null,
    status: row.status,
    modality: row.modality,
    model: row.model,
    provider: row.provider,
    stream: row.stream,
    user_id: row.userId,
    session_id: row.sessionId,
    tags: [...row.tags],
    request_size_bytes: row.requestSizeBytes ?? null,
    response_size_bytes: row.responseSizeBytes ?? null,
    input_tokens: row.inputTokens ?? null,
    output_tokens: row.outputTokens ?? null,
    cache_read_tokens: row.cacheReadTokens ?? null,
    cache_write_tokens: row.cacheWriteTokens ?? null,
    reasoning_tokens: row.reasoningTokens ?? null,
    usage_estimated: row.usageEstimated,
    cost_usd: row.costUsd ?? null,
    cost_estimated: row.costEstimated,
    unpriced_calls: row.unpricedCallCount,
    time_to_first_token_ms: row.timeToFirstTokenMs ?? null,
    llm_calls: row.llmCallCount,
    span_count: row.spanCount,
    error_type: row.errorType,
    error_message: row.errorMessage,
    error_fingerprint: row.errorFingerprint,
    input_preview: row.inputPreview,
    output_preview: row.outputPreview,
    custom_data: parseJsonText(row.customData),
    current_phase: row.currentPhase,
  };
}

/** A phase beside its request, which gives offset and share. */
export function toPhaseJson(row: PhaseRow, request: RequestRow): Phase {
  const total = request.durationMs;
  return {
    span_id: row.spanId,
    phase: row.phase,
    start_time: unixNanoToIso(row.startUnixNano),
    end_time: unixNanoToIso(row.endUnixNano),
    offset_ms: offsetMs(row.startUnixNano, request),
    duration_ms: row.durationMs,
    share: total === undefined || total <= 0 ? null : Math.min(1, row.durationMs / total),
    success: row.success,
    metadata: parseJsonText(row.metadata),
  };
}

/** `request` is absent where the event is shown by itself. */
export function toCustomEventJson(row: CustomEventRow, request?: RequestRow): CustomEvent {
  return {
    event_id: row.eventId,
    request_id: row.requestId,
    event_name: row.name,
    timestamp: unixNanoToIso(row.timeUnixNano),
    offset_ms: request === undefined ? null : offsetMs(row.timeUnixNano, request),
    data: parseJsonText(row.data),
  };
}

export function toScoreJson(row: ScoreRow): Score {
  return {
    score_id: row.scoreId,
    request_id: row.requestId,
    name: row.name,
    value: row.value ?? null,
    label: row.label,
    comment: row.comment,
    timestamp: unixNanoToIso(row.timeUnixNano),
  };
}

/** Milliseconds from the start of the request; negative where a clock was behind. */
export function offsetMs(timeUnixNano: bigint, request: RequestRow): number {
  return Number(timeUnixNano - request.startUnixNano) / 1e6;
}

/**
 * JSON text as stored. Text that is no JSON (cut by a limit) is shown as it is, and so is JSON nested so deep that writing it
 * out again would exhaust the stack: one hostile request must not make a page of others unreadable. `''` is null.
 */
export function parseJsonText(text: string): unknown {
  if (text === '') return null;
  if (nestsDeeperThan(text, MAX_JSON_DEPTH)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
