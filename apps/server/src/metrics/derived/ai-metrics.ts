import type { Usage } from '@vedetta/model';
import type { DerivedMetricsOf } from './subject.js';
import { durationSeconds, exemplarOf, isLlmCall } from './subject.js';

/** Kinds of tokens as the label `type`; parts are counted beside the total they belong to. */
const TOKENS: readonly (readonly [type: string, of: (usage: Usage) => number | undefined])[] = [
  ['input', (usage) => usage.inputTokens],
  ['output', (usage) => usage.outputTokens],
  ['cache_read', (usage) => usage.cacheReadTokens],
  ['cache_write', (usage) => usage.cacheWriteTokens],
  ['reasoning', (usage) => usage.reasoningTokens],
];

/** LLM calls by model and operation. */
export const aiMetrics: DerivedMetricsOf = (registry) => {
  const requests = registry.counter({ name: 'ai_requests_total', help: 'LLM calls.', labels: ['model', 'type'] });
  const errors = registry.counter({
    name: 'ai_errors_total',
    help: 'LLM calls that failed, by state.',
    labels: ['model', 'type', 'status'],
  });
  const seconds = registry.histogram({
    name: 'ai_response_duration_seconds',
    help: 'Time of an LLM call.',
    labels: ['model', 'type'],
  });
  const tokens = registry.counter({
    name: 'ai_tokens_used_total',
    help: 'Tokens of LLM calls. Types cache_read and cache_write are part of input, reasoning is part of output.',
    labels: ['model', 'type'],
  });
  const cost = registry.counter({
    name: 'ai_cost_usd_total',
    help: 'Known cost of LLM calls in US dollars.',
    labels: ['model'],
  });
  return {
    span(span) {
      const { genAi } = span;
      if (genAi === undefined || !isLlmCall(span)) return;
      const model = genAi.responseModel ?? genAi.requestModel ?? 'unknown';
      const type = genAi.operation;
      const duration = durationSeconds(span);
      const exemplar = exemplarOf(span, duration);
      requests.add([model, type], 1, exemplar);
      seconds.observe([model, type], duration, exemplar);
      if (span.statusCode === 2 || span.facts.state !== undefined)
        errors.add([model, type, span.facts.state ?? 'failed'], 1, exemplar);
      if (genAi.usage !== undefined) {
        for (const [kind, of] of TOKENS) tokens.add([model, kind], of(genAi.usage) ?? 0);
      }
      const usd = genAi.cost?.usd ?? genAi.suppliedCostUsd;
      if (usd !== undefined) cost.add([model], usd);
    },
  };
};
