import { z } from 'zod';
import { durationStatsSchema, scopeQuerySchema } from './common.js';

export const requestStatusSchema = z.enum(['running', 'completed', 'failed', 'timeout', 'cancelled']);

/** One request with totals over its spans. Absent figures are null, never 0. */
export const requestSchema = z.object({
  request_id: z.string(),
  trace_id: z.string(),
  root_span_id: z.string(),
  parent_request_id: z.string().nullable(),
  name: z.string(),
  service: z.string(),
  start_time: z.string().describe('ISO 8601, UTC, microseconds'),
  end_time: z.string().nullable(),
  duration_ms: z.number().nullable().describe('null while it runs'),
  elapsed_ms: z.number().nullable().describe('Time since the start while it runs, else null'),
  status: requestStatusSchema,
  modality: z.string(),
  model: z.string(),
  provider: z.string(),
  stream: z.boolean(),
  user_id: z.string(),
  session_id: z.string(),
  tags: z.array(z.string()),
  request_size_bytes: z.number().nullable(),
  response_size_bytes: z.number().nullable(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  cache_read_tokens: z.number().nullable(),
  cache_write_tokens: z.number().nullable(),
  reasoning_tokens: z.number().nullable(),
  usage_estimated: z.boolean().describe('Tokens of a call were estimated'),
  cost_usd: z
    .number()
    .nullable()
    .describe('Supplied or priced; null when unknown, partial when `unpriced_calls` is not 0'),
  cost_estimated: z.boolean().describe('The cost rests on estimated tokens'),
  unpriced_calls: z.int().describe('LLM calls with usage whose price is not known'),
  time_to_first_token_ms: z.number().nullable(),
  llm_calls: z.int(),
  span_count: z.int(),
  error_type: z.string(),
  error_message: z.string(),
  error_fingerprint: z.string(),
  input_preview: z.string(),
  output_preview: z.string(),
  custom_data: z.unknown().describe('The data given at the end of the request, or null'),
  current_phase: z.string(),
});

/** Orders of the list of requests: by start, duration, tokens (input and output), cost or time to first token. */
const REQUEST_SORTS = [
  'start:desc',
  'start:asc',
  'duration:desc',
  'duration:asc',
  'tokens:desc',
  'tokens:asc',
  'cost:desc',
  'cost:asc',
  'ttft:desc',
  'ttft:asc',
] as const;

export const listRequestsQuerySchema = scopeQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().max(2000).optional().describe('`next_cursor` of the page before, of the same sort'),
  sort: z
    .enum(REQUEST_SORTS)
    .optional()
    .describe(
      'Figure and direction; requests without the figure come last, equals newest first. Default: `start:desc`',
    ),
});

export const requestPageSchema = z.object({
  requests: z.array(requestSchema),
  next_cursor: z.string().nullable(),
});

export const phaseSchema = z.object({
  span_id: z.string(),
  phase: z.string(),
  start_time: z.string(),
  end_time: z.string(),
  offset_ms: z.number().describe('From the start of the request'),
  duration_ms: z.number(),
  share: z.number().nullable().describe('Of the request, 0 to 1; null while it runs'),
  success: z.boolean(),
  metadata: z.unknown(),
});

export const customEventSchema = z.object({
  event_id: z.string(),
  request_id: z.string(),
  event_name: z.string(),
  timestamp: z.string(),
  offset_ms: z.number().nullable(),
  data: z.unknown(),
});

export const scoreSchema = z.object({
  score_id: z.string(),
  request_id: z.string(),
  name: z.string(),
  value: z.number().nullable(),
  label: z.string(),
  comment: z.string(),
  timestamp: z.string(),
});

export const spanSchema = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  request_id: z.string(),
  name: z.string(),
  kind: z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
  start_time: z.string(),
  end_time: z.string().nullable(),
  offset_ms: z.number(),
  duration_ms: z.number().nullable(),
  status: z.enum(['unset', 'ok', 'error']),
  status_message: z.string(),
  service: z.string(),
  scope_name: z.string(),
  scope_version: z.string(),
  resource: z.record(z.string(), z.unknown()),
  attributes: z.record(z.string(), z.unknown()),
  events: z.array(
    z.object({
      name: z.string(),
      time: z.string(),
      offset_ms: z.number(),
      attributes: z.record(z.string(), z.unknown()),
    }),
  ),
  links: z.array(
    z.object({ trace_id: z.string(), span_id: z.string(), attributes: z.record(z.string(), z.unknown()) }),
  ),
  gen_ai: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('What the normalisation rules found, in the vocabulary of the OpenTelemetry GenAI conventions'),
});

/** Where counts come from: the provider, what was sent (of units only), a tokeniser or a lower bound, or the user's own code. */
const usageSourceSchema = z.enum(['reported', 'counted', 'estimated', 'supplied']);

const amount = z.number().optional();

/** What a call is billed for beside tokens; absent is not known. */
const billedUnitsSchema = z.object({
  input_images: amount,
  output_images: amount.describe('Pictures made'),
  input_seconds: amount.describe('Of audio or video'),
  output_seconds: amount,
  input_characters: amount.describe('Unicode code points'),
  output_characters: amount,
  search_units: amount.describe('As a provider of rankings bills them'),
  web_searches: amount,
  pages: amount,
  image_size: z.string().optional().describe('`1024x1024`'),
  image_quality: z.string().optional().describe('`hd`, `low`...'),
  units_source: usageSourceSchema,
});

/** A finished call of a model. Absent figures are null, never 0. */
export const llmCallSchema = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  request_id: z.string(),
  start_time: z.string(),
  end_time: z.string(),
  duration_ms: z.number(),
  status: z.enum(['completed', 'failed', 'timeout', 'cancelled']),
  error_type: z.string(),
  provider: z.string(),
  model: z.string().describe('Model that answered, else the one asked for'),
  request_model: z.string(),
  operation: z.string(),
  response_id: z.string(),
  finish_reasons: z
    .array(z.string())
    .describe('Of each choice: `stop`, `length`, `content_filter`, `tool_call`, `error`, or the word of the provider'),
  stream: z.boolean(),
  time_to_first_token_ms: z.number().nullable().describe('To the first content, reasoning included'),
  time_to_first_visible_ms: z
    .number()
    .nullable()
    .describe('To the first content that is no reasoning; null where nobody told them apart'),
  tokens_per_second: z
    .number()
    .nullable()
    .describe('Output tokens by the time after the first token of a stream, else by the whole duration'),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  cache_read_tokens: z.number().nullable(),
  cache_write_tokens: z.number().nullable(),
  cache_write_1h_tokens: z.number().nullable(),
  reasoning_tokens: z.number().nullable(),
  audio_input_tokens: z.number().nullable(),
  audio_output_tokens: z.number().nullable(),
  image_input_tokens: z.number().nullable(),
  image_output_tokens: z.number().nullable(),
  billed_units: billedUnitsSchema.nullable().describe('What the call is billed for beside tokens'),
  usage_source: usageSourceSchema.nullable().describe('Of the tokens above; without any, of the units'),
  usage_sampled: z.boolean().describe('Too long to count whole: projected from a sample'),
  other_usage: z
    .array(
      z.object({
        source: usageSourceSchema,
        input_tokens: z.number().nullable(),
        output_tokens: z.number().nullable(),
      }),
    )
    .describe('What others said of the same call; never added up'),
  service_tier: z.string(),
  cost_usd: z.number().nullable().describe('null when it is not known'),
  cost_source: z
    .enum(['supplied', 'priced', 'local'])
    .nullable()
    .describe('By the sender, by the price list, or 0 on the own machine'),
  cost_estimated: z.boolean().describe('The tokens or units behind the cost were estimated'),
  price_key: z.string().nullable().describe('Entry of the price list: `openai/gpt-4o`'),
  price_date: z.string().nullable().describe('Date of that price list'),
  elsewhere_usd: z.number().nullable().describe('Of a local model: what the same tokens cost at `elsewhere_key`'),
  elsewhere_key: z.string().nullable(),
});

/** One request with everything that is known about it: what a waterfall needs. */
export const requestTimelineSchema = z.object({
  request: requestSchema,
  phases: z.array(phaseSchema),
  bottlenecks: z
    .array(z.object({ phase: z.string(), duration_ms: z.number(), share: z.number() }))
    .describe('Phases that take the largest shares of the request, largest first'),
  llm_calls: z.array(llmCallSchema).describe('By start; a call that several instrumentations report is there once'),
  events: z.array(customEventSchema),
  scores: z.array(scoreSchema),
  spans: z.array(spanSchema),
  related: z.array(requestSchema).describe('Other requests of the same trace'),
});

export const activeRequestsSchema = z.object({ requests: z.array(requestSchema) });

export const errorsSchema = z.object({
  groups: z.array(
    z.object({
      fingerprint: z.string(),
      error_type: z.string(),
      error_message: z.string(),
      count: z.int(),
      first_seen: z.string(),
      last_seen: z.string(),
      last_request_id: z.string(),
      models: z.array(z.string()),
    }),
  ),
  recent: z.array(requestSchema),
});

export const statsSchema = z.object({
  from: z.string(),
  to: z.string(),
  total: z.int(),
  active: z.int(),
  completed: z.int(),
  failed: z.int(),
  timeout: z.int(),
  cancelled: z.int(),
  success_rate: z.number().nullable().describe('completed / (completed + failed + timeout), 0 to 1'),
  duration: durationStatsSchema,
  time_to_first_token: durationStatsSchema,
  input_tokens: z.number(),
  output_tokens: z.number(),
  total_tokens: z.number(),
  cache_read_tokens: z.number(),
  reasoning_tokens: z.number(),
  cost_usd: z.number().nullable().describe('null when no cost is known, partial when `unpriced_calls` is not 0'),
  unpriced_calls: z
    .int()
    .describe('LLM calls with usage whose price is not known; `q=unpriced:>0` finds their requests'),
  usage_estimated_requests: z.int().describe('Requests with estimated tokens; `q=estimated:true` finds them'),
  cost_estimated_requests: z.int().describe('Requests whose part of `cost_usd` rests on estimated tokens'),
  llm_calls: z.int(),
  users: z.int(),
  sessions: z.int(),
  phases: z.array(
    z.object({
      phase: z.string(),
      count: z.int(),
      failed: z.int(),
      total_ms: z.number(),
      share: z.number().describe('Of the time of all phases, 0 to 1'),
      duration: durationStatsSchema,
    }),
  ),
});

export const timelineQuerySchema = scopeQuerySchema.extend({
  step_ms: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Width of a bucket; chosen for about 120 buckets by default'),
});

export const timelineSchema = z.object({
  from: z.string(),
  to: z.string(),
  step_ms: z.int(),
  buckets: z.array(
    z.object({
      start: z.string(),
      total: z.int(),
      completed: z.int(),
      failed: z.int(),
      mean_ms: z.number().nullable(),
      p50_ms: z.number().nullable(),
      p95_ms: z.number().nullable(),
      input_tokens: z.number(),
      output_tokens: z.number(),
    }),
  ),
});

export const dailyQuerySchema = scopeQuerySchema.extend({
  time_zone: z.string().default('UTC').describe('IANA name, such as `Europe/Rome`'),
});

export const dailySchema = z.object({
  days: z.array(
    z.object({
      day: z.string(),
      total: z.int(),
      failed: z.int(),
      success_rate: z.number().nullable(),
      duration: durationStatsSchema,
      input_tokens: z.number(),
      output_tokens: z.number(),
      cost_usd: z.number().nullable(),
      users: z.int(),
    }),
  ),
});

export const distributionKeySchema = z.enum([
  'modality',
  'model',
  'provider',
  'status',
  'service',
  'user',
  'session',
  'name',
]);

export const distributionSchema = z.object({
  by: distributionKeySchema,
  rows: z.array(
    z.object({
      value: z.string(),
      count: z.int(),
      share: z.number(),
      failed: z.int(),
      success_rate: z.number().nullable(),
      duration: durationStatsSchema,
      input_tokens: z.number(),
      output_tokens: z.number(),
      cost_usd: z.number().nullable(),
    }),
  ),
});

export const limitQuerySchema = scopeQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
