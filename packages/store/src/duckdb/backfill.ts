import type { DuckDBConnection } from '@duckdb/node-api';
import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { KnownSpan } from '../derive/known-span.js';
import { reviseRequests } from './revise-requests.js';
import type { LlmCallAppender } from './rows/llm-call-columns.js';
import { appendLlmCall, llmCallColumns } from './rows/llm-call-columns.js';
import { touch } from './write/commit-plan.js';
import type { StartWindow } from './write/stored-traces.js';
import { loadTracesAsReceived } from './write/stored-traces.js';
import { TableAppender } from './write/table-appender.js';

/** Row of `data.meta` that is there until everything is derived anew: the start of the span, in nanoseconds, to go on from. */
export const BACKFILL_KEY = 'backfill_from';

/** Spans that make LLM calls or totals; the columns tell without a look at the bodies. */
const MODEL_SPANS = `(operation IN (${[...LLM_CALL_OPERATIONS].map((name) => `'${name}'`).join(', ')})
  OR input_tokens IS NOT NULL OR output_tokens IS NOT NULL)`;

/**
 * Derives the LLM calls of stored traces, and what requests know by them, by the derivation of this build; hence after all
 * changes of the tables. Goes on where the process before it ended; a trace that is derived twice is the same.
 */
export async function backfillLlmCalls(
  connection: DuckDBConnection,
  spansAStep: number,
  step: (what: string, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  let from = await position(connection);
  if (from === undefined) return;
  const table = await TableAppender.open(connection, 'llm_calls', llmCallColumns());
  for (; from !== undefined; from = await position(connection)) {
    const at = from;
    await step(`backfill ${at}`, async () => {
      const to = await stepEnd(connection, at, spansAStep);
      await deriveStep(connection, table, at, to);
      await connection.run(`DELETE FROM data.meta WHERE key = '${BACKFILL_KEY}'`);
      if (to !== undefined) await connection.run(`INSERT INTO data.meta VALUES ('${BACKFILL_KEY}', ?)`, [to]);
    });
  }
  table.close();
}

/** Whether rows that are derived from stored spans are still missing. */
export async function needsBackfill(connection: DuckDBConnection): Promise<boolean> {
  return (await position(connection)) !== undefined;
}

async function position(connection: DuckDBConnection): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(`SELECT value FROM data.meta WHERE key = '${BACKFILL_KEY}'`);
  const value = reader.getRows()[0]?.[0];
  return value === undefined ? undefined : String(value);
}

/** Start of the span with which the next step begins, or `undefined` when this one is the last. */
async function stepEnd(connection: DuckDBConnection, from: string, spans: number): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT start_ns::VARCHAR FROM data.spans WHERE start_ns > ?::BIGINT AND ${MODEL_SPANS}
    ORDER BY data.spans.start_ns LIMIT 1 OFFSET ${spans}`,
    [from],
  );
  const start = reader.getRows()[0]?.[0];
  return start === undefined ? undefined : String(start);
}

async function deriveStep(
  connection: DuckDBConnection,
  table: LlmCallAppender,
  from: string,
  to: string | undefined,
): Promise<void> {
  const until = to === undefined ? '' : 'AND start_ns < ?::BIGINT';
  const found = await connection.runAndReadAll(
    `SELECT DISTINCT replace(trace_id::VARCHAR, '-', '') FROM data.spans WHERE start_ns >= ?::BIGINT ${until} AND ${MODEL_SPANS}`,
    to === undefined ? [from] : [from, to],
  );
  const traceIds = found.getRows().map(([traceId]) => String(traceId));
  if (traceIds.length === 0) return;
  const bounds = await connection.runAndReadAll(
    `SELECT min(trace_first_ns)::VARCHAR, max(trace_last_ns)::VARCHAR FROM data.requests
    WHERE trace_last_ns >= ?::BIGINT ${to === undefined ? '' : 'AND trace_first_ns < ?::BIGINT'}
      AND trace_id IN (SELECT unnest(string_split(?, ','))::UUID)`,
    [...(to === undefined ? [from] : [from, to]), traceIds.join(',')],
  );
  const [first, last] = (bounds.getRows()[0] ?? []) as [string | null, string | null];
  // Events and scores that claim to be calls are none, and their trace may have no request.
  if (first === null || last === null) return;
  await connection.run(
    `DELETE FROM data.llm_calls WHERE start_ns BETWEEN ?::BIGINT AND ?::BIGINT
      AND trace_id IN (SELECT unnest(string_split(?, ','))::UUID)`,
    [first, last, traceIds.join(',')],
  );
  const traces = await loadTracesAsReceived(connection, traceIds, { first, last });
  await writeDerived(connection, table, traces, { first, last });
}

async function writeDerived(
  connection: DuckDBConnection,
  table: LlmCallAppender,
  traces: ReadonlyMap<string, Map<string, KnownSpan>>,
  window: StartWindow,
): Promise<void> {
  const derived = [...traces].map(
    ([traceId, spans]) => touch(traceId, { spans, stored: true, touchedUnixMs: 0 }).derived,
  );
  for (const { requests, llmCalls } of derived) {
    const starts = new Map(requests.map(({ requestId, startUnixNano }) => [requestId, startUnixNano]));
    for (const call of llmCalls) appendLlmCall(table, call, starts.get(call.requestId) ?? call.startUnixNano);
  }
  table.flush();
  await reviseRequests(
    connection,
    derived.flatMap(({ requests }) => requests),
    window,
  );
}
