// A program that writes metric samples until it is killed: `node sample-program.js <store file> <now in ms>`.
// It prints `ready`, then `ack <series> <n>` once all samples of the series up to the n-th were acknowledged. See sample-kill-rounds.ts.
import { openDuckDbStore } from '../duckdb/open-store.js';
import type { KillSeries } from './sample-series.js';
import { killSeries, readSeries, samplesFrom, TIERS } from './sample-series.js';

const SAMPLES_A_WRITE = 50;

const [path, now] = process.argv.slice(2);
if (path === undefined || now === undefined) throw new Error('Give the store file and the time.');
const nowMs = Number(now);

// A tiny threshold makes checkpoints of the engine part of what is killed.
const { samples } = await openDuckDbStore({
  path,
  checkpointThresholdMb: 1,
  sampleTiers: TIERS,
  sampleRetentionMs: 1000 * 3_600_000,
  clock: () => nowMs,
});
const next = await Promise.all(
  killSeries(nowMs).map(async (series) => ({
    series,
    from: ((await readSeries(samples, series)).at(-1)?.[1] ?? -1) + 1,
  })),
);
process.stdout.write('ready\n');
await Promise.all([...next.map(({ series, from }, i) => writeForever(i, series, from)), keepUpForever()]);

async function writeForever(index: number, series: KillSeries, first: number): Promise<void> {
  const { firstMs, stepMs } = series;
  for (let from = first; firstMs + (from + SAMPLES_A_WRITE) * stepMs < nowMs; from += SAMPLES_A_WRITE) {
    const outcome = await samples.write([samplesFrom(series, from, SAMPLES_A_WRITE)]);
    if (outcome.kind !== 'stored') throw new Error(`Not stored: ${JSON.stringify(outcome)}`);
    process.stdout.write(`ack ${index} ${from + SAMPLES_A_WRITE - 1}\n`);
    // Some come twice: retries are part of what is killed.
    if (from % 7 === 0) await samples.write([samplesFrom(series, from + SAMPLES_A_WRITE - 1, 1)]);
  }
}

async function keepUpForever(): Promise<never> {
  for (;;) {
    await samples.checkpoint();
    await samples.thinOut();
    await samples.deleteBefore(nowMs - 900 * 3_600_000);
  }
}
