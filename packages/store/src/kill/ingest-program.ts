// A program that writes until it is killed: `node ingest-program.js <store file> <first request number>`.
// It prints `ready`, then `ack <n>` for each request whose spans were acknowledged. See kill-rounds.ts.
import { openDuckDbStore } from '../duckdb/open-store.js';
import { OLD_DAYS, requestSpans } from './kill-requests.js';

const DAY_MS = 86_400_000;
const REQUESTS_A_BATCH = 20;

const [path, first] = process.argv.slice(2);
if (path === undefined || first === undefined) throw new Error('Give the store file and the first request number.');

// A tiny threshold makes checkpoints part of what is killed.
const store = await openDuckDbStore({ path, groupCommitMs: 2, checkpointThresholdMb: 1 });
process.stdout.write('ready\n');
let next = Number(first);
await Promise.all([...Array.from({ length: 4 }, writeForever), deleteForever(), recostForever()]);

async function writeForever(): Promise<never> {
  for (;;) {
    const from = next;
    next += REQUESTS_A_BATCH;
    const numbers = Array.from({ length: REQUESTS_A_BATCH }, (_, i) => from + i);
    const spans = numbers.map((n) => requestSpans(n, Date.now()));
    // Roots after their phases, and everything twice: late spans and retries are part of what is killed too.
    const outcomes = [
      await store.writer.write(spans.flatMap((all) => all.slice(1))),
      await store.writer.write(spans.map((all) => all[0]!)),
      await store.writer.write(spans.flat()),
    ];
    if (outcomes.some(({ kind }) => kind !== 'stored')) throw new Error(`Not stored: ${JSON.stringify(outcomes)}`);
    process.stdout.write(`${numbers.map((n) => `ack ${n}\n`).join('')}`);
  }
}

async function deleteForever(): Promise<never> {
  for (;;) {
    await store.maintenance.deleteBefore(Date.now() - (OLD_DAYS - 10) * DAY_MS);
    await store.maintenance.freeDiskSpace();
  }
}

async function recostForever(): Promise<never> {
  const range = { fromUnixMs: 0, toUnixMs: Number.POSITIVE_INFINITY };
  for (let usd = 0.25; ; usd = 0.75 - usd) {
    await store.maintenance.recost(range, (calls) => calls.map(() => ({ usd, source: 'priced', estimated: false })));
  }
}
