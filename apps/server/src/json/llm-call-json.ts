import type { LlmCall } from '@vedetta/client';
import type { LlmCallRow } from '@vedetta/model';
import { unixNanoToIso } from '@vedetta/model';

/** An LLM call as the API shows it. */
export function toLlmCallJson(row: LlmCallRow): LlmCall {
  const { usage, cost } = row;
  return {
    trace_id: row.traceId,
    span_id: row.spanId,
    request_id: row.requestId,
    start_time: unixNanoToIso(row.startUnixNano),
    end_time: unixNanoToIso(row.endUnixNano),
    duration_ms: row.durationMs,
    status: row.status,
    error_type: row.errorType,
    provider: row.provider,
    model: row.model,
    request_model: row.requestModel,
    operation: row.operation,
    stream: row.stream,
    time_to_first_token_ms: row.timeToFirstTokenMs ?? null,
    tokens_per_second: tokensPerSecond(row),
    input_tokens: usage?.inputTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    cache_read_tokens: usage?.cacheReadTokens ?? null,
    cache_write_tokens: usage?.cacheWriteTokens ?? null,
    cache_write_1h_tokens: usage?.cacheWrite1hTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    audio_input_tokens: usage?.audioInputTokens ?? null,
    audio_output_tokens: usage?.audioOutputTokens ?? null,
    image_input_tokens: usage?.imageInputTokens ?? null,
    image_output_tokens: usage?.imageOutputTokens ?? null,
    usage_source: usage?.source ?? null,
    service_tier: row.serviceTier,
    cost_usd: cost?.usd ?? null,
    cost_source: cost?.source ?? null,
    cost_estimated: cost?.estimated ?? false,
    price_key: cost?.priceKey ?? null,
    price_date: cost?.priceDate ?? null,
    elsewhere_usd: cost?.elsewhereUsd ?? null,
    elsewhere_key: cost?.elsewhereKey ?? null,
  };
}

/** As the view `llm_calls` computes it: a stream generates from its first token on. */
function tokensPerSecond({ usage, durationMs, stream, timeToFirstTokenMs }: LlmCallRow): number | null {
  const generationMs = durationMs - (stream ? (timeToFirstTokenMs ?? 0) : 0);
  if (usage?.outputTokens === undefined || generationMs <= 0) return null;
  return (usage.outputTokens * 1000) / generationMs;
}
