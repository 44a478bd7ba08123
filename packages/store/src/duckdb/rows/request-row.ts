import type { CustomEventRow, PhaseRow, RequestRow, RequestStatus, ScoreRow } from '@vedetta/model';
import type { SqlRow } from '../read/reader-pool.js';
import { spanIdText } from './stored-span.js';
import { decodeTags } from './tags.js';

const TRACE_ID = "replace(trace_id::VARCHAR, '-', '')";

/** Columns of `data.requests` for {@link requestFromRow}. */
export const REQUEST_SELECT = `request_id, ${TRACE_ID}, root_span_id, parent_request_id, name, service_name, start_ns, end_ns,
  duration_ms, status, modality, model, provider, stream, user_id, session_id, tags, request_size_bytes, response_size_bytes,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd, ttft_ms, llm_call_count,
  span_count, error_type, error_message, error_fingerprint, input_preview, output_preview, custom_data, current_phase, last_seen_ms,
  usage_estimated, cost_estimated, unpriced_call_count`;

export function requestFromRow(row: SqlRow): RequestRow {
  const rootSpanId = row[2] as bigint;
  return {
    requestId: text(row[0]),
    traceId: text(row[1]),
    rootSpanId: rootSpanId === 0n ? '' : spanIdText(rootSpanId),
    parentRequestId: row[3] === null ? undefined : text(row[3]),
    name: text(row[4]),
    serviceName: text(row[5]),
    startUnixNano: row[6] as bigint,
    endUnixNano: (row[7] as bigint | null) ?? undefined,
    durationMs: number(row[8]),
    status: text(row[9]) as RequestStatus,
    modality: text(row[10]),
    model: text(row[11]),
    provider: text(row[12]),
    stream: row[13] === true,
    userId: text(row[14]),
    sessionId: text(row[15]),
    tags: decodeTags(row[16] as string | null),
    requestSizeBytes: number(row[17]),
    responseSizeBytes: number(row[18]),
    inputTokens: number(row[19]),
    outputTokens: number(row[20]),
    cacheReadTokens: number(row[21]),
    cacheWriteTokens: number(row[22]),
    reasoningTokens: number(row[23]),
    costUsd: number(row[24]),
    timeToFirstTokenMs: number(row[25]),
    llmCallCount: number(row[26]) ?? 0,
    spanCount: number(row[27]) ?? 0,
    errorType: text(row[28]),
    errorMessage: text(row[29]),
    errorFingerprint: text(row[30]),
    inputPreview: text(row[31]),
    outputPreview: text(row[32]),
    customData: text(row[33]),
    currentPhase: text(row[34]),
    lastSeenUnixMs: number(row[35]) ?? 0,
    usageEstimated: row[36] === true,
    costEstimated: row[37] === true,
    unpricedCallCount: number(row[38]) ?? 0,
  };
}

/** Columns of `data.phases` for {@link phaseFromRow}. */
export const PHASE_SELECT = `request_id, ${TRACE_ID}, span_id, phase, start_ns, end_ns, duration_ms, success, model, modality, metadata`;

export function phaseFromRow(row: SqlRow): PhaseRow {
  return {
    requestId: text(row[0]),
    traceId: text(row[1]),
    spanId: spanIdText(row[2] as bigint),
    phase: text(row[3]),
    startUnixNano: row[4] as bigint,
    endUnixNano: row[5] as bigint,
    durationMs: number(row[6]) ?? 0,
    success: row[7] === true,
    model: text(row[8]),
    modality: text(row[9]),
    metadata: text(row[10]),
  };
}

/** Columns of `data.custom_events` for {@link customEventFromRow}. */
export const CUSTOM_EVENT_SELECT = `${TRACE_ID}, span_id, request_id, event_name, start_ns, data`;

export function customEventFromRow(row: SqlRow): CustomEventRow {
  return {
    eventId: text(row[0]) + spanIdText(row[1] as bigint),
    requestId: text(row[2]),
    name: text(row[3]),
    timeUnixNano: row[4] as bigint,
    data: text(row[5]),
  };
}

/** Columns of `data.scores` for {@link scoreFromRow}. */
export const SCORE_SELECT = `${TRACE_ID}, span_id, request_id, name, value, label, comment, start_ns`;

export function scoreFromRow(row: SqlRow): ScoreRow {
  return {
    scoreId: text(row[0]) + spanIdText(row[1] as bigint),
    requestId: text(row[2]),
    name: text(row[3]),
    value: number(row[4]),
    label: text(row[5]),
    comment: text(row[6]),
    timeUnixNano: row[7] as bigint,
  };
}

/** NULL is how empty text is stored. */
export function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

export function number(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
