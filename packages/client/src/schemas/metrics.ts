import { z } from 'zod';

export const systemMetricsQuerySchema = z.object({
  minutes: z.coerce.number().positive().max(44_640).default(60).describe('How far back'),
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
  minutes: z.number(),
  interval_seconds: z.number().describe('Time between two rows'),
  metrics: z.array(systemMetricSchema).describe('Oldest first; the latest when there are more than 10,000'),
});

export const metricsSummaryQuerySchema = z.object({
  hours: z.coerce.number().positive().max(8760).default(24).describe('How far back'),
});

const spread = z.object({ average: figure, min: figure, max: figure, latest: figure });

export const metricsSummarySchema = z.object({
  hours: z.number(),
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
