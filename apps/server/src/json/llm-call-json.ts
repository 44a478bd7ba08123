import type { LlmCall } from '@vedetta/client';
import type { LlmCallRow } from '@vedetta/model';
import { toUnitRecord, unixNanoToIso, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { StoredSpan } from '@vedetta/store';

/** What of a call only its span says. */
export type CallSpan = Pick<StoredSpan, 'attributes' | 'genAi'>;

/** An LLM call as the API shows it, with its span where it is stored. */
export function toLlmCallJson(row: LlmCallRow, span: CallSpan | undefined): LlmCall {
  const { usage, cost } = row;
  const genAi = span?.genAi;
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
    response_id: genAi?.responseId ?? '',
    finish_reasons: [...(genAi?.finishReasons ?? [])],
    stream: row.stream,
    time_to_first_token_ms: row.timeToFirstTokenMs ?? null,
    time_to_first_visible_ms: timeToFirstVisibleMs(span),
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
    billed_units: usage?.units === undefined ? null : (toUnitRecord(usage.units) as LlmCall['billed_units']),
    usage_source: usage?.source ?? null,
    usage_sampled: genAi?.usage?.sampled ?? false,
    other_usage: (genAi?.otherUsage ?? []).map(({ source, inputTokens, outputTokens }) => ({
      source,
      input_tokens: inputTokens ?? null,
      output_tokens: outputTokens ?? null,
    })),
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

/** The gateway and the wrappers say it only where reasoning came before: otherwise the first token is the first visible one. */
function timeToFirstVisibleMs(span: CallSpan | undefined): number | null {
  const seconds = span?.attributes[VEDETTA_ATTRIBUTES.timeToFirstVisible];
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : null;
}

/** As the view `llm_calls` computes it: a stream generates from its first token on. */
function tokensPerSecond({ usage, durationMs, stream, timeToFirstTokenMs }: LlmCallRow): number | null {
  const generationMs = durationMs - (stream ? (timeToFirstTokenMs ?? 0) : 0);
  if (usage?.outputTokens === undefined || generationMs <= 0) return null;
  return (usage.outputTokens * 1000) / generationMs;
}
