import {
  MAX_SUMMARY_HOURS,
  MAX_SYSTEM_MINUTES,
  metricsSummaryQuerySchema,
  metricsSummarySchema,
  systemMetricsQuerySchema,
  systemMetricsSchema,
} from '@vedetta/client/schemas';
import type { TimeRange } from '@vedetta/model';
import type { EndpointMetrics, SystemMetricRow } from '@vedetta/store';
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
      const [rows, endpoints] = await Promise.all([
        store.systemMetrics.recent(range, MAX_SUMMED_ROWS),
        store.systemMetrics.endpoints(range, MAX_ENDPOINTS),
      ]);
      const { from, to, length: hours } = statedRange(range, HOURS);
      return { from, to, hours, system: sumSystem(rows), api: sumApi(endpoints, hours * 3600) };
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
