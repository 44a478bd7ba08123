import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPromqlEngine, type NativeHistogram } from '@vedetta/query';
import type { Labels, SampleRows, Store } from '@vedetta/store';
import { toLabels } from '@vedetta/store';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { BenchResult } from './result.js';

const SERIES = 2000;
const SCRAPES = 240;
const INTERVAL_MS = 15_000;
const BUCKETS = 40;
/** Observations between two scrapes: a bucket gets one every other time. */
const OBSERVATIONS = BUCKETS / 2;
const ROWS_A_WRITE = 500;
const QUERIES = ['sum(rate(took_seconds[5m]))', 'histogram_quantile(0.9, sum by (job) (rate(took_seconds[5m])))'];
const RUNS = 5;

/** What the store takes and keeps of native histograms, and how soon a question about an hour of them is answered. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vedetta-bench-'));
  const file = path.join(folder, 'vedetta.duckdb');
  try {
    let store = await openDuckDbStore({ path: file });
    const endMs = Date.now();
    const results = await fill(store, endMs);
    await store.close();
    let startMs = performance.now();
    store = await openDuckDbStore({ path: file });
    results.push({ name: 'start', value: performance.now() - startMs, unit: 'ms' });
    const samples = SERIES * SCRAPES;
    results.push({ name: 'packed', value: store.samples.state().headBytes / samples, unit: 'bytes/histogram' });
    for (const query of QUERIES) {
      const times: number[] = [];
      for (let i = 0; i < RUNS; i += 1) {
        startMs = performance.now();
        await createPromqlEngine(store.samples, { limits: { maxSamples: 100_000_000 } }).range({
          query,
          startMs: endMs - SCRAPES * INTERVAL_MS,
          endMs,
          stepMs: 60_000,
        });
        times.push(performance.now() - startMs);
      }
      results.push({ name: query, value: Math.min(...times), unit: 'ms' });
    }
    await store.close();
    results.push({ name: 'files', value: (await sizeOf(folder)) / samples, unit: 'bytes/histogram' });
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store, endMs: number): Promise<BenchResult[]> {
  const scrape = createScrapes();
  let writtenMs = 0;
  const cpu = { user: 0, system: 0 };
  for (let i = 0; i < SCRAPES; i += 1) {
    const timestampMs = endMs - (SCRAPES - i) * INTERVAL_MS;
    for (let from = 0; from < SERIES; from += ROWS_A_WRITE) {
      const rows = scrape(from, from + ROWS_A_WRITE, timestampMs);
      const [before, startMs] = [process.cpuUsage(), performance.now()];
      const outcome = await store.samples.writeRows(rows);
      writtenMs += performance.now() - startMs;
      const used = process.cpuUsage(before);
      cpu.user += used.user;
      cpu.system += used.system;
      if (outcome.kind !== 'stored' || outcome.histograms !== ROWS_A_WRITE) throw new Error(JSON.stringify(outcome));
    }
  }
  const samples = SERIES * SCRAPES;
  return [
    {
      name: `written one after the other, ${BUCKETS} buckets`,
      value: (samples / writtenMs) * 1000,
      unit: 'histograms/s',
    },
    { name: 'processor time, all threads', value: (cpu.user + cpu.system) / samples, unit: 'µs/histogram' },
  ];
}

function createScrapes(): (from: number, to: number, timestampMs: number) => SampleRows {
  const indexes = Array.from({ length: BUCKETS }, (_, i) => i - BUCKETS / 2);
  const series: Labels[] = Array.from(
    { length: SERIES },
    (_, i) => toLabels(Object.entries({ __name__: 'took_seconds', job: `job-${i % 10}`, instance: `host-${i}` })) ?? [],
  );
  const state = series.map(() => ({ counts: new Array<number>(BUCKETS).fill(0), sum: 0 }));
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const next = (i: number): NativeHistogram => {
    const own = state[i] as (typeof state)[number];
    for (let n = 0; n < OBSERVATIONS; n += 1) {
      const at = Math.floor(random() * BUCKETS);
      own.counts[at] = (own.counts[at] as number) + 1;
      own.sum += 2 ** ((at + random() - BUCKETS / 2) / 8);
    }
    return {
      schema: 3,
      zeroThreshold: 2 ** -128,
      zeroCount: 0,
      count: own.counts.reduce((sum, count) => sum + count, 0),
      sum: own.sum,
      positive: { indexes, counts: [...own.counts] },
      negative: { indexes: [], counts: [] },
      customBounds: undefined,
      resetHint: 'unknown',
    };
  };
  return (from, to, timestampMs) => ({
    series: series.slice(from, to),
    ends: Uint32Array.from({ length: to - from }, (_, i) => i + 1),
    timestampsMs: new Float64Array(to - from).fill(timestampMs),
    values: new Float64Array(to - from),
    histograms: Array.from({ length: to - from }, (_, i) => next(from + i)),
  });
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? await sizeOf(place) : (await stat(place)).size;
  }
  return bytes;
}
