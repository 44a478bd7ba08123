import { z } from 'zod';
import { timeQuerySchema } from './common.js';

/** The largest range of `/api/metrics/system`: 31 days. */
export const MAX_SYSTEM_MINUTES = 44_640;
/** The largest range of `/api/metrics/summary`: a year. */
export const MAX_SUMMARY_HOURS = 8760;

const range = {
  from: timeQuerySchema.optional().describe('Start of the range, inclusive'),
  to: timeQuerySchema.optional().describe('End of the range, exclusive; now by default'),
};

export const systemMetricsQuerySchema = z.object({
  ...range,
  minutes: z.coerce
    .number()
    .positive()
    .max(MAX_SYSTEM_MINUTES)
    .optional()
    .describe('How far back from `to`, instead of `from`; 60 when neither is given'),
});

const figure = z.number().nullable();

/** How the machine was at a time, as a row of the view `system_metrics`. */
export const systemMetricSchema = z.object({
  timestamp: z.string(),
  cpu_percent: figure,
  memory_percent: figure,
  memory_used_mb: figure,
  memory_available_mb: figure,
  disk_usage_percent: figure,
  disk_free_gb: figure,
  network_bytes_sent: figure.describe('Since the interfaces came up'),
  network_bytes_recv: figure.describe('Since the interfaces came up'),
  active_connections: figure,
});

export const systemMetricsSchema = z.object({
  from: z.string(),
  to: z.string(),
  minutes: z.number().describe('Length of the range'),
  interval_seconds: z.number().describe('Time between two rows'),
  metrics: z.array(systemMetricSchema).describe('Oldest first; the latest when there are more than 10,000'),
});

export const metricsSummaryQuerySchema = z.object({
  ...range,
  hours: z.coerce
    .number()
    .positive()
    .max(MAX_SUMMARY_HOURS)
    .optional()
    .describe('How far back from `to`, instead of `from`; 24 when neither is given'),
});

const spread = z.object({ average: figure, min: figure, max: figure, latest: figure });

export const metricsSummarySchema = z.object({
  from: z.string(),
  to: z.string(),
  hours: z.number().describe('Length of the range'),
  system: z.object({
    samples: z.int(),
    cpu_percent: spread,
    memory_percent: spread,
    disk_usage_percent: spread,
    active_connections: spread,
    network_bytes_sent: z.number().describe('Within the time'),
    network_bytes_recv: z.number().describe('Within the time'),
  }),
  api: z.object({
    requests: z.int(),
    errors: z.int(),
    requests_per_second: z.number(),
    statuses: z.record(z.string(), z.int()).describe('Requests by status'),
    endpoints: z
      .array(
        z.object({
          endpoint: z.string(),
          method: z.string(),
          requests: z.int(),
          errors: z.int(),
          average_ms: z.number(),
          p50_ms: z.number(),
          p95_ms: z.number(),
          p99_ms: z.number(),
          average_request_bytes: figure,
          average_response_bytes: figure,
          statuses: z.record(z.string(), z.int()),
        }),
      )
      .describe('Most requests first, at most 1,000; the figures beside are their sums'),
  }),
});
