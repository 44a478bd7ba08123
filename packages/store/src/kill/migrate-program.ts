// A program that migrates a store and kills itself on the way: `node migrate-program.js <store file> <moment> <spans a step>`.
// Moments are counted from 1: right before each commit, and after it. It prints `done` when the migration has fewer.
import { Engine } from '../duckdb/engine.js';
import { migrate } from '../duckdb/migrate.js';

const [path, moment, spansAStep] = process.argv.slice(2);
if (path === undefined) throw new Error('Give the store file, the moment to die and the spans a step.');

let passed = 0;
const engine = await Engine.open({ path, memoryLimitMb: 256, threads: 2, checkpointThresholdMb: 1 });
const connection = await engine.connect();
await migrate(connection, {
  spansAStep: Number(spansAStep),
  observe() {
    if (++passed === Number(moment)) process.kill(process.pid, 'SIGKILL');
  },
});
connection.closeSync();
await engine.close();
process.stdout.write('done\n');
