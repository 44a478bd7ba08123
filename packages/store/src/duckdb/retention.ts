import type { DuckDBConnection } from '@duckdb/node-api';
import type { Archive, DeletedCounts } from '../api/maintenance.js';
import type { RetentionParts } from './doomed-traces.js';
import { BEGINNING, DOOMED_TRACES, deleteDoomed, inTransaction, stepEnd } from './doomed-traces.js';
import type { ArchivingParts } from './retention-archive.js';
import { archiveAndDelete } from './retention-archive.js';

/** Requests deleted in one transaction: some ten thousand rows, which take tens of milliseconds, then commits get their turn. */
const REQUESTS_A_STEP = 10_000;

/**
 * Deletes whole traces whose last request started before a time, oldest first, in steps between which commits go on.
 * Killed half-way, some old requests are gone and some are not, each with all that hangs on it. An archive gets each
 * step before it goes.
 */
export async function deleteTracesBefore(
  parts: ArchivingParts,
  beforeNs: bigint,
  archive?: Archive,
): Promise<DeletedCounts> {
  const { connection, turnstile, reloadOrigins } = parts;
  const total = { requests: 0, spans: 0, phases: 0, customEvents: 0 };
  const add = (counts: DeletedCounts): void => {
    for (const key of Object.keys(total) as (keyof DeletedCounts)[]) total[key] += counts[key];
  };
  await (archive === undefined ? deleteInSteps(parts, beforeNs, add) : archiveAndDelete(parts, beforeNs, archive, add));
  await turnstile.run(async () => {
    await deleteUnusedOrigins(connection);
    await reloadOrigins();
  });
  return total;
}

async function deleteInSteps(
  { connection, turnstile, forgetTraces }: RetentionParts,
  beforeNs: bigint,
  add: (counts: DeletedCounts) => void,
): Promise<void> {
  let from = BEGINNING;
  for (let more = true; more; ) {
    await turnstile.run(async () => {
      const to = await stepEnd(connection, from, String(beforeNs), REQUESTS_A_STEP);
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
}

async function deleteStep(connection: DuckDBConnection, from: string, end: string): Promise<DeletedCounts> {
  // Few reach past the end, so the inner scan is pruned.
  await connection.run(`CREATE OR REPLACE TEMP TABLE doomed AS ${DOOMED_TRACES}`, [from, end]);
  const bounds = await connection.runAndReadAll('SELECT min(first_ns)::VARCHAR, max(last_ns)::VARCHAR FROM doomed');
  const [first, last] = bounds.getRows()[0] ?? [];
  if (first === null || first === undefined) return { requests: 0, spans: 0, phases: 0, customEvents: 0 };
  return deleteDoomed(connection, String(first), String(last));
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
  await remove('http_answers');
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
