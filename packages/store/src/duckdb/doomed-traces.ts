import type { DuckDBConnection } from '@duckdb/node-api';
import type { DeletedCounts } from '../api/maintenance.js';
import type { Turnstile } from './turnstile.js';

/** Before this nothing was recorded: the first step reaches back to it. */
export const BEGINNING = '-9223372036854775807';
/** Traces to delete of the requests that start from $1 to before $2. One with a later request stays until that is old too. */
export const DOOMED_TRACES = `SELECT trace_id, min(trace_first_ns) AS first_ns, max(trace_last_ns) AS last_ns FROM data.requests
  WHERE start_ns >= $1::BIGINT AND start_ns < $2::BIGINT AND (trace_last_ns < $2::BIGINT OR trace_id NOT IN (
    SELECT trace_id FROM data.requests WHERE start_ns >= $2::BIGINT AND trace_first_ns < $2::BIGINT
  )) GROUP BY trace_id`;

/** What a delete needs of the store. */
export interface RetentionParts {
  readonly connection: DuckDBConnection;
  readonly turnstile: Turnstile;
  /** Called inside the turnstile after each step: what is known of stored traces no longer holds. */
  readonly forgetTraces: () => void;
  /** Called inside the turnstile after origins were deleted. */
  readonly reloadOrigins: () => Promise<void>;
}

/** Start of the request with which the next step begins, or `undefined` when this one is the last. */
export async function stepEnd(
  connection: DuckDBConnection,
  from: string,
  before: string,
  requests: number,
): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT start_ns::VARCHAR FROM data.requests WHERE start_ns > ?::BIGINT AND start_ns < ?::BIGINT
    ORDER BY data.requests.start_ns LIMIT 1 OFFSET ${requests}`,
    [from, before],
  );
  const start = reader.getRows()[0]?.[0];
  return start === undefined ? undefined : String(start);
}

/** Deletes the traces of the table `doomed`, whose spans all start in the time given, ends included, and drops the table. */
export async function deleteDoomed(connection: DuckDBConnection, first: string, last: string): Promise<DeletedCounts> {
  const remove = async (table: string): Promise<number> => {
    const result = await connection.run(
      `DELETE FROM data.${table} WHERE start_ns BETWEEN ?::BIGINT AND ?::BIGINT AND trace_id IN (SELECT trace_id FROM doomed)`,
      [first, last],
    );
    return result.rowsChanged;
  };
  await remove('scores');
  await remove('llm_calls');
  await remove('http_answers');
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

/** Runs the work in a transaction, which is undone when it throws. Only from within the turnstile. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
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
