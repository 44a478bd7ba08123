import type { DuckDBConnection } from '@duckdb/node-api';
import type { CallCost, LlmCallRow, TimeRange } from '@vedetta/model';
import type { PriceCalls, RecostCounts } from '../api/maintenance.js';
import { inTransaction } from './doomed-traces.js';
import { rangeCondition } from './read/filter-sql.js';
import { toEngineJson } from './rows/engine-json.js';
import { LLM_CALL_SELECT, llmCallFromRow } from './rows/llm-call-columns.js';
import type { Turnstile } from './turnstile.js';

/** Calls priced in one transaction: some tens of milliseconds, then commits get their turn. */
const CALLS_A_STEP = 1000;
const PRICEABLE = "cost_source IS DISTINCT FROM 'supplied'";

/** What a recost needs of the store. */
export interface RecostParts {
  readonly connection: DuckDBConnection;
  readonly turnstile: Turnstile;
  /** Called inside the turnstile after a step that changed costs: what is known of stored traces no longer holds. */
  readonly forgetTraces: () => void;
}

/** See `MaintenanceStore.recost`. A step reads, prices and writes within the turnstile, so that no write comes in between. */
export async function recostCalls(parts: RecostParts, range: TimeRange, price: PriceCalls): Promise<RecostCounts> {
  const total = { calls: 0, changed: 0 };
  const bounds = rangeCondition('start_ns', range).parameters.map(String);
  let from = bounds[0]!;
  const before = bounds[1]!;
  for (let more = true; more; ) {
    await parts.turnstile.run(async () => {
      const to = await stepEnd(parts.connection, from, before);
      more = to !== undefined;
      const counts = await recostStep(parts, from, to ?? before, price);
      total.calls += counts.calls;
      total.changed += counts.changed;
      from = to ?? before;
    });
  }
  return total;
}

/** Start of the call with which the next step begins, or `undefined` when this one is the last. */
async function stepEnd(connection: DuckDBConnection, from: string, before: string): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT start_ns::VARCHAR FROM data.llm_calls WHERE start_ns > ?::BIGINT AND start_ns < ?::BIGINT AND ${PRICEABLE}
    ORDER BY data.llm_calls.start_ns LIMIT 1 OFFSET ${CALLS_A_STEP}`,
    [from, before],
  );
  const start = reader.getRows()[0]?.[0];
  return start === undefined ? undefined : String(start);
}

async function recostStep(
  { connection, forgetTraces }: RecostParts,
  from: string,
  to: string,
  price: PriceCalls,
): Promise<RecostCounts> {
  const reader = await connection.runAndReadAll(
    `SELECT ${LLM_CALL_SELECT} FROM data.llm_calls WHERE start_ns >= ?::BIGINT AND start_ns < ?::BIGINT AND ${PRICEABLE}
    ORDER BY data.llm_calls.start_ns, data.llm_calls.trace_id, data.llm_calls.span_id`,
    [from, to],
  );
  const calls = reader.getRows().map(llmCallFromRow);
  if (calls.length === 0) return { calls: 0, changed: 0 };
  const costs = price(calls);
  if (costs.length !== calls.length) {
    throw new RangeError(`The prices of ${calls.length} calls were asked for and ${costs.length} answered.`);
  }
  const changed = calls.flatMap((call, index) => {
    const cost = costs[index];
    return sameCost(call.cost, cost) ? [] : [{ call, cost }];
  });
  if (changed.length > 0) {
    await inTransaction(connection, () => writeCosts(connection, changed, from, to));
    forgetTraces();
  }
  return { calls: calls.length, changed: changed.length };
}

async function writeCosts(
  connection: DuckDBConnection,
  changed: readonly { readonly call: LlmCallRow; readonly cost: CallCost | undefined }[],
  from: string,
  to: string,
): Promise<void> {
  const rows = changed.map(({ call, cost }) => ({
    t: call.traceId,
    s: BigInt(`0x${call.spanId}`).toString(),
    ...cost,
  }));
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE repriced AS SELECT unnest(from_json(?::JSON,
      '[{"t": "UUID", "s": "UBIGINT", "usd": "DOUBLE", "source": "VARCHAR", "estimated": "BOOLEAN", "priceKey": "VARCHAR",
        "priceDate": "VARCHAR", "elsewhereUsd": "DOUBLE", "elsewhereKey": "VARCHAR"}]'), recursive := true)`,
    [toEngineJson(rows)],
  );
  await connection.run(
    `UPDATE data.llm_calls SET cost_usd = usd, cost_source = source, cost_estimated = estimated, price_key = priceKey,
      price_date = priceDate, elsewhere_usd = elsewhereUsd, elsewhere_key = elsewhereKey
    FROM repriced WHERE start_ns >= ?::BIGINT AND start_ns < ?::BIGINT AND trace_id = t AND span_id = s`,
    [from, to],
  );
  await reviseRequests(connection, from, to);
  await connection.run('DROP TABLE repriced');
}

/** Adds the costs of the requests in question up anew, in the order of derivation, so that both give the same sum to the last digit. */
async function reviseRequests(connection: DuckDBConnection, from: string, to: string): Promise<void> {
  const traces = await connection.runAndReadAll(
    `SELECT min(trace_first_ns)::VARCHAR, max(trace_last_ns)::VARCHAR FROM data.requests
    WHERE trace_last_ns >= ?::BIGINT AND trace_first_ns < ?::BIGINT AND trace_id IN (SELECT t FROM repriced)`,
    [from, to],
  );
  const [first, last] = traces.getRows()[0] ?? [];
  if (first === null || first === undefined) return;
  await connection.run(
    `UPDATE data.requests SET cost_usd = usd, cost_estimated = estimated, unpriced_call_count = unpriced FROM (
      SELECT trace_id AS t, request_id AS r, sum(cost_usd ORDER BY start_ns, span_id) AS usd,
        coalesce(bool_or(cost_estimated), false) AS estimated, count(*) FILTER (cost_usd IS NULL AND usage_source IS NOT NULL) AS unpriced
      FROM data.llm_calls WHERE start_ns BETWEEN $1::BIGINT AND $2::BIGINT AND trace_id IN (SELECT t FROM repriced) AND request_id IS NOT NULL
      GROUP BY 1, 2
    ) WHERE start_ns BETWEEN $1::BIGINT AND $2::BIGINT AND trace_id = t AND request_id = r`,
    [String(first), String(last)],
  );
}

function sameCost(a: CallCost | undefined, b: CallCost | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.usd === b.usd &&
    a.source === b.source &&
    a.estimated === b.estimated &&
    a.priceKey === b.priceKey &&
    a.priceDate === b.priceDate &&
    a.elsewhereUsd === b.elsewhereUsd &&
    a.elsewhereKey === b.elsewhereKey
  );
}
