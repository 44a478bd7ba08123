import type { Span } from '@vedetta/model';
import type { DerivedMetricsOf } from './subject.js';
import { durationSeconds, exemplarOf, isLlmCall } from './subject.js';

/** Bounds that the OpenTelemetry GenAI conventions advise for counts of tokens. */
const TOKEN_BOUNDS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
/** And for the time to the first token. */
const FIRST_TOKEN_BOUNDS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** And for the time of each further token. */
const NEXT_TOKEN_BOUNDS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const LABELS = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model', 'gen_ai_response_model'];

/** The client metrics of the OpenTelemetry GenAI conventions, under the names that Prometheus gives them. */
export const genAiMetrics: DerivedMetricsOf = (registry) => {
  const seconds = registry.histogram({
    name: 'gen_ai_client_operation_duration_seconds',
    help: 'Time of a GenAI operation (gen_ai.client.operation.duration).',
    labels: [...LABELS, 'error_type'],
  });
  const tokens = registry.histogram({
    name: 'gen_ai_client_token_usage',
    help: 'Tokens of an LLM call (gen_ai.client.token.usage).',
    labels: [...LABELS, 'gen_ai_token_type'],
    bounds: TOKEN_BOUNDS,
  });
  const firstToken = registry.histogram({
    name: 'gen_ai_server_time_to_first_token_seconds',
    help: 'Time to the first token of a streamed answer (gen_ai.server.time_to_first_token).',
    labels: LABELS,
    bounds: FIRST_TOKEN_BOUNDS,
  });
  const nextToken = registry.histogram({
    name: 'gen_ai_server_time_per_output_token_seconds',
    help: 'Mean time of each token after the first (gen_ai.server.time_per_output_token).',
    labels: LABELS,
    bounds: NEXT_TOKEN_BOUNDS,
  });
  return {
    span(span) {
      const { genAi } = span;
      if (genAi === undefined || genAi.operation === '') return;
      const labels = [genAi.operation, genAi.provider, genAi.requestModel, genAi.responseModel];
      const duration = durationSeconds(span);
      seconds.observe([...labels, errorTypeOf(span)], duration, exemplarOf(span, duration));
      if (!isLlmCall(span)) return;
      const { inputTokens, outputTokens } = genAi.usage ?? {};
      if (inputTokens !== undefined) tokens.observe([...labels, 'input'], inputTokens);
      if (outputTokens !== undefined) tokens.observe([...labels, 'output'], outputTokens);
      if (genAi.timeToFirstTokenMs === undefined) return;
      const first = genAi.timeToFirstTokenMs / 1000;
      firstToken.observe(labels, first, exemplarOf(span, first));
      if (outputTokens !== undefined && outputTokens > 1) {
        nextToken.observe(labels, Math.max(0, duration - first) / (outputTokens - 1));
      }
    },
  };
};

function errorTypeOf({ statusCode, facts }: Span): string {
  return statusCode === 2 || facts.errorType !== undefined ? (facts.errorType ?? '_OTHER') : '';
}
