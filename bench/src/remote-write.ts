import { setTimeout as delay } from 'node:timers/promises';
import type { BenchResult } from './result.js';
import type { WriteLoad } from './support/remote-write-bodies.js';
import { createWriteLoad } from './support/remote-write-bodies.js';
import type { WriteRun } from './support/remote-write-client.js';
import { sendWrites } from './support/remote-write-client.js';
import { readShapes } from './support/remote-write-shapes.js';
import type { WriteTarget } from './support/write-targets.js';
import { startSink, WRITE_TARGETS } from './support/write-targets.js';

const SERIES = Number(process.env.BENCH_SERIES ?? 50_000);
const SCRAPES = Number(process.env.BENCH_SCRAPES ?? 21);
/** For what stays on the disk: two hours, as long as chunks are. */
const LONG_SERIES = Number(process.env.BENCH_LONG_SERIES ?? 10_000);
const LONG_SCRAPES = Number(process.env.BENCH_LONG_SCRAPES ?? 480);
/** Behind the clock, so that all of it is complete. */
const LONG_AGE_MS = 90 * 60_000;
const INTERVAL_MS = 15_000;
/** `max_samples_per_send` of a Prometheus. */
const SAMPLES_A_REQUEST = 2000;
const CONNECTIONS = [1, 4] as const;
/** Each target has its turn so often, over an empty folder each time. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 2);
const AIM_SAMPLES_PER_SECOND = 300_000;
const OURS = 'vedetta';
/** How often it is counted again what a program has, and in what time. */
const COUNTS = 20;
const COUNT_INTERVAL_MS = 1000;

/** Sums over the rounds. */
interface Measured {
  samples: number;
  elapsedMs: number;
  cpuSeconds: number;
  newSeriesMs: number;
  longestMs: number;
  rssGrowth: number;
}

/** Remote write 1.0 from a client to the built server, to Prometheus and to VictoriaMetrics: the same bodies, in the same run. */
export async function run(): Promise<BenchResult[]> {
  const { shapes, source } = readShapes();
  const results: BenchResult[] = [];
  const targets = Object.entries(WRITE_TARGETS).filter(([name, { isThere }]) => {
    if (!isThere) results.push({ name: `${name} is not installed: skipped`, value: 0, unit: 'samples/s' });
    return isThere;
  });
  for (const connections of CONNECTIONS) {
    const load = createWriteLoad({
      shapes,
      series: SERIES,
      scrapes: SCRAPES,
      intervalMs: INTERVAL_MS,
      lastMs: Date.now(),
      connections,
      samplesARequest: SAMPLES_A_REQUEST,
    });
    const title = `${connections} connection${connections === 1 ? '' : 's'}`;
    if (results.length === 0 || connections === 1) results.push(...describe(load, source));
    const measured = new Map<string, Measured>();
    results.push(await limitOfClient(title, load));
    for (let round = 0; round < ROUNDS; round += 1) {
      // In another order each round, since the machine may have been busier at one end.
      for (const [name, { start }] of round % 2 === 0 ? targets : targets.toReversed()) {
        const target = await start();
        try {
          add(measured, name, await measure(name, target, load));
        } finally {
          await target.stop();
        }
      }
    }
    results.push(...compare(title, measured));
  }
  results.push(...(await onDisk(targets, shapes)));
  return results;
}

function describe(load: WriteLoad, source: string): BenchResult[] {
  const bytes = load.connections.flat().reduce((sum, { body }) => sum + body.length, 0);
  return [
    { name: `series of: ${source}`, value: load.series, unit: 'series' },
    { name: 'compressed', value: bytes / load.samples, unit: 'bytes/sample' },
  ];
}

async function limitOfClient(title: string, load: WriteLoad): Promise<BenchResult> {
  const sink = await startSink();
  try {
    const { acknowledged, elapsedMs } = await sendWrites(sink.url, load, 0, Number.POSITIVE_INFINITY);
    return { name: `${title}: what the client can send`, value: (acknowledged / elapsedMs) * 1000, unit: 'samples/s' };
  } finally {
    sink.stop();
  }
}

/** The first scrape makes the series; the others are what a sender does all day. */
async function measure(name: string, target: WriteTarget, load: WriteLoad): Promise<Measured> {
  const rssBefore = target.rssBytes();
  const bodiesAScrape = (load.connections[0]?.length ?? 0) / SCRAPES;
  const first = await sendWrites(target.writeUrl, load, 0, bodiesAScrape);
  const cpuBefore = target.cpuSeconds();
  const rest = await sendWrites(target.writeUrl, load, bodiesAScrape, Number.POSITIVE_INFINITY);
  const cpuSeconds = target.cpuSeconds() - cpuBefore;
  const rssGrowth = target.rssBytes() - rssBefore;
  await expectAll(name, target, load, [first, rest]);
  return {
    samples: rest.acknowledged,
    elapsedMs: rest.elapsedMs,
    cpuSeconds,
    newSeriesMs: first.elapsedMs,
    longestMs: rest.longestMs,
    rssGrowth,
  };
}

function add(all: Map<string, Measured>, name: string, now: Measured): void {
  const before = all.get(name);
  all.set(name, {
    samples: now.samples + (before?.samples ?? 0),
    elapsedMs: now.elapsedMs + (before?.elapsedMs ?? 0),
    cpuSeconds: now.cpuSeconds + (before?.cpuSeconds ?? 0),
    newSeriesMs: now.newSeriesMs + (before?.newSeriesMs ?? 0),
    longestMs: Math.max(now.longestMs, before?.longestMs ?? 0),
    rssGrowth: now.rssGrowth + (before?.rssGrowth ?? 0),
  });
}

function compare(title: string, measured: ReadonlyMap<string, Measured>): BenchResult[] {
  const ours = measured.get(OURS);
  const results: BenchResult[] = [];
  for (const [name, each] of measured) {
    const rate = (each.samples / each.elapsedMs) * 1000;
    const isOurs = name === OURS;
    results.push({
      name: `${title}: ${name}`,
      value: rate,
      unit: 'samples/s',
      ...(isOurs
        ? { aim: `>= ${AIM_SAMPLES_PER_SECOND.toLocaleString('en')}`, pass: rate >= AIM_SAMPLES_PER_SECOND }
        : {}),
    });
    if (!isOurs && ours !== undefined) {
      const ratio = ours.samples / ours.elapsedMs / (each.samples / each.elapsedMs);
      results.push({ name: `${title}: ours to ${name}`, value: ratio, unit: 'times', ratioTo: { peer: name, ratio } });
    }
    results.push(
      { name: `${title}: ${name}, processor time`, value: (each.cpuSeconds / each.samples) * 1e6, unit: 's/million' },
      { name: `${title}: ${name}, longest answer`, value: each.longestMs, unit: 'ms' },
      { name: `${title}: ${name}, new series`, value: (SERIES * ROUNDS * 1000) / each.newSeriesMs, unit: 'series/s' },
      { name: `${title}: ${name}, memory grew by`, value: each.rssGrowth / ROUNDS / SERIES, unit: 'bytes/series' },
    );
  }
  return results;
}

/** Two hours of fewer series, and what they take when everything is where it stays. */
async function onDisk(
  targets: readonly (readonly [string, { start(): Promise<WriteTarget> }])[],
  shapes: Parameters<typeof createWriteLoad>[0]['shapes'],
): Promise<BenchResult[]> {
  if (LONG_SERIES === 0) return [];
  const load = createWriteLoad({
    shapes,
    series: LONG_SERIES,
    scrapes: LONG_SCRAPES,
    intervalMs: INTERVAL_MS,
    lastMs: Date.now() - LONG_AGE_MS,
    connections: 2,
    samplesARequest: SAMPLES_A_REQUEST,
  });
  const results: BenchResult[] = [];
  for (const [name, { start }] of targets) {
    const target = await start();
    try {
      const rssBefore = target.rssBytes();
      const sent = await sendWrites(target.writeUrl, load, 0, Number.POSITIVE_INFINITY);
      const rssGrowth = target.rssBytes() - rssBefore;
      await expectAll(name, target, load, [sent]);
      const bytes = await target.finish();
      const title = `${LONG_SCRAPES} samples a series: ${name}`;
      results.push(
        { name: `${title}, memory grew by`, value: rssGrowth / load.samples, unit: 'bytes/sample' },
        { name: `${title}, files`, value: bytes / load.samples, unit: 'bytes/sample' },
      );
    } catch (error) {
      await target.stop();
      throw error;
    }
  }
  return results;
}

/** Every sample that was acknowledged is there, and nothing else; a speed at which some are lost is none. */
async function expectAll(name: string, target: WriteTarget, load: WriteLoad, runs: readonly WriteRun[]): Promise<void> {
  const acknowledged = runs.reduce((sum, run) => sum + run.acknowledged, 0);
  const refusals = runs.flatMap((run) => run.refusals);
  if (acknowledged !== load.samples) throw new Error(`${name} refused samples: ${refusals.join('\n')}`);
  let found = await target.count(load);
  // Some show what is new a little later.
  for (let i = 0; i < COUNTS && found !== acknowledged; i += 1) {
    await delay(COUNT_INTERVAL_MS);
    found = await target.count(load);
  }
  if (found !== acknowledged) throw new Error(`${name} acknowledged ${acknowledged} samples and has ${found}`);
}
