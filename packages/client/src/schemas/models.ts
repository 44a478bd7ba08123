import { z } from 'zod';
import { durationStatsSchema } from './common.js';

/** Whether a model answers now: `unknown` while its provider is not asked, or does not list its models. */
export const availabilitySchema = z.enum(['available', 'unavailable', 'unknown']);

/** An address where models are served, and what its latest check found. */
export const upstreamSchema = z.object({
  name: z.string(),
  provider: z.string(),
  url: z.string().describe('Without credentials'),
  state: z.enum(['reachable', 'unreachable', 'unchecked']),
  checked_at: z.string().nullable(),
  response_ms: z.number().nullable(),
  listed_models: z.int().nullable().describe('null when it does not list its models'),
  reason: z.string().describe('Why it is unreachable, not checked, or lists no models; empty when all is well'),
  load: z
    .object({
      running_requests: z.number().nullable(),
      waiting_requests: z.number().nullable(),
      cache_usage: z.number().nullable().describe('Of the key-value cache, 0 to 1'),
      prompt_tokens_total: z.number().nullable(),
      generated_tokens_total: z.number().nullable(),
    })
    .nullable()
    .describe("What the inference engine's own metrics say (vLLM, llama.cpp); null when it has none"),
});

/** A model: what its provider says of it, and how the LLM calls in the range went. */
export const modelSchema = z.object({
  model: z.string(),
  provider: z.string(),
  upstream: z.string().describe('Where it is served; empty when no upstream lists it'),
  availability: availabilitySchema,
  loaded: z.boolean().nullable().describe('In memory now; null where the provider does not say'),
  vram_bytes: z.number().nullable(),
  size_bytes: z.number().nullable(),
  unloads_at: z.string().nullable(),
  context_length: z.number().nullable(),
  parameter_size: z.string(),
  quantization: z.string(),
  requests: z.int().describe('LLM calls'),
  failed: z.int().describe('Failed and timed out'),
  cancelled: z.int(),
  success_rate: z.number().nullable(),
  average_response_ms: z.number().nullable(),
  p95_response_ms: z.number().nullable(),
  duration: durationStatsSchema,
  time_to_first_token: durationStatsSchema,
  tokens_per_second: z
    .number()
    .nullable()
    .describe('Output tokens by the time they took to generate, of all completed calls together'),
  input_tokens: z.number(),
  output_tokens: z.number(),
  total_tokens: z.number(),
  cache_read_tokens: z.number(),
  cache_write_tokens: z.number(),
  reasoning_tokens: z.number(),
  estimated_calls: z.int().describe('Calls whose tokens are estimates'),
  cost_usd: z.number().nullable().describe('null when no call has a known cost'),
  unpriced_calls: z.int().describe('Calls with tokens and no known price: `cost_usd` leaves them out'),
  elsewhere_usd: z.number().nullable().describe('Of local models: what the same tokens would cost elsewhere'),
  first_used: z.string().nullable(),
  last_used: z.string().nullable(),
  scores: z.array(
    z.object({ name: z.string(), average: z.number(), count: z.int(), min: z.number(), max: z.number() }),
  ),
});

/** Models that were called or are served, the most called first. */
export const modelsSchema = z.object({
  upstreams: z.array(upstreamSchema),
  models: z.array(modelSchema),
});
