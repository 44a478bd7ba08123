// A program that writes on a disk that fails: `node failing-disk-program.js <store file> <first request> <checkpoint MiB>`.
// It stores one request after the other and prints `ack <n>`, or `failed <n> <message>` and tries that one again. As the server
// does, it ends once the engine has given up: with `gave up <n>`, exit code 3. A line on its input closes the store. See failing-disk.test.ts.
import { openDuckDbStore } from '../duckdb/open-store.js';
import { requestSpans } from './kill-requests.js';

const [path, first, checkpointMb] = process.argv.slice(2);
if (path === undefined || first === undefined) throw new Error('Give the store file and the first request number.');

const store = await openDuckDbStore({ path, groupCommitMs: 1, checkpointThresholdMb: Number(checkpointMb ?? 64) });
let closing = false;
process.stdin.once('data', () => {
  closing = true;
});
let n = Number(first);
while (!closing) {
  const outcome = await store.writer.write(requestSpans(n, Date.now()));
  if (outcome.kind === 'stored') {
    process.stdout.write(`ack ${n++}\n`);
    continue;
  }
  process.stdout.write(`failed ${n} ${JSON.stringify(outcome)}\n`);
  if (store.writer.state().fatalError !== undefined) {
    process.stdout.write(`gave up ${n}\n`);
    process.exit(3);
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await store.close();
process.exit(0);
