import type { RequestStatus } from '@vedetta/model';
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
import {
  durationColumns,
  durationStats,
  LASTED_COLUMN_COUNT,
  LASTED_COLUMNS,
  LASTED_NS,
  lastedQuantiles,
  lastedStats,
  lastedTotalMs,
  quantileMs,
  successRate,
} from './aggregates.js';
import { rangeCondition, scopeCondition } from './filter-sql.js';
import type { ReaderPool, SqlRow } from './reader-pool.js';
import type { ZoneOffset } from './zone-offsets.js';
import { zoneOffsets } from './zone-offsets.js';

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
  const distinct = (column: string): Promise<readonly SqlRow[]> =>
    // Grouped apart, as the states are: several times cheaper than beside the other aggregates.
    pool.rows(`SELECT count(${column}) FROM (SELECT ${column} FROM data.requests WHERE ${sql} GROUP BY 1)`, parameters);
  const byStatus = pool.rows(`SELECT status, count(*) FROM data.requests WHERE ${sql} GROUP BY 1`, parameters);
  const main = pool.rows(
    `SELECT ${TOKENS}, sum(cache_read_tokens), sum(reasoning_tokens), sum(cost_usd), sum(llm_call_count),
      sum(unpriced_call_count), count(*) FILTER (usage_estimated), count(*) FILTER (cost_estimated),
      ${LASTED_COLUMNS}, ${durationColumns('ttft_ms')}
    FROM data.requests WHERE ${sql}`,
    parameters,
  );
  const [[row], statuses, [users], [sessions]] = await Promise.all([
    main,
    byStatus,
    distinct('user_id'),
    distinct('session_id'),
  ]);
  const figure = (index: number): number => number(row?.[index]) ?? 0;
  const counts = new Map(statuses.map(([status, count]) => [text(status), Number(count)]));
  const count = (status: RequestStatus): number => counts.get(status) ?? 0;
  return {
    total: [...counts.values()].reduce((sum, n) => sum + n, 0),
    running: count('running'),
    completed: count('completed'),
    failed: count('failed'),
    timeout: count('timeout'),
    cancelled: count('cancelled'),
    successRate: successRate(count('completed'), count('failed') + count('timeout')),
    inputTokens: figure(0),
    outputTokens: figure(1),
    cacheReadTokens: figure(2),
    reasoningTokens: figure(3),
    costUsd: number(row?.[4]),
    llmCalls: figure(5),
    unpricedCalls: figure(6),
    usageEstimatedRequests: figure(7),
    costEstimatedRequests: figure(8),
    users: number(users?.[0]) ?? 0,
    sessions: number(sessions?.[0]) ?? 0,
    duration: lastedStats(row ?? [], 9),
    timeToFirstToken: durationStats(row ?? [], 9 + LASTED_COLUMN_COUNT),
  };
}

export async function phaseStats(pool: ReaderPool, scope: RequestScope): Promise<readonly PhaseStats[]> {
  const range = rangeCondition('request_start_ns', scope.range);
  const ofFiltered = scope.filter.kind === 'all' ? undefined : scopeCondition(scope);
  const rows = await pool.rows(
    `SELECT coalesce(phase, ''), count(*), count(*) FILTER (NOT success), ${LASTED_COLUMNS}
    FROM data.phases WHERE ${range.sql} AND NOT request_running
    ${ofFiltered === undefined ? '' : `AND (trace_id, request_id) IN (SELECT (trace_id, request_id) FROM data.requests WHERE ${ofFiltered.sql})`}
    GROUP BY 1 ORDER BY sum(${LASTED_NS}) DESC, 1`,
    [...range.parameters, ...(ofFiltered?.parameters ?? [])],
  );
  return rows.map((row) => ({
    phase: text(row[0]),
    count: Number(row[1]),
    failed: Number(row[2]),
    totalMs: lastedTotalMs(row, 3) ?? 0,
    duration: lastedStats(row, 3),
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
      sum(${LASTED_NS}) / count(${LASTED_NS}) / 1e6, ${lastedQuantiles([0.5, 0.95])}
    FROM data.requests WHERE ${sql} GROUP BY bucket`,
    [String(Math.round(fromUnixMs * 1000)), stepMs * 1000, ...parameters],
  );
  const byBucket = new Map(rows.map((row) => [Number(row[0]), row]));
  return Array.from({ length: buckets }, (_, bucket) => {
    const row = byBucket.get(bucket);
    return {
      startUnixMs: fromUnixMs + bucket * stepMs,
      total: number(row?.[1]) ?? 0,
      completed: number(row?.[2]) ?? 0,
      failed: number(row?.[3]) ?? 0,
      inputTokens: number(row?.[4]) ?? 0,
      outputTokens: number(row?.[5]) ?? 0,
      meanMs: number(row?.[6]),
      p50Ms: quantileMs(row?.[7], 0),
      p95Ms: quantileMs(row?.[7], 1),
    };
  });
}

/** Throws RangeError for a time zone that is not known. */
export async function dailyStats(
  pool: ReaderPool,
  scope: RequestScope,
  timeZone: string,
): Promise<readonly DailyStats[]> {
  const { sql, parameters } = scopeCondition(scope);
  // Of all requests, not those in scope: the engine knows that without a scan.
  const [bounds] = await pool.rows('SELECT min(start_ns), max(start_ns) FROM data.requests');
  const [oldest, newest] = bounds ?? [];
  const known = typeof oldest === 'bigint' && typeof newest === 'bigint';
  const fromMs = Math.max(scope.range.fromUnixMs, known ? nsToMs(oldest) : 0);
  const toMs = Math.min(scope.range.toUnixMs, known ? nsToMs(newest) : 0);
  const offsets = fromMs <= toMs ? zoneOffsets(timeZone, fromMs, toMs) : zoneOffsets(timeZone, 0, 0);
  const day = `floor((start_ns // 1000 + ${offsetSql(offsets)}) / 86400000000.0)::INTEGER`;
  const [rows, users] = await Promise.all([
    pool.rows(
      `SELECT ${day} AS day, count(*), ${COMPLETED}, ${FAILED}, ${TOKENS}, sum(cost_usd), ${LASTED_COLUMNS}
      FROM data.requests WHERE ${sql} GROUP BY day ORDER BY day DESC`,
      parameters,
    ),
    // Counted apart: several times cheaper than count(DISTINCT) beside the other aggregates.
    pool.rows(
      `SELECT day, count(user_id) FROM (SELECT ${day} AS day, user_id FROM data.requests WHERE ${sql} GROUP BY ALL) GROUP BY day`,
      parameters,
    ),
  ]);
  const usersByDay = new Map(users.map((row) => [Number(row[0]), Number(row[1])]));
  return rows.map((row) => ({
    day: new Date(Number(row[0]) * 86_400_000).toISOString().slice(0, 10),
    total: Number(row[1]),
    failed: Number(row[3]),
    successRate: successRate(Number(row[2]), Number(row[3])),
    inputTokens: number(row[4]) ?? 0,
    outputTokens: number(row[5]) ?? 0,
    costUsd: number(row[6]),
    users: usersByDay.get(Number(row[0])) ?? 0,
    duration: lastedStats(row, 7),
  }));
}

/** Microseconds to add to UTC, by start. The figures are our own, so they may stand in the query. */
function offsetSql(offsets: readonly ZoneOffset[]): string {
  const [first, ...changes] = offsets;
  const cases = changes
    .reverse()
    .map(({ fromUnixMs, offsetMs }) => `WHEN start_ns >= ${fromUnixMs}000000 THEN ${offsetMs}000`);
  const otherwise = `${first?.offsetMs ?? 0}000`;
  return cases.length === 0 ? otherwise : `(CASE ${cases.join(' ')} ELSE ${otherwise} END)`;
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
      ${LASTED_COLUMNS}
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
    duration: lastedStats(row, 8),
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
