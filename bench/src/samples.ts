import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Store } from '@vedetta/store';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { BenchResult } from './result.js';
import { createScrapes } from './samples-workload.js';

/** Series of the load, and how many samples of each: 15 s apart, as scrapes are. */
const SERIES = Number(process.env.BENCH_SERIES ?? 100_000);
const SCRAPES = Number(process.env.BENCH_SCRAPES ?? 120);
const INTERVAL_MS = 15_000;
/** What a remote writer sends at once. */
const ROWS_A_WRITE = 5000;
const WRITERS = 4;
const AIM_SAMPLES_PER_SECOND = 600_000;
const MIB = 1024 * 1024;

/** What the store of metric samples takes, keeps and how soon it is there again. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vedetta-bench-'));
  const options = {
    path: path.join(folder, 'vedetta.duckdb'),
    sampleLimits: { maxSeriesPerMetric: SERIES, maxSeries: SERIES },
  };
  try {
    const scrapes = createScrapes(SERIES);
    const emptyMemory = residentBytes();
    let store = await openDuckDbStore(options);
    const results = [...(await fill(store, scrapes))];
    const headBytes = store.samples.state().headBytes;
    const memory = residentBytes() - emptyMemory;
    results.push({ name: 'memory of the process, beyond the labels of the load', value: memory / MIB, unit: 'MiB' });
    results.push({ name: 'of it packed samples', value: headBytes / MIB, unit: 'MiB' });
    const logBytes = store.samples.state().logBytes;
    results.push({ name: 'log to read', value: logBytes / MIB, unit: 'MiB' });
    await store.close();
    let startMs = performance.now();
    store = await openDuckDbStore(options);
    results.push({ name: 'start', value: performance.now() - startMs, unit: 'ms' });
    results.push(...(await ask(store)));
    startMs = performance.now();
    await store.samples.checkpoint();
    results.push({ name: 'log begun anew', value: performance.now() - startMs, unit: 'ms' });
    await store.close();
    results.push({ name: 'files', value: (await sizeOf(folder)) / (SERIES * SCRAPES), unit: 'bytes/sample' });
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store, scrapes: ReturnType<typeof createScrapes>): Promise<BenchResult[]> {
  const firstMs = Date.now() - SCRAPES * INTERVAL_MS;
  const cpu = process.cpuUsage();
  let makingMs = 0;
  let longestMs = 0;
  const startMs = performance.now();
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
    const waiting: Promise<void>[] = [];
    for (let from = 0; from < SERIES; from += ROWS_A_WRITE) {
      const makingFromMs = performance.now();
      const rows = scrapes(from, Math.min(SERIES, from + ROWS_A_WRITE), scrape, firstMs + scrape * INTERVAL_MS);
      makingMs += performance.now() - makingFromMs;
      const writeFromMs = performance.now();
      waiting.push(
        store.samples.writeRows(rows).then((outcome) => {
          longestMs = Math.max(longestMs, performance.now() - writeFromMs);
          if (outcome.kind !== 'stored' || outcome.stored !== rows.timestampsMs.length) {
            throw new Error(`Not stored: ${JSON.stringify(outcome)}`);
          }
        }),
      );
      if (waiting.length >= WRITERS) await Promise.all(waiting.splice(0));
    }
    await Promise.all(waiting);
  }
  const elapsedMs = performance.now() - startMs - makingMs;
  const { user, system } = process.cpuUsage(cpu);
  const samples = SERIES * SCRAPES;
  const perSecond = (samples / elapsedMs) * 1000;
  return [
    {
      name: `written, ${SERIES.toLocaleString('en')} series`,
      value: perSecond,
      unit: 'samples/s',
      aim: `>= ${AIM_SAMPLES_PER_SECOND.toLocaleString('en')}`,
      pass: perSecond >= AIM_SAMPLES_PER_SECOND,
    },
    {
      name: 'processor time, all threads',
      value: ((user + system) / 1000 - makingMs) / (samples / 1e6),
      unit: 'ns/sample',
    },
    { name: 'longest acknowledgement', value: longestMs, unit: 'ms' },
  ];
}

async function ask(store: Store): Promise<BenchResult[]> {
  const range = { fromMs: 0, toMs: Date.now() };
  const limits = { maxSeries: SERIES, maxSamples: SERIES * SCRAPES };
  const matcher = { name: 'instance', values: ['host-7:9100'], test: (value: string) => value === 'host-7:9100' };
  const startMs = performance.now();
  const outcome = await store.samples.select([matcher], range, limits);
  const elapsedMs = performance.now() - startMs;
  if (outcome.kind !== 'series') throw new Error(outcome.message);
  const samples = outcome.series.reduce((sum, { timestampsMs }) => sum + timestampsMs.length, 0);
  return [
    {
      name: `read of ${outcome.series.length} series, ${samples.toLocaleString('en')} samples`,
      value: elapsedMs,
      unit: 'ms',
    },
  ];
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? await sizeOf(place) : (await stat(place)).size;
  }
  return bytes;
}
