import {
  metricsSummaryQuerySchema,
  metricsSummarySchema,
  systemMetricsQuerySchema,
  systemMetricsSchema,
} from '@vedetta/client/schemas';
import type { EndpointMetrics, SystemMetricRow } from '@vedetta/store';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MAX_ROWS = 10_000;
/** A year of samples every thirty seconds. */
const MAX_SUMMED_ROWS = 1_100_000;
const MAX_ENDPOINTS = 1000;

/** How the machine was, and what HTTP servers answered. */
export async function systemMetricRoutes(app: TypedApp, { store, config, now }: ServerContext): Promise<void> {
  app.get(
    '/api/metrics/system',
    {
      schema: {
        tags: ['System'],
        summary: 'CPU, memory, disk, network and connections of the last minutes',
        querystring: systemMetricsQuerySchema.strict(),
        response: { 200: systemMetricsSchema },
      },
    },
    async ({ query: { minutes } }) => {
      const rows = await store.systemMetrics.recent(last(now(), minutes * MINUTE_MS), MAX_ROWS);
      return { minutes, interval_seconds: config.metrics.intervalSeconds, metrics: rows.map(toJson) };
    },
  );

  app.get(
    '/api/metrics/summary',
    {
      schema: {
        tags: ['System'],
        summary: 'The machine and the HTTP requests of the last hours, summed up',
        querystring: metricsSummaryQuerySchema.strict(),
        response: { 200: metricsSummarySchema },
      },
    },
    async ({ query: { hours } }) => {
      const range = last(now(), hours * HOUR_MS);
      const [rows, endpoints] = await Promise.all([
        store.systemMetrics.recent(range, MAX_SUMMED_ROWS),
        store.systemMetrics.endpoints(range, MAX_ENDPOINTS),
      ]);
      return { hours, system: sumSystem(rows), api: sumApi(endpoints, hours * 3600) };
    },
  );
}

function last(nowUnixMs: number, ms: number) {
  return { fromUnixMs: nowUnixMs - ms, toUnixMs: nowUnixMs + 1 };
}

function toJson(row: SystemMetricRow) {
  return {
    timestamp: new Date(row.timestampMs).toISOString(),
    cpu_percent: row.cpuPercent ?? null,
    memory_percent: row.memoryPercent ?? null,
    memory_used_mb: row.memoryUsedMb ?? null,
    memory_available_mb: row.memoryAvailableMb ?? null,
    disk_usage_percent: row.diskUsagePercent ?? null,
    disk_free_gb: row.diskFreeGb ?? null,
    network_bytes_sent: row.networkBytesSent ?? null,
    network_bytes_recv: row.networkBytesRecv ?? null,
    active_connections: row.activeConnections ?? null,
  };
}

function sumSystem(rows: readonly SystemMetricRow[]) {
  const of = (key: keyof SystemMetricRow) => rows.map((row) => row[key]).filter((value) => value !== undefined);
  return {
    samples: rows.length,
    cpu_percent: spread(of('cpuPercent')),
    memory_percent: spread(of('memoryPercent')),
    disk_usage_percent: spread(of('diskUsagePercent')),
    active_connections: spread(of('activeConnections')),
    network_bytes_sent: increase(of('networkBytesSent')),
    network_bytes_recv: increase(of('networkBytesRecv')),
  };
}

function spread(values: readonly number[]) {
  if (values.length === 0) return { average: null, min: null, max: null, latest: null };
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { average: sum / values.length, min, max, latest: values.at(-1) ?? null };
}

/** How far a counter came; where it falls, the machine started anew and it counts from 0. */
function increase(values: readonly number[]): number {
  let total = 0;
  let before = values[0] ?? 0;
  for (const value of values) {
    total += value >= before ? value - before : value;
    before = value;
  }
  return total;
}

function sumApi(endpoints: readonly EndpointMetrics[], seconds: number) {
  const statuses: Record<string, number> = {};
  let requests = 0;
  let errors = 0;
  for (const endpoint of endpoints) {
    requests += endpoint.requests;
    errors += endpoint.errors;
    for (const [status, count] of Object.entries(endpoint.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  }
  return {
    requests,
    errors,
    requests_per_second: requests / seconds,
    statuses,
    endpoints: endpoints.map((endpoint) => ({
      endpoint: endpoint.endpoint,
      method: endpoint.method,
      requests: endpoint.requests,
      errors: endpoint.errors,
      average_ms: endpoint.averageMs,
      p50_ms: endpoint.p50Ms,
      p95_ms: endpoint.p95Ms,
      p99_ms: endpoint.p99Ms,
      average_request_bytes: endpoint.averageRequestBytes ?? null,
      average_response_bytes: endpoint.averageResponseBytes ?? null,
      statuses: { ...endpoint.statuses },
    })),
  };
}
