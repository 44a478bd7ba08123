import type { TimeRange } from '@vedetta/model';
import type { ModelStats, ScoreAverage, ScoreStats, UnpricedModel } from '../../api/llm-call-reader.js';
import type { RequestScope } from '../../api/request-reader.js';
import { number, text } from '../rows/request-row.js';
import { DURATION_COLUMNS, durationColumns, durationStats, successRate } from './aggregates.js';
import type { SqlCondition } from './filter-sql.js';
import { filterCondition, rangeCondition, scopeCondition } from './filter-sql.js';
import type { ReaderPool, SqlRow } from './reader-pool.js';

const MODEL = "coalesce(provider, '') AS provider, coalesce(model, '') AS model";

/** Milliseconds a call spent on its output: of a stream from the first token on. See the view `llm_calls` too. */
const GENERATION_MS = '(duration_ms - CASE WHEN stream THEN coalesce(ttft_ms, 0) ELSE 0 END)';
const GENERATED = `FILTER (status = 'completed' AND output_tokens > 0 AND ${GENERATION_MS} > 0)`;

/** See `LlmCallReader.modelStats`. */
export async function modelStats(pool: ReaderPool, scope: RequestScope): Promise<readonly ModelStats[]> {
  const { sql, parameters } = callCondition(scope);
  const [rows, scores] = await Promise.all([
    pool.rows(
      `SELECT ${MODEL}, count(*) AS calls, count(*) FILTER (status = 'completed'), count(*) FILTER (status = 'failed'),
        count(*) FILTER (status = 'timeout'), count(*) FILTER (status = 'cancelled'),
        sum(output_tokens) ${GENERATED} * 1000 / sum(${GENERATION_MS}) ${GENERATED}, sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
        sum(cache_write_tokens), sum(reasoning_tokens), sum(cost_usd), count(*) FILTER (cost_usd IS NULL AND usage_source IS NOT NULL),
        count(*) FILTER (usage_source = 'estimated'), sum(elsewhere_usd), min(start_ns), max(start_ns),
        ${durationColumns('duration_ms')}, ${durationColumns('ttft_ms')}
      FROM data.llm_calls WHERE ${sql} GROUP BY 1, 2 ORDER BY calls DESC, 1, 2`,
      parameters,
    ),
    pool.rows(
      `WITH scored AS (SELECT request_id, name, value FROM data.scores WHERE value IS NOT NULL AND request_id IS NOT NULL)
      SELECT c.provider, c.model, s.name, count(*), ${scoreColumns('s.value')} FROM scored s JOIN (
        SELECT DISTINCT request_id, ${MODEL} FROM data.llm_calls
        WHERE ${sql} AND request_id IN (SELECT request_id FROM scored)
      ) c USING (request_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      parameters,
    ),
  ]);
  const scoresOf = groupScores(scores);
  return rows.map((row) => toModelStats(row, scoresOf.get(modelKey(row[0], row[1]))?.scores ?? []));
}

function toModelStats(row: SqlRow, scores: readonly ScoreAverage[]): ModelStats {
  const count = (index: number): number => number(row[index]) ?? 0;
  return {
    provider: text(row[0]),
    model: text(row[1]),
    calls: count(2),
    completed: count(3),
    failed: count(4),
    timeout: count(5),
    cancelled: count(6),
    successRate: successRate(count(3), count(4) + count(5)),
    tokensPerSecond: number(row[7]),
    inputTokens: count(8),
    outputTokens: count(9),
    cacheReadTokens: count(10),
    cacheWriteTokens: count(11),
    reasoningTokens: count(12),
    costUsd: number(row[13]),
    unpricedCalls: count(14),
    estimatedCalls: count(15),
    elsewhereUsd: number(row[16]),
    firstUsedUnixMs: nsToMs(row[17]),
    lastUsedUnixMs: nsToMs(row[18]),
    duration: durationStats(row, 19),
    timeToFirstToken: durationStats(row, 19 + DURATION_COLUMNS),
    scores,
  };
}

/** See `LlmCallReader.unpriced`. */
export async function unpricedModels(pool: ReaderPool, range: TimeRange): Promise<readonly UnpricedModel[]> {
  const { sql, parameters } = rangeCondition('start_ns', range);
  const rows = await pool.rows(
    `SELECT ${MODEL}, count(*) AS calls, sum(input_tokens), sum(output_tokens), max(start_ns) FROM data.llm_calls
    WHERE ${sql} AND cost_usd IS NULL AND usage_source IS NOT NULL GROUP BY 1, 2 ORDER BY calls DESC, 1, 2`,
    parameters,
  );
  return rows.map((row) => ({
    provider: text(row[0]),
    model: text(row[1]),
    calls: Number(row[2]),
    inputTokens: number(row[3]) ?? 0,
    outputTokens: number(row[4]) ?? 0,
    lastUsedUnixMs: nsToMs(row[5]),
  }));
}

/** See `LlmCallReader.scoreStats`. */
export async function scoreStats(pool: ReaderPool, { range, filter }: RequestScope): Promise<ScoreStats> {
  const time = rangeCondition('start_ns', range);
  const where = filter.kind === 'all' ? undefined : filterCondition(filter);
  const given = `SELECT request_id, name, value FROM data.scores WHERE ${time.sql} AND value IS NOT NULL
    ${where === undefined ? '' : `AND request_id IN (SELECT request_id FROM data.requests WHERE ${where.sql})`}`;
  const parameters = [...time.parameters, ...(where?.parameters ?? [])];
  const [overall, byModel] = await Promise.all([
    pool.rows(
      `SELECT '', '', name, count(*), ${scoreColumns('value')} FROM (${given}) GROUP BY name ORDER BY name`,
      parameters,
    ),
    // A request without calls may have a model all the same: its sender stated it.
    pool.rows(
      `WITH given AS (${given}), models AS (
        SELECT request_id, ${MODEL} FROM data.llm_calls WHERE request_id IN (SELECT request_id FROM given)
        UNION SELECT request_id, ${MODEL} FROM data.requests
        WHERE llm_call_count = 0 AND data.requests.model IS NOT NULL AND request_id IN (SELECT request_id FROM given)
      )
      SELECT m.provider, m.model, g.name, count(*), ${scoreColumns('g.value')} FROM given g JOIN models m USING (request_id)
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      parameters,
    ),
  ]);
  return { overall: overall.map(toScoreAverage), byModel: [...groupScores(byModel).values()] };
}

/** Calls of a scope: by the start of their request, and, with a filter, of requests that match it. */
function callCondition(scope: RequestScope): SqlCondition {
  const range = rangeCondition('request_start_ns', scope.range);
  if (scope.filter.kind === 'all') return range;
  const requests = scopeCondition(scope);
  return {
    sql: `${range.sql} AND (trace_id, request_id) IN (SELECT (trace_id, request_id) FROM data.requests WHERE ${requests.sql})`,
    parameters: [...range.parameters, ...requests.parameters],
  };
}

interface ModelScores {
  readonly provider: string;
  readonly model: string;
  readonly scores: ScoreAverage[];
}

/** Rows of provider, model, name, count and {@link scoreColumns}, in this order. */
function groupScores(rows: readonly SqlRow[]): ReadonlyMap<string, ModelScores> {
  const models = new Map<string, ModelScores>();
  for (const row of rows) {
    const key = modelKey(row[0], row[1]);
    let model = models.get(key);
    if (model === undefined) {
      model = { provider: text(row[0]), model: text(row[1]), scores: [] };
      models.set(key, model);
    }
    model.scores.push(toScoreAverage(row));
  }
  return models;
}

/** Mean, smallest and largest of a column. */
function scoreColumns(column: string): string {
  return `avg(${column}), min(${column}), max(${column})`;
}

function toScoreAverage(row: SqlRow): ScoreAverage {
  return { name: text(row[2]), count: Number(row[3]), mean: Number(row[4]), min: Number(row[5]), max: Number(row[6]) };
}

function modelKey(provider: unknown, model: unknown): string {
  return JSON.stringify([text(provider), text(model)]);
}

function nsToMs(ns: unknown): number {
  return Number((ns as bigint) / 1000n) / 1000;
}
