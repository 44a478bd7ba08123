import type { DuckDBConnection } from '@duckdb/node-api';
import type { Archive, DeletedCounts } from '../api/maintenance.js';
import type { Commit } from '../api/store.js';
import type { RetentionParts } from './doomed-traces.js';
import { BEGINNING, DOOMED_TRACES, deleteDoomed, inTransaction, stepEnd } from './doomed-traces.js';
import type { ReaderPool } from './read/reader-pool.js';
import { CUSTOM_EVENT_SELECT, customEventFromRow, SCORE_SELECT, scoreFromRow, text } from './rows/request-row.js';

/** Requests, or spans that stand alone, that are archived and deleted together: seconds of reading, some MiB of names. */
const ROWS_A_STEP = 500;
const TRACE_ID = "replace(trace_id::VARCHAR, '-', '')";
const LISTED = "trace_id IN (SELECT unnest(string_split(?, ','))::UUID)";
const ALL_SPANS =
  '(SELECT trace_id, start_ns FROM data.spans UNION ALL SELECT trace_id, start_ns FROM data.running_spans)';
const TABLES_WITH_MARKS = ['scores', 'spans', 'running_spans', 'custom_events'] as const;

/** What a deletion with an archive needs besides. */
export interface ArchivingParts extends RetentionParts {
  readonly pool: ReaderPool;
  readonly onCommit: (listener: (commit: Commit) => void) => () => void;
}

/**
 * Deletes as `deleteTracesBefore` does, but each step only after it was handed to the archive, outside the turnstile: commits
 * go on meanwhile. A trace that one of them touched is left, whole, for the next deletion: what was archived of it is out of date.
 */
export async function archiveAndDelete(
  parts: ArchivingParts,
  beforeNs: bigint,
  archive: Archive,
  add: (counts: DeletedCounts) => void,
): Promise<void> {
  const touched = new Set<string>();
  const stopListening = parts.onCommit(({ requests, spans }) => {
    for (const { traceId } of requests) touched.add(traceId);
    for (const { traceId } of spans) touched.add(traceId);
  });
  try {
    for (const step of [requestStep, markStep]) {
      for (let from: string | undefined = BEGINNING; from !== undefined; ) {
        touched.clear();
        from = await step(parts, { from, before: String(beforeNs), archive, touched, add });
      }
    }
  } finally {
    stopListening();
  }
}

interface Step {
  readonly from: string;
  readonly before: string;
  readonly archive: Archive;
  /** Traces that commits changed since the step began. */
  readonly touched: ReadonlySet<string>;
  readonly add: (counts: DeletedCounts) => void;
}

/** Traces with requests. Answers where the next step begins, `undefined` after the last. */
async function requestStep(parts: ArchivingParts, step: Step): Promise<string | undefined> {
  const { pool } = parts;
  const next = await pool.use((connection) => stepEnd(connection, step.from, step.before, ROWS_A_STEP));
  const found = await pool.rows(
    `SELECT ${TRACE_ID}, (min(first_ns) OVER ())::VARCHAR, (max(last_ns) OVER ())::VARCHAR FROM (${DOOMED_TRACES})`,
    [step.from, next ?? step.before],
  );
  if (found[0] === undefined) return next;
  const traces = found.map(([traceId]) => text(traceId));
  const [first, last] = found[0].slice(1).map(text) as [string, string];
  const requests = await pool.rows(
    `SELECT request_id, ${TRACE_ID}, start_ns FROM data.requests
    WHERE start_ns BETWEEN ?::BIGINT AND ?::BIGINT AND ${LISTED} ORDER BY start_ns, request_id`,
    [first, last, traces.join(',')],
  );
  await step.archive({
    requests: requests.map(([requestId, traceId, startNs]) => ({
      requestId: text(requestId),
      traceId: text(traceId),
      startUnixNano: startNs as bigint,
    })),
    customEvents: [],
    scores: [],
  });
  await deleteUntouched(parts, step, traces, async (connection, listed) => {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE doomed AS SELECT unnest(string_split(?, ','))::UUID AS trace_id`,
      [listed],
    );
    return deleteDoomed(connection, first, last);
  });
  return next;
}

/** Events and scores in traces without a request, row by row: such a trace may go on for ever. */
async function markStep(parts: ArchivingParts, step: Step): Promise<string | undefined> {
  const { pool } = parts;
  const alone = `trace_id NOT IN (SELECT trace_id FROM data.requests WHERE trace_first_ns < $2::BIGINT)`;
  const [end] = await pool.rows(
    `SELECT start_ns::VARCHAR FROM ${ALL_SPANS} WHERE start_ns > $1::BIGINT AND start_ns < $2::BIGINT AND ${alone}
    ORDER BY start_ns LIMIT 1 OFFSET ${ROWS_A_STEP}`,
    [step.from, step.before],
  );
  const next = end === undefined ? undefined : text(end[0]);
  const to = next ?? step.before;
  const found = await pool.rows(
    `SELECT DISTINCT ${TRACE_ID} FROM ${ALL_SPANS} WHERE start_ns >= $1::BIGINT AND start_ns < $3::BIGINT AND ${alone}`,
    [step.from, step.before, to],
  );
  if (found.length === 0) return next;
  const traces = found.map(([traceId]) => text(traceId));
  const inStep = `start_ns >= ?::BIGINT AND start_ns < ?::BIGINT AND ${LISTED}`;
  const rows = (select: string, table: string) =>
    pool.rows(`SELECT ${select} FROM data.${table} WHERE ${inStep} ORDER BY start_ns, span_id`, [
      step.from,
      to,
      traces.join(','),
    ]);
  const customEvents = await rows(CUSTOM_EVENT_SELECT, 'custom_events');
  const scores = await rows(SCORE_SELECT, 'scores');
  await step.archive({
    requests: [],
    customEvents: customEvents.map(customEventFromRow),
    scores: scores.map(scoreFromRow),
  });
  await deleteUntouched(parts, step, traces, async (connection, listed) => {
    const removed = { scores: 0, spans: 0, running_spans: 0, custom_events: 0 };
    for (const table of TABLES_WITH_MARKS) {
      const result = await connection.run(`DELETE FROM data.${table} WHERE ${inStep}`, [step.from, to, listed]);
      removed[table] = result.rowsChanged;
    }
    return {
      requests: 0,
      spans: removed.spans + removed.running_spans,
      phases: 0,
      customEvents: removed.custom_events,
    };
  });
  return next;
}

async function deleteUntouched(
  { connection, turnstile, forgetTraces }: ArchivingParts,
  { touched, add }: Step,
  traces: readonly string[],
  remove: (connection: DuckDBConnection, listed: string) => Promise<DeletedCounts>,
): Promise<void> {
  await turnstile.run(async () => {
    // Commits tell of themselves before they leave the turnstile: from here on none comes in between.
    const untouched = traces.filter((traceId) => !touched.has(traceId));
    if (untouched.length === 0) return;
    add(await inTransaction(connection, () => remove(connection, untouched.join(','))));
    forgetTraces();
  });
}
