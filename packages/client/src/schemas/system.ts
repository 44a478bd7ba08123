import { z } from 'zod';
import { statusPricesSchema } from './prices.js';

/** The monitor itself: what the status bar and `vedetta status` show. */
export const statusSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  problems: z.array(z.string()).describe('Why it is degraded; empty when ok'),
  version: z.string(),
  pid: z.int(),
  started_at: z.string(),
  uptime_seconds: z.number(),
  now: z.string().describe('Time of the server, for elapsed times'),
  has_data: z.boolean().describe('false until the first request was ever stored'),
  active_requests: z.int(),
  total_requests: z.int(),
  failed_requests: z.int().describe('In the last 24 hours'),
  success_rate: z.number().nullable().describe('In the last 24 hours'),
  average_response_ms: z.number().nullable().describe('In the last 24 hours'),
  available_models: z
    .array(z.string())
    .describe('Models that an upstream serves now, or that requests of the last 24 hours were made to'),
  unreachable_upstreams: z.array(z.string()).describe('Upstreams whose latest check failed; see `/api/models`'),
  endpoints: z.object({ page: z.string(), api: z.string(), otlp: z.array(z.string()) }),
  store: z.object({
    engine: z.string(),
    path: z.string(),
    size_bytes: z.number(),
    requests: z.int(),
    spans: z.int(),
    oldest_request: z.string().nullable(),
    retention_days: z.number(),
  }),
  ingest: z.object({
    received_spans_total: z.int(),
    stored_spans_total: z.int(),
    duplicate_spans_total: z.int(),
    rejected_spans_total: z.int(),
    refused_busy_total: z.int(),
    queued_spans: z.int(),
    redactions_total: z.int(),
    last_commit_ms: z.number().nullable(),
  }),
  samples: z
    .object({
      series: z.int(),
      max_series: z.int(),
      stored_total: z.int().describe('Since the start, as all totals here'),
      duplicate_total: z.int(),
      rejected_total: z.record(z.string(), z.int()).describe('By reason'),
      log_bytes: z.int().describe('Log that the next start has to read'),
      head_bytes: z.int().describe('Packed samples in memory'),
      retention_days: z.number(),
    })
    .describe('Metric samples'),
  prices: statusPricesSchema,
  gateway: z.object({
    upstreams: z.array(z.string()).describe('Names under /gateway/, those without an address too'),
    active_calls: z.int(),
    calls_total: z.int(),
    recorded_calls_total: z.int().describe('LLM calls whose spans were handed to the store'),
    unrecorded_calls_total: z.int().describe('Calls of routes that call no model'),
    dropped_calls_total: z.int().describe('LLM calls that were not recorded because too many waited'),
    dropped_spans_total: z.int().describe('Spans of calls that the store did not take'),
    capture_errors_total: z.int().describe('Times that recording failed; the calls went on'),
    usage_asked_total: z.int().describe("Streams whose usage was asked for in the client's stead"),
    waiting_spans: z.int(),
    ollama_url: z.string().nullable().describe('What OLLAMA_HOST may point at; null when there is no such port'),
  }),
  privacy: z.object({ content: z.enum(['off', 'preview', 'full', 'numbers']), preview_characters: z.int() }),
});

/** Health in the shape of a dependency check. */
export const healthSchema = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: z.string(),
  checks: z.record(
    z.string(),
    z.object({
      status: z.enum(['healthy', 'unhealthy', 'error']),
      response_time: z.number().describe('Milliseconds'),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
  overall_score: z.number().describe('0 to 100: healthy from 90, degraded from 70'),
});

export const postEventSchema = z.strictObject({
  event_name: z.string().min(1).max(200),
  request_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Absent: the event stands alone. It need not be known yet'),
  timestamp: z.string().optional().describe('ISO 8601; now by default'),
  data: z.record(z.string(), z.unknown()).default({}),
});

export const postEventResponseSchema = z.object({
  event_id: z.string(),
  request_id: z.string(),
  timestamp: z.string(),
});

export const postScoreSchema = z
  .strictObject({
    name: z.string().min(1).max(200).default('satisfaction'),
    value: z.number().optional(),
    thumb: z.enum(['up', 'down']).optional(),
    label: z.string().max(200).optional(),
    comment: z.string().max(10_000).optional(),
  })
  .refine((score) => score.value !== undefined || score.thumb !== undefined || score.label !== undefined, {
    message: 'one of value, thumb or label is needed',
  });

export const postScoreResponseSchema = z.object({ score_id: z.string(), request_id: z.string() });

export const clearLogsQuerySchema = z.object({
  days: z.coerce.number().nonnegative().describe('Delete what is older than this many days; 0 deletes everything'),
  samples_days: z.coerce
    .number()
    .nonnegative()
    .optional()
    .describe('Of metric samples delete what is older than this many days; as `days` when absent'),
});

export const clearLogsResponseSchema = z.object({
  deleted: z.int().describe('Requests deleted'),
  requests: z.int(),
  spans: z.int(),
  phases: z.int(),
  events: z.int(),
  samples: z.int().describe('Metric samples deleted; the newest two hours of a series go only with all of it'),
  series: z.int().describe('Series of metrics of which nothing is left'),
  older_than: z.string(),
  archived: z.int().describe('Requests written to the archive before they were deleted; 0 when it is off'),
  archive_dir: z.string().nullable().describe("Folder of the archive on the server's machine; null when it is off"),
});

export const sqlRequestSchema = z.strictObject({
  sql: z.string().min(1).max(100_000),
  max_rows: z.int().min(1).max(100_000).optional(),
  timeout_ms: z.int().min(1).max(60_000).optional(),
});

export const sqlResponseSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.record(z.string(), z.unknown())),
  row_count: z.int(),
  truncated: z.boolean(),
  elapsed_ms: z.number(),
});
