import { z } from 'zod';

/** RFC 9457 problem details: every error of the API has this body, as `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string().describe('URI reference of the kind of problem, `about:blank` when the status says it all'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What failed, the offending value, and what to do'),
  instance: z.string().optional().describe('Path that was asked'),
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .describe('One entry for each field at fault'),
});

/** A time in a query. */
export const timeQuerySchema = z
  .string()
  .describe('ISO 8601 time, milliseconds since the epoch, or a duration back from now such as `15m`, `24h`, `7d`');

/** Query parameters that say which requests a question is about; absent ones do not restrict. */
export const scopeQuerySchema = z.object({
  from: timeQuerySchema.optional().describe('Start of the range, inclusive; 24 hours before `to` by default'),
  to: timeQuerySchema.optional().describe('End of the range, exclusive; now by default'),
  model: z.string().optional(),
  modality: z.string().optional(),
  status: z
    .string()
    .optional()
    .describe('`running`, `completed`, `failed`, `timeout` or `cancelled`; several with commas'),
  user: z.string().optional(),
  session: z.string().optional(),
  service: z.string().optional(),
  min_duration_ms: z.coerce.number().nonnegative().optional(),
  max_duration_ms: z.coerce.number().nonnegative().optional(),
  q: z
    .string()
    .max(2000)
    .optional()
    .describe('Filter language: words search text; `model:gpt-4o latency:>2s -status:completed` compare fields'),
});

export const durationStatsSchema = z.object({
  mean_ms: z.number().nullable(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  p99_ms: z.number().nullable(),
  max_ms: z.number().nullable(),
});
