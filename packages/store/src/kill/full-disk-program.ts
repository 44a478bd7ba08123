// A program that writes until the disk is full, and on until there is room again: `node full-disk-program.js <store file>`.
// It prints `full` with what still worked, then `recovered` with what it counted. See full-disk.test.ts.
import { openDuckDbStore } from '../duckdb/open-store.js';
import { requestSpans } from './kill-requests.js';

const REQUESTS_A_BATCH = 50;

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Give the store file.');

// No checkpoint on the way: the log is what fills the disk.
const store = await openDuckDbStore({ path, groupCommitMs: 1, checkpointThresholdMb: 512 });
const print = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
let stored = 0;
let full = false;
for (;;) {
  const spans = Array.from({ length: REQUESTS_A_BATCH }, (_, i) => requestSpans(stored + i + 1, Date.now())).flat();
  const outcome = await store.writer.write(spans);
  if (outcome.kind === 'stored') {
    stored += REQUESTS_A_BATCH;
    if (full) break;
  } else if (outcome.kind === 'failed' && !full) {
    full = true;
    const { requests } = await store.maintenance.info();
    print({
      state: 'full',
      message: outcome.message,
      stored,
      requests,
      fatal: store.writer.state().fatalError ?? null,
    });
  } else {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
await store.close();
print({ state: 'recovered', stored });
