import type {
  DailyStats,
  DistributionKey,
  DistributionRow,
  ErrorGroup,
  PhaseStats,
  RequestScope,
  RequestStats,
  TimelineBucket,
} from '../../api/request-reader.js';
import { number, text } from '../rows/request-row.js';
import { DURATION_COLUMNS, durationColumns, durationStats, successRate } from './aggregates.js';
import { rangeCondition, scopeCondition } from './filter-sql.js';
import type { ReaderPool } from './reader-pool.js';

/** Buckets of a timeline at most: more than a chart has pixels for. */
const MAX_BUCKETS = 1500;

const COMPLETED = "count(*) FILTER (status = 'completed')";
const FAILED = "count(*) FILTER (status IN ('failed', 'timeout'))";
const TOKENS = 'sum(input_tokens), sum(output_tokens)';

const KEY_COLUMN: { readonly [K in DistributionKey]: string } = {
  modality: 'modality',
  model: 'model',
  provider: 'provider',
  status: 'status',
  service: 'service_name',
  user: 'user_id',
  session: 'session_id',
  name: 'name',
};

export async function requestStats(pool: ReaderPool, scope: RequestScope): Promise<RequestStats> {
  const { sql, parameters } = scopeCondition(scope);
  const [row] = await pool.rows(
    `SELECT count(*), count(*) FILTER (status = 'running'), ${COMPLETED}, count(*) FILTER (status = 'failed'),
      count(*) FILTER (status = 'timeout'), count(*) FILTER (status = 'cancelled'), ${TOKENS}, sum(cache_read_tokens),
      sum(reasoning_tokens), sum(cost_usd), sum(llm_call_count), count(DISTINCT user_id), count(DISTINCT session_id),
      ${durationColumns('duration_ms')}, ${durationColumns('ttft_ms')}
    FROM data.requests WHERE ${sql}`,
    parameters,
  );
  const count = (index: number): number => number(row?.[index]) ?? 0;
  return {
    total: count(0),
    running: count(1),
    completed: count(2),
    failed: count(3),
    timeout: count(4),
    cancelled: count(5),
    successRate: successRate(count(2), count(3) + count(4)),
    inputTokens: count(6),
    outputTokens: count(7),
    cacheReadTokens: count(8),
    reasoningTokens: count(9),
    costUsd: number(row?.[10]),
    llmCalls: count(11),
    users: count(12),
    sessions: count(13),
    duration: durationStats(row ?? [], 14),
    timeToFirstToken: durationStats(row ?? [], 14 + DURATION_COLUMNS),
  };
}

export async function phaseStats(pool: ReaderPool, scope: RequestScope): Promise<readonly PhaseStats[]> {
  const range = rangeCondition('request_start_ns', scope.range);
  const ofFiltered = scope.filter.kind === 'all' ? undefined : scopeCondition(scope);
  const rows = await pool.rows(
    `SELECT coalesce(phase, ''), count(*), count(*) FILTER (NOT success), sum(duration_ms) AS total, ${durationColumns('duration_ms')}
    FROM data.phases WHERE ${range.sql} AND NOT request_running
    ${ofFiltered === undefined ? '' : `AND (trace_id, request_id) IN (SELECT (trace_id, request_id) FROM data.requests WHERE ${ofFiltered.sql})`}
    GROUP BY 1 ORDER BY total DESC, 1`,
    [...range.parameters, ...(ofFiltered?.parameters ?? [])],
  );
  return rows.map((row) => ({
    phase: text(row[0]),
    count: Number(row[1]),
    failed: Number(row[2]),
    totalMs: Number(row[3]),
    duration: durationStats(row, 4),
  }));
}

/** Throws RangeError for a step that is not positive or makes too many buckets. */
export async function timeline(
  pool: ReaderPool,
  scope: RequestScope,
  stepMs: number,
): Promise<readonly TimelineBucket[]> {
  const { fromUnixMs, toUnixMs } = scope.range;
  if (!(stepMs > 0)) throw new RangeError(`The step of ${stepMs} ms is not positive.`);
  const buckets = Math.max(0, Math.ceil((toUnixMs - fromUnixMs) / stepMs));
  if (buckets > MAX_BUCKETS) {
    throw new RangeError(
      `A step of ${stepMs} ms makes ${buckets} buckets; at most ${MAX_BUCKETS} are answered. Take a larger step.`,
    );
  }
  const { sql, parameters } = scopeCondition(scope);
  const rows = await pool.rows(
    `SELECT floor((start_ns // 1000 - ?::BIGINT) / ?::DOUBLE)::INTEGER AS bucket, count(*), ${COMPLETED}, ${FAILED}, ${TOKENS},
      avg(duration_ms), quantile_cont(duration_ms, [0.5, 0.95])
    FROM data.requests WHERE ${sql} GROUP BY bucket`,
    [String(Math.round(fromUnixMs * 1000)), stepMs * 1000, ...parameters],
  );
  const byBucket = new Map(rows.map((row) => [Number(row[0]), row]));
  return Array.from({ length: buckets }, (_, bucket) => {
    const row = byBucket.get(bucket);
    const quantiles = row?.[7] as { readonly items: readonly unknown[] } | null | undefined;
    return {
      startUnixMs: fromUnixMs + bucket * stepMs,
      total: number(row?.[1]) ?? 0,
      completed: number(row?.[2]) ?? 0,
      failed: number(row?.[3]) ?? 0,
      inputTokens: number(row?.[4]) ?? 0,
      outputTokens: number(row?.[5]) ?? 0,
      meanMs: number(row?.[6]),
      p50Ms: number(quantiles?.items[0]),
      p95Ms: number(quantiles?.items[1]),
    };
  });
}

/** Throws RangeError for a time zone that is not known. */
export async function dailyStats(
  pool: ReaderPool,
  scope: RequestScope,
  timeZone: string,
): Promise<readonly DailyStats[]> {
  assertTimeZone(timeZone);
  const { sql, parameters } = scopeCondition(scope);
  const utc = timeZone === 'UTC';
  // Grouped by the day's number in UTC, which is much cheaper than by its name; other zones need the engine's calendar.
  const day = utc ? 'start_ns // 86400000000000' : 'timezone(?, make_timestamptz(start_ns // 1000))::DATE';
  const name = utc ? "strftime(make_timestamp(day * 86400000000), '%Y-%m-%d')" : "strftime(day, '%Y-%m-%d')";
  const rows = await pool.rows(
    `SELECT ${name}, * EXCLUDE (day) FROM (
      SELECT ${day} AS day, count(*), ${COMPLETED}, ${FAILED}, ${TOKENS}, sum(cost_usd), count(DISTINCT user_id),
        ${durationColumns('duration_ms')}
      FROM data.requests WHERE ${sql} GROUP BY day
    ) ORDER BY day DESC`,
    [...(utc ? [] : [timeZone]), ...parameters],
  );
  return rows.map((row) => ({
    day: text(row[0]),
    total: Number(row[1]),
    failed: Number(row[3]),
    successRate: successRate(Number(row[2]), Number(row[3])),
    inputTokens: number(row[4]) ?? 0,
    outputTokens: number(row[5]) ?? 0,
    costUsd: number(row[6]),
    users: Number(row[7]),
    duration: durationStats(row, 8),
  }));
}

export async function distribution(
  pool: ReaderPool,
  scope: RequestScope,
  by: DistributionKey,
  limit: number,
): Promise<readonly DistributionRow[]> {
  const { sql, parameters } = scopeCondition(scope);
  const rows = await pool.rows(
    `SELECT coalesce(${KEY_COLUMN[by]}, '') AS value, count(*) AS n, sum(count(*)) OVER (), ${COMPLETED}, ${FAILED}, ${TOKENS}, sum(cost_usd),
      ${durationColumns('duration_ms')}
    FROM data.requests WHERE ${sql} GROUP BY value ORDER BY n DESC, value LIMIT ?`,
    [...parameters, limit],
  );
  return rows.map((row) => ({
    value: text(row[0]),
    count: Number(row[1]),
    share: Number(row[1]) / Number(row[2]),
    failed: Number(row[4]),
    successRate: successRate(Number(row[3]), Number(row[4])),
    inputTokens: number(row[5]) ?? 0,
    outputTokens: number(row[6]) ?? 0,
    costUsd: number(row[7]),
    duration: durationStats(row, 8),
  }));
}

export async function valueCounts(
  pool: ReaderPool,
  scope: RequestScope,
  by: DistributionKey,
  limit: number,
): Promise<readonly { value: string; count: number }[]> {
  const { sql, parameters } = scopeCondition(scope);
  const column = KEY_COLUMN[by];
  const rows = await pool.rows(
    `SELECT ${column} AS value, count(*) AS n FROM data.requests WHERE ${sql} AND ${column} IS NOT NULL
    GROUP BY value ORDER BY n DESC, value LIMIT ?`,
    [...parameters, limit],
  );
  return rows.map((row) => ({ value: text(row[0]), count: Number(row[1]) }));
}

export async function errorGroups(
  pool: ReaderPool,
  scope: RequestScope,
  limit: number,
): Promise<readonly ErrorGroup[]> {
  const { sql, parameters } = scopeCondition(scope);
  const rows = await pool.rows(
    `SELECT coalesce(error_fingerprint, ''), count(*), min(start_ns), max(start_ns) AS last,
      arg_max(struct_pack(a := error_type, b := error_message, c := request_id), start_ns),
      list_sort(list(DISTINCT model) FILTER (model IS NOT NULL))
    FROM data.requests WHERE ${sql} AND status IN ('failed', 'timeout')
    GROUP BY 1 ORDER BY last DESC, 1 LIMIT ?`,
    [...parameters, limit],
  );
  return rows.map((row) => {
    const latest = row[4] as { readonly entries: { readonly [key: string]: unknown } } | null;
    return {
      fingerprint: text(row[0]),
      errorType: text(latest?.entries.a),
      errorMessage: text(latest?.entries.b),
      count: Number(row[1]),
      firstSeenUnixMs: nsToMs(row[2] as bigint),
      lastSeenUnixMs: nsToMs(row[3] as bigint),
      lastRequestId: text(latest?.entries.c),
      models: ((row[5] as { readonly items: readonly unknown[] } | null)?.items ?? []).map(String),
    };
  });
}

function nsToMs(ns: bigint): number {
  return Number(ns / 1000n) / 1000;
}

function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new RangeError(
      `The time zone ${JSON.stringify(timeZone)} is not known; use an IANA name such as Europe/Rome.`,
    );
  }
}
