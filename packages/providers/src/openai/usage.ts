import type { Usage } from '@vedetta/model';
import { asCount, asObject, objectOrNothing } from '../json.js';
import type { UsageCounts } from '../usage-counts.js';
import { reportedUsage } from '../usage-counts.js';

/**
 * Usage of OpenAI's APIs and of those made like them: chat and completions (`prompt_tokens`), responses, images and audio
 * (`input_tokens`). The totals already include cached, audio and reasoning tokens. Upstreams that leave reasoning out of the
 * completion (xAI) are known by their own total.
 */
export function openAiUsage(value: unknown): Usage | undefined {
  const source = asObject(value);
  if (source === undefined) return undefined;
  const input = objectOrNothing(
    source.prompt_tokens_details ?? source.input_tokens_details ?? source.input_token_details,
  );
  const output = objectOrNothing(
    source.completion_tokens_details ?? source.output_tokens_details ?? source.output_token_details,
  );
  const counts: UsageCounts = {
    inputTokens: asCount(source.prompt_tokens) ?? asCount(source.input_tokens),
    outputTokens: asCount(source.completion_tokens) ?? asCount(source.output_tokens),
    cacheReadTokens:
      asCount(input.cached_tokens) ?? asCount(source.prompt_cache_hit_tokens) ?? asCount(source.cached_tokens),
    cacheWriteTokens: asCount(input.cache_write_tokens),
    reasoningTokens: asCount(output.reasoning_tokens) ?? asCount(source.reasoning_tokens),
    audioInputTokens: asCount(input.audio_tokens),
    audioOutputTokens: asCount(output.audio_tokens),
    imageInputTokens: asCount(input.image_tokens),
    imageOutputTokens: asCount(output.image_tokens),
    statedTotalTokens: asCount(source.total_tokens),
  };
  addReasoning(counts);
  return reportedUsage(counts);
}

/** Where the total exceeds input and output by exactly the reasoning, the output was stated without it. */
function addReasoning(counts: UsageCounts): void {
  const { inputTokens, outputTokens, reasoningTokens, statedTotalTokens } = counts;
  if (inputTokens === undefined || outputTokens === undefined || statedTotalTokens === undefined) return;
  const gap = statedTotalTokens - inputTokens - outputTokens;
  if (gap > 0 && gap === reasoningTokens) counts.outputTokens = outputTokens + gap;
}

/** Usage of an API without output (embeddings, reranking): a lone total is the input. */
export function inputOnlyUsage(value: unknown): Usage | undefined {
  const usage = openAiUsage(value);
  if (usage === undefined || usage.inputTokens !== undefined || usage.statedTotalTokens === undefined) return usage;
  return { ...usage, inputTokens: usage.statedTotalTokens };
}
