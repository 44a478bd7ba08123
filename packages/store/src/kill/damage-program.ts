// A program that fills a store and then waits to be killed, or says what a store holds: see damage-rounds.ts.
//   node damage-program.js fill <store file>    prints `ready` when everything is acknowledged
//   node damage-program.js read <store file>    prints what was found as one line of JSON
import { openDuckDbStore } from '../duckdb/open-store.js';
import { requestId, requestSpans } from './kill-requests.js';

/** Requests that a checkpoint folded into the file, and those that are in the log only. */
const IN_FILE = 400;
const IN_LOG = 100;
const REQUESTS_A_BATCH = 20;
/** All spans start in this minute: each run writes the same. */
const START_UNIX_MS = 1_790_000_000_000;

/** Stored by each read: what is new must be stored whole, or refused. Left out of what is printed. */
const NEW = 1_000_000;
const NEW_TRACE = requestSpans(NEW, START_UNIX_MS)[0]!.traceId;

const QUERIES = {
  requests: `SELECT * FROM requests WHERE request_id <> '${requestId(NEW)}' ORDER BY request_id`,
  phases: `SELECT * FROM request_phases WHERE request_id <> '${requestId(NEW)}' ORDER BY ALL`,
  spans: `SELECT * FROM spans WHERE trace_id <> '${NEW_TRACE}' ORDER BY trace_id, span_id`,
};

const [what, path] = process.argv.slice(2);
if (path === undefined) throw new Error('Say what to do, and give the store file.');
await (what === 'fill' ? fill(path) : read(path));

async function fill(file: string): Promise<void> {
  const first = await openDuckDbStore({ path: file, groupCommitMs: 1 });
  await write(first, 1, IN_FILE);
  await first.close();
  const second = await openDuckDbStore({ path: file, groupCommitMs: 1, checkpointThresholdMb: 512 });
  await write(second, IN_FILE + 1, IN_LOG);
  process.stdout.write('ready\n');
  setInterval(() => undefined, 1000);
}

async function write(store: Awaited<ReturnType<typeof openDuckDbStore>>, first: number, count: number): Promise<void> {
  for (let from = first; from < first + count; from += REQUESTS_A_BATCH) {
    const spans = Array.from({ length: REQUESTS_A_BATCH }, (_, i) => requestSpans(from + i, START_UNIX_MS)).flat();
    const outcome = await store.writer.write(spans);
    if (outcome.kind !== 'stored') throw new Error(JSON.stringify(outcome));
  }
}

async function read(file: string): Promise<void> {
  const print = (found: unknown): void => {
    process.stdout.write(`${JSON.stringify(found)}\n`);
  };
  let store: Awaited<ReturnType<typeof openDuckDbStore>>;
  try {
    store = await openDuckDbStore({ path: file, groupCommitMs: 1 });
  } catch (error) {
    const { name, code, message } = error as Error & { readonly code?: string };
    print({ state: 'refused', name, code, message });
    process.exitCode = 1;
    return;
  }
  const found: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(QUERIES)) {
    const outcome = await store.sql.query(sql, { maxRows: 100_000, timeoutMs: 60_000 });
    found[name] = outcome.kind === 'failed' ? { failed: outcome.message } : outcome.rows;
  }
  const outcome = await store.writer.write(requestSpans(NEW, START_UNIX_MS));
  const writes =
    outcome.kind === 'stored' ? 'stored' : { failed: 'message' in outcome ? outcome.message : outcome.kind };
  let closes: unknown = 'closed';
  try {
    await store.close();
  } catch (error) {
    closes = { failed: String(error) };
  }
  print({ state: 'opened', ...found, writes, closes });
}
