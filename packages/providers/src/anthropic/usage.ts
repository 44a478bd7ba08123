import type { Usage } from '@vedetta/model';
import type { Json } from '../json.js';
import { asCount, objectOrNothing } from '../json.js';
import { reportedUsage, sumOf, withUnits } from '../usage-counts.js';

/** Counts of Anthropic's `usage` as they came; a stream states them in pieces. */
export interface AnthropicCounts {
  input?: number | undefined;
  cacheRead?: number | undefined;
  cacheWrite?: number | undefined;
  cacheWrite1h?: number | undefined;
  output?: number | undefined;
  thinking?: number | undefined;
  webSearches?: number | undefined;
}

/** Takes over what a `usage` states: values are cumulative, so the last one of each counts; nulls say nothing. */
export function readAnthropicCounts(counts: AnthropicCounts, usage: Json): void {
  const written = objectOrNothing(usage.cache_creation);
  const fiveMinutes = asCount(written.ephemeral_5m_input_tokens);
  const hour = asCount(written.ephemeral_1h_input_tokens);
  counts.input = asCount(usage.input_tokens) ?? counts.input;
  counts.cacheRead = asCount(usage.cache_read_input_tokens) ?? counts.cacheRead;
  counts.cacheWrite =
    asCount(usage.cache_creation_input_tokens) ?? sumOf(fiveMinutes, hour) ?? hour ?? counts.cacheWrite;
  counts.cacheWrite1h = hour ?? counts.cacheWrite1h;
  counts.output = asCount(usage.output_tokens) ?? counts.output;
  counts.thinking = asCount(objectOrNothing(usage.output_tokens_details).thinking_tokens) ?? counts.thinking;
  counts.webSearches = asCount(objectOrNothing(usage.server_tool_use).web_search_requests) ?? counts.webSearches;
}

/** Anthropic's input leaves cached tokens out: the whole is the sum of input, cache reads and cache writes. */
export function anthropicUsage(counts: AnthropicCounts): Usage | undefined {
  const { input, cacheRead, cacheWrite } = counts;
  const tokens = reportedUsage(
    {
      inputTokens: sumOf(input, cacheRead, cacheWrite),
      outputTokens: counts.output,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
      cacheWrite1hTokens: counts.cacheWrite1h,
      reasoningTokens: counts.thinking,
    },
    input !== undefined && (cacheRead ?? 0) + (cacheWrite ?? 0) > 0,
  );
  // Most calls state that they searched 0 times.
  return withUnits(tokens, { webSearches: (counts.webSearches ?? 0) > 0 ? counts.webSearches : undefined });
}
