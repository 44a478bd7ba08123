import type { Usage } from '@vedetta/model';
import type { Json } from '../json.js';
import { asCount, asList, objectOrNothing } from '../json.js';
import { openAiUsage } from '../openai/usage.js';
import { reportedUsage, sumOf } from '../usage-counts.js';

/**
 * Gemini's `usageMetadata`. The prompt includes cached tokens but not those of tool use; the candidates leave thoughts out.
 * In a stream every chunk has it, cumulative.
 */
export function geminiUsage(metadata: Json): Usage | undefined {
  const thoughts = asCount(metadata.thoughtsTokenCount);
  const answer = asCount(metadata.candidatesTokenCount) ?? asCount(metadata.responseTokenCount);
  const prompt = asCount(metadata.promptTokenCount);
  const inputs = [metadata.promptTokensDetails, metadata.toolUsePromptTokensDetails];
  const output = metadata.candidatesTokensDetails ?? metadata.responseTokensDetails;
  return reportedUsage({
    inputTokens: sumOf(prompt, asCount(metadata.toolUsePromptTokenCount)),
    outputTokens: answer === undefined ? thoughts : sumOf(answer, thoughts),
    cacheReadTokens: asCount(metadata.cachedContentTokenCount),
    reasoningTokens: thoughts,
    audioInputTokens: ofModality('AUDIO', inputs),
    audioOutputTokens: ofModality('AUDIO', [output]),
    imageInputTokens: ofModality('IMAGE', inputs),
    imageOutputTokens: ofModality('IMAGE', [output]),
    statedTotalTokens: asCount(metadata.totalTokenCount),
  });
}

/**
 * Usage of Gemini's API in OpenAI's shape: thoughts are in no count but the total, so what the total has beyond input and
 * output is theirs.
 */
export function geminiCompatibleUsage(value: unknown): Usage | undefined {
  const usage = openAiUsage(value);
  const { inputTokens, outputTokens = 0, reasoningTokens, statedTotalTokens = 0 } = usage ?? {};
  const thoughts = inputTokens === undefined ? 0 : statedTotalTokens - inputTokens - outputTokens;
  if (usage === undefined || thoughts <= 0 || reasoningTokens !== undefined) return usage;
  return { ...usage, outputTokens: outputTokens + thoughts, reasoningTokens: thoughts };
}

function ofModality(modality: string, lists: readonly unknown[]): number | undefined {
  let sum: number | undefined;
  for (const list of lists) {
    for (const item of asList(list).slice(0, 20)) {
      const { modality: name, tokenCount } = objectOrNothing(item);
      if (name === modality) sum = (sum ?? 0) + (asCount(tokenCount) ?? 0);
    }
  }
  return sum;
}
