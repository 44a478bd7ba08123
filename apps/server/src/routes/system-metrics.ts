import {
  MAX_SUMMARY_HOURS,
  MAX_SYSTEM_MINUTES,
  metricsSummaryQuerySchema,
  metricsSummarySchema,
  systemMetricsQuerySchema,
  systemMetricsSchema,
} from '@vedetta/client/schemas';
import type { TimeRange } from '@vedetta/model';
import type { EndpointMetrics, SystemFigure, SystemMetricRow, SystemMetricSummary } from '@vedetta/store';
import { invalidField } from '../http/problem.js';
import { toTimeRange } from '../http/time-query.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

/** How a route states the length of its range. */
interface LengthUnit {
  readonly name: 'minutes' | 'hours';
  readonly ms: number;
  /** Where the query says nothing. */
  readonly standard: number;
  readonly max: number;
}
const MINUTES: LengthUnit = { name: 'minutes', ms: 60_000, standard: 60, max: MAX_SYSTEM_MINUTES };
const HOURS: LengthUnit = { name: 'hours', ms: 3_600_000, standard: 24, max: MAX_SUMMARY_HOURS };
const MAX_ROWS = 10_000;
const MAX_ENDPOINTS = 1000;

/** How the machine was, and what HTTP servers answered. */
export async function systemMetricRoutes(app: TypedApp, { store, config, now }: ServerContext): Promise<void> {
  app.get(
    '/api/metrics/system',
    {
      schema: {
        tags: ['System'],
        summary: 'CPU, memory, disk, network and connections over a range, the last hour by default',
        querystring: systemMetricsQuerySchema.strict(),
        response: { 200: systemMetricsSchema },
      },
    },
    async ({ query }) => {
      const range = toRange(query, query.minutes, MINUTES, now());
      const rows = await store.systemMetrics.recent(range, MAX_ROWS);
      const { from, to, length: minutes } = statedRange(range, MINUTES);
      return { from, to, minutes, interval_seconds: config.metrics.intervalSeconds, metrics: rows.map(toJson) };
    },
  );

  app.get(
    '/api/metrics/summary',
    {
      schema: {
        tags: ['System'],
        summary: 'The machine and the HTTP requests of a range, the last 24 hours by default, summed up',
        querystring: metricsSummaryQuerySchema.strict(),
        response: { 200: metricsSummarySchema },
      },
    },
    async ({ query }) => {
      const range = toRange(query, query.hours, HOURS, now());
      const [system, endpoints] = await Promise.all([
        store.systemMetrics.summary(range),
        store.systemMetrics.endpoints(range, MAX_ENDPOINTS),
      ]);
      const { from, to, length: hours } = statedRange(range, HOURS);
      return { from, to, hours, system: systemJson(system), api: sumApi(endpoints, hours * 3600) };
    },
  );
}

/** `from` and `to` as everywhere, or a length that ends at `to`. */
function toRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  length: number | undefined,
  unit: LengthUnit,
  now: number,
): TimeRange {
  const { name, ms, standard, max } = unit;
  if (length !== undefined && query.from !== undefined) {
    throw invalidField(
      name,
      `${length} cannot stand beside from, which says where the range starts already; leave one out`,
    );
  }
  const range = toTimeRange(query, now, (length ?? standard) * ms);
  const asked = (range.toUnixMs - range.fromUnixMs) / ms;
  // The end is one past now where the query states none.
  if (Math.floor(asked) > max) {
    throw invalidField(
      'from',
      `the range is ${Math.floor(asked)} ${name} long, at most ${max} are answered; narrow it`,
    );
  }
  return range;
}

/** The range as an answer states it. */
function statedRange({ fromUnixMs, toUnixMs }: TimeRange, { ms }: LengthUnit) {
  const from = new Date(fromUnixMs).toISOString();
  return { from, to: new Date(toUnixMs).toISOString(), length: (toUnixMs - fromUnixMs) / ms };
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

function systemJson(summary: SystemMetricSummary) {
  return {
    samples: summary.samples,
    cpu_percent: figureJson(summary.cpuPercent),
    memory_percent: figureJson(summary.memoryPercent),
    disk_usage_percent: figureJson(summary.diskUsagePercent),
    active_connections: figureJson(summary.activeConnections),
    network_bytes_sent: summary.networkBytesSent,
    network_bytes_recv: summary.networkBytesRecv,
  };
}

function figureJson({ average, min, max, latest }: SystemFigure) {
  return { average: average ?? null, min: min ?? null, max: max ?? null, latest: latest ?? null };
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
