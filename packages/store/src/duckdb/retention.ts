import type { DuckDBConnection } from '@duckdb/node-api';
import type { DeletedCounts } from '../api/maintenance.js';
import type { Turnstile } from './turnstile.js';

/** Requests deleted in one transaction: some ten thousand rows, which take tens of milliseconds, then commits get their turn. */
const REQUESTS_A_STEP = 10_000;
/** Before this nothing was recorded: the first step reaches back to it. */
const BEGINNING = '-9223372036854775807';

/** What a delete needs of the store. */
export interface RetentionParts {
  readonly connection: DuckDBConnection;
  readonly turnstile: Turnstile;
  /** Called inside the turnstile after each step: what is known of stored traces no longer holds. */
  readonly forgetTraces: () => void;
  /** Called inside the turnstile after origins were deleted. */
  readonly reloadOrigins: () => Promise<void>;
}

/**
 * Deletes whole traces whose last request started before a time, oldest first, in steps between which commits go on.
 * Killed half-way, some old requests are gone and some are not, each with all that hangs on it.
 */
export async function deleteTracesBefore(parts: RetentionParts, beforeNs: bigint): Promise<DeletedCounts> {
  const { connection, turnstile, forgetTraces, reloadOrigins } = parts;
  const total = { requests: 0, spans: 0, phases: 0, customEvents: 0 };
  const add = (counts: DeletedCounts): void => {
    for (const key of Object.keys(total) as (keyof DeletedCounts)[]) total[key] += counts[key];
  };
  let from = BEGINNING;
  for (let more = true; more; ) {
    await turnstile.run(async () => {
      const to = await stepEnd(connection, from, beforeNs);
      more = to !== undefined;
      const end = to ?? String(beforeNs);
      add(await inTransaction(connection, () => deleteStep(connection, from, end)));
      from = end;
      forgetTraces();
    });
  }
  await turnstile.run(async () => {
    add(await inTransaction(connection, () => deleteUnowned(connection, String(beforeNs))));
    forgetTraces();
  });
  await turnstile.run(async () => {
    await deleteUnusedOrigins(connection);
    await reloadOrigins();
  });
  return total;
}

/** Start of the request with which the next step begins, or `undefined` when this one is the last. */
async function stepEnd(connection: DuckDBConnection, from: string, beforeNs: bigint): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT start_ns::VARCHAR FROM data.requests WHERE start_ns > ?::BIGINT AND start_ns < ?::BIGINT
    ORDER BY data.requests.start_ns LIMIT 1 OFFSET ${REQUESTS_A_STEP}`,
    [from, String(beforeNs)],
  );
  const start = reader.getRows()[0]?.[0];
  return start === undefined ? undefined : String(start);
}

async function deleteStep(connection: DuckDBConnection, from: string, end: string): Promise<DeletedCounts> {
  // A trace with a later request stays until that is old too. Few reach past the end, so the inner scan is pruned.
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE doomed AS
    SELECT trace_id, min(trace_first_ns) AS first_ns, max(trace_last_ns) AS last_ns FROM data.requests
    WHERE start_ns >= $1::BIGINT AND start_ns < $2::BIGINT AND (trace_last_ns < $2::BIGINT OR trace_id NOT IN (
      SELECT trace_id FROM data.requests WHERE start_ns >= $2::BIGINT AND trace_first_ns < $2::BIGINT
    )) GROUP BY trace_id`,
    [from, end],
  );
  const bounds = await connection.runAndReadAll('SELECT min(first_ns)::VARCHAR, max(last_ns)::VARCHAR FROM doomed');
  const [first, last] = bounds.getRows()[0] ?? [];
  if (first === null || first === undefined) return { requests: 0, spans: 0, phases: 0, customEvents: 0 };
  const remove = async (table: string): Promise<number> => {
    const result = await connection.run(
      `DELETE FROM data.${table} WHERE start_ns BETWEEN ?::BIGINT AND ?::BIGINT AND trace_id IN (SELECT trace_id FROM doomed)`,
      [String(first), String(last)],
    );
    return result.rowsChanged;
  };
  await remove('scores');
  const spans = (await remove('spans')) + (await remove('running_spans'));
  const counts = {
    requests: await remove('requests'),
    spans,
    phases: await remove('phases'),
    customEvents: await remove('custom_events'),
  };
  await connection.run('DROP TABLE doomed');
  return counts;
}

/** Old spans of traces without a request: events and scores that stand alone. */
async function deleteUnowned(connection: DuckDBConnection, before: string): Promise<DeletedCounts> {
  const remove = async (table: string): Promise<number> => {
    const result = await connection.run(
      `DELETE FROM data.${table} WHERE start_ns < $1::BIGINT AND trace_id NOT IN (
        SELECT trace_id FROM data.requests WHERE trace_first_ns < $1::BIGINT
      )`,
      [before],
    );
    return result.rowsChanged;
  };
  await remove('scores');
  return {
    requests: 0,
    spans: (await remove('spans')) + (await remove('running_spans')),
    phases: await remove('phases'),
    customEvents: await remove('custom_events'),
  };
}

async function deleteUnusedOrigins(connection: DuckDBConnection): Promise<void> {
  await connection.run(`DELETE FROM data.origins WHERE origin_id NOT IN (
    SELECT origin_id FROM data.spans UNION SELECT origin_id FROM data.running_spans
  )`);
}

async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
