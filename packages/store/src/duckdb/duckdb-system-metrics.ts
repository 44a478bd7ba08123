import type { DuckDBConnection } from '@duckdb/node-api';
import type { TimeRange } from '@vedetta/model';
import type {
  EndpointMetrics,
  SystemFigure,
  SystemMetricRow,
  SystemMetricStore,
  SystemMetricSummary,
} from '../api/system-metrics.js';
import type { ReaderPool } from './read/reader-pool.js';
import { number } from './rows/request-row.js';
import type { Turnstile } from './turnstile.js';

/** Columns that {@link DuckDbSystemMetrics.summary} spreads out, in this order. */
const FIGURES = ['cpu_percent', 'memory_percent', 'disk_usage_percent', 'active_connections'] as const;
/** Columns that only grow until the machine starts anew. */
const COUNTERS = ['network_bytes_sent', 'network_bytes_recv'] as const;
/** Milliseconds since the epoch whose nanoseconds 64 bits still hold. */
const MAX_MS = 9.2e12;

/** Metrics of the machine and HTTP requests, each in a table of their own. */
export class DuckDbSystemMetrics implements SystemMetricStore {
  readonly #connection: DuckDBConnection;
  readonly #pool: ReaderPool;
  readonly #turnstile: Turnstile;

  constructor(connection: DuckDBConnection, pool: ReaderPool, turnstile: Turnstile) {
    this.#connection = connection;
    this.#pool = pool;
    this.#turnstile = turnstile;
  }

  async write(row: SystemMetricRow): Promise<void> {
    const values = [
      row.cpuPercent,
      row.memoryPercent,
      row.memoryUsedMb,
      row.memoryAvailableMb,
      row.diskUsagePercent,
      row.diskFreeGb,
    ].map((value) => value ?? null);
    const counts = [row.networkBytesSent, row.networkBytesRecv, row.activeConnections].map((value) =>
      value === undefined ? null : String(Math.round(value)),
    );
    await this.#turnstile.run(() =>
      this.#connection.run(
        `INSERT INTO data.system_metrics VALUES (?::BIGINT, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE,
          ?::BIGINT, ?::BIGINT, ?::INTEGER)`,
        [String(Math.round(row.timestampMs)), ...values, ...counts],
      ),
    );
  }

  async recent({ fromUnixMs, toUnixMs }: TimeRange, limit: number): Promise<readonly SystemMetricRow[]> {
    const rows = await this.#pool.rows(
      `SELECT time_ms, cpu_percent, memory_percent, memory_used_mb, memory_available_mb, disk_usage_percent, disk_free_gb,
        network_bytes_sent, network_bytes_recv, active_connections
      FROM data.system_metrics WHERE time_ms >= ?::BIGINT AND time_ms < ?::BIGINT ORDER BY time_ms DESC LIMIT ?::INTEGER`,
      [String(Math.ceil(fromUnixMs)), String(Math.ceil(toUnixMs)), limit],
    );
    return rows.toReversed().map((row) => ({
      timestampMs: Number(row[0]),
      cpuPercent: number(row[1]),
      memoryPercent: number(row[2]),
      memoryUsedMb: number(row[3]),
      memoryAvailableMb: number(row[4]),
      diskUsagePercent: number(row[5]),
      diskFreeGb: number(row[6]),
      networkBytesSent: number(row[7]),
      networkBytesRecv: number(row[8]),
      activeConnections: number(row[9]),
    }));
  }

  async summary({ fromUnixMs, toUnixMs }: TimeRange): Promise<SystemMetricSummary> {
    const figures = FIGURES.map(
      (name) => `avg(${name}), min(${name})::DOUBLE, max(${name})::DOUBLE, arg_max(${name}, time_ms)::DOUBLE`,
    );
    const rows = await this.#pool.rows(
      `SELECT count(*), ${COUNTERS.map((name) => `coalesce(sum(${name}_more), 0)::DOUBLE`).join(', ')}, ${figures.join(', ')}
      FROM (
        SELECT *, ${COUNTERS.map((name) => `CASE WHEN ${name} >= ${name}_before THEN ${name} - ${name}_before WHEN ${name}_before IS NOT NULL THEN ${name} END AS ${name}_more`).join(', ')}
        FROM (
          SELECT *, ${COUNTERS.map((name) => `lag(${name} IGNORE NULLS) OVER (ORDER BY time_ms) AS ${name}_before`).join(', ')}
          FROM data.system_metrics WHERE time_ms >= ?::BIGINT AND time_ms < ?::BIGINT
        )
      )`,
      [String(Math.ceil(fromUnixMs)), String(Math.ceil(toUnixMs))],
    );
    const [samples, sent, received, ...values] = rows[0] ?? [];
    const figure = (n: number): SystemFigure => {
      const [average, min, max, latest] = values.slice(n * 4, n * 4 + 4).map(number);
      return { average, min, max, latest };
    };
    return {
      samples: Number(samples),
      cpuPercent: figure(0),
      memoryPercent: figure(1),
      diskUsagePercent: figure(2),
      activeConnections: figure(3),
      networkBytesSent: Number(sent),
      networkBytesRecv: Number(received),
    };
  }

  async endpoints({ fromUnixMs, toUnixMs }: TimeRange, limit: number): Promise<readonly EndpointMetrics[]> {
    const rows = await this.#pool.rows(
      `WITH asked AS (
        SELECT coalesce(endpoint, 'unknown') AS endpoint, method, status_code, duration_ms, request_size_bytes, response_size_bytes,
          CASE WHEN failed OR status_code >= 500 THEN 1 ELSE 0 END AS error_count
        FROM data.http_answers WHERE start_ns >= ?::BIGINT AND start_ns < ?::BIGINT
      ), statuses AS (
        SELECT endpoint, method, coalesce(status_code::VARCHAR, 'unknown') AS status, count(*) AS n FROM asked GROUP BY ALL
      )
      SELECT a.endpoint, a.method, a.requests, a.errors, a.average, a.quantiles[1], a.quantiles[2], a.quantiles[3], a.request_bytes,
        a.response_bytes, s.statuses
      FROM (
        SELECT endpoint, method, count(*) AS requests, sum(error_count) AS errors, avg(duration_ms) AS average,
          quantile_cont(duration_ms, [0.5, 0.95, 0.99]) AS quantiles, avg(request_size_bytes) AS request_bytes,
          avg(response_size_bytes) AS response_bytes
        FROM asked GROUP BY ALL
      ) a JOIN (
        SELECT endpoint, method, to_json(map(list(status ORDER BY status), list(n ORDER BY status)))::VARCHAR AS statuses FROM statuses GROUP BY ALL
      ) s ON a.endpoint = s.endpoint AND a.method = s.method
      ORDER BY a.requests DESC, a.endpoint, a.method LIMIT ?::INTEGER`,
      [toNs(fromUnixMs), toNs(toUnixMs), limit],
    );
    return rows.map((row) => ({
      endpoint: String(row[0]),
      method: String(row[1]),
      requests: Number(row[2]),
      errors: Number(row[3]),
      averageMs: Number(row[4]),
      p50Ms: Number(row[5]),
      p95Ms: Number(row[6]),
      p99Ms: Number(row[7]),
      averageRequestBytes: number(row[8]),
      averageResponseBytes: number(row[9]),
      statuses: JSON.parse(String(row[10])) as Record<string, number>,
    }));
  }

  async deleteBefore(unixMs: number): Promise<number> {
    const before = String(Math.floor(Math.min(Math.max(unixMs, -8.64e15), 8.64e15)));
    const result = await this.#turnstile.run(() =>
      this.#connection.run('DELETE FROM data.system_metrics WHERE time_ms < ?::BIGINT', [before]),
    );
    return result.rowsChanged;
  }
}

/** Nanoseconds as the engine takes them; times beyond those it can hold are the first or last of them. */
function toNs(unixMs: number): string {
  return String(BigInt(Math.ceil(Math.min(Math.max(unixMs, -MAX_MS), MAX_MS))) * 1_000_000n);
}
