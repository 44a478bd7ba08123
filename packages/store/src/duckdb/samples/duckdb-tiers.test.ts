import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SampleHints } from '../../api/sample-store.js';
import { toLabels } from '../../samples/labels.js';
import type { OpenedSamples } from './testing/open-samples.js';
import { openSamples } from './testing/open-samples.js';

const DAY_MS = 86_400_000;
const STEP_MS = 60_000;
const NOW = 1_763_000_000_000;
const FIRST = NOW - 6 * DAY_MS;
const TIERS = [
  { ageMs: DAY_MS, windowMs: 300_000 },
  { ageMs: 3 * DAY_MS, windowMs: 600_000 },
];
const LIMITS = { maxSeries: 100, maxSamples: 10_000_000 };
const SAMPLES = (6 * DAY_MS) / STEP_MS;

let dir: string;
let opened: OpenedSamples;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'vedetta-tiers-'));
  opened = await openSamples(dir, { clock: () => NOW, tiers: TIERS });
  const timestampsMs = Float64Array.from({ length: SAMPLES }, (_, i) => FIRST + i * STEP_MS);
  const write = (name: string, value: (i: number) => number) =>
    opened.store.write([
      {
        labels: toLabels([['__name__', name]]) ?? [],
        timestampsMs,
        values: Float64Array.from({ length: SAMPLES }, (_, i) => value(i)),
      },
    ]);
  await write('requests_total', (i) => i % 2000);
  await write('temperature', (i) => i % 10);
  await opened.store.checkpoint();
});
afterEach(async () => {
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

async function read(name: string, hints?: SampleHints): Promise<[number, number][]> {
  const matcher = { name: '__name__', values: [name], test: (value: string) => value === name };
  const outcome = await opened.store.select([matcher], { fromMs: 0, toMs: NOW }, LIMITS, hints);
  if (outcome.kind !== 'series') throw new Error(outcome.message);
  return outcome.series.flatMap(({ timestampsMs, values }) =>
    Array.from(timestampsMs, (timestampMs, i): [number, number] => [timestampMs, values[i] ?? Number.NaN]),
  );
}

function increase(samples: readonly (readonly [number, number])[]): number {
  let grown = 0;
  for (let i = 1; i < samples.length; i += 1) {
    const [before, value] = [samples[i - 1]?.[1] ?? 0, samples[i]?.[1] ?? 0];
    grown += value < before ? value : value - before;
  }
  return grown;
}

it('old samples are thinned out by their age, young ones stay, and counters grow as they did', async () => {
  const before = await read('requests_total');
  const counts = await opened.store.thinOut();
  expect(counts.samplesBefore).toBeGreaterThan(2 * counts.samplesAfter);
  const after = await read('requests_total');
  expect(after.length).toBeLessThan(before.length / 2);
  expect(increase(after)).toBe(increase(before));
  const young = (samples: readonly [number, number][]) => samples.filter(([ms]) => ms > NOW - DAY_MS);
  expect(young(after)).toEqual(young(before));
  const steps = after.slice(1).map(([ms], i) => ms - (after[i]?.[0] ?? 0));
  expect([Math.max(...steps), new Set(steps).has(300_000)]).toEqual([600_000, true]);
});

it('the same is there after a start, and thinning out again changes nothing', async () => {
  await opened.store.thinOut();
  const asked: readonly (SampleHints | undefined)[] = [
    undefined,
    { rangeMs: 3_600_000, functionName: 'max_over_time' },
  ];
  const answers = await Promise.all(asked.map((hints) => read('temperature', hints)));
  // A window that lies in two chunks has two parts, each with a greatest of its own.
  const greatest = answers[1]?.filter(([ms]) => ms < NOW - 3 * DAY_MS).map(([, value]) => value) ?? [];
  for (let i = 1; i < greatest.length; i += 1) expect(Math.max(greatest[i - 1] ?? 0, greatest[i] ?? 0)).toBe(9);
  expect(await opened.store.thinOut()).toEqual({ samplesBefore: 0, samplesAfter: 0 });
  await opened.close({ kill: true });
  opened = await openSamples(dir, { clock: () => NOW, tiers: TIERS });
  expect(await opened.store.thinOut()).toEqual({ samplesBefore: 0, samplesAfter: 0 });
  expect(await Promise.all(asked.map((hints) => read('temperature', hints)))).toEqual(answers);
});

it('a step that fails leaves everything as it was, and the next run does it', async () => {
  const before = await read('temperature');
  const { connection } = opened;
  await connection.run('ALTER TABLE data.sample_tiers RENAME TO hidden');
  await expect(opened.store.thinOut()).rejects.toThrow('sample_tiers');
  await connection.run('ALTER TABLE data.hidden RENAME TO sample_tiers');
  expect(await read('temperature')).toEqual(before);
  expect((await opened.store.thinOut()).samplesBefore).toBeGreaterThan(0);
});

it('ends between two steps when it is told to', async () => {
  const before = await read('temperature');
  expect(await opened.store.thinOut(AbortSignal.abort())).toEqual({ samplesBefore: 0, samplesAfter: 0 });
  expect(await read('temperature')).toEqual(before);
});

it('thinned samples are deleted by their age as others are', async () => {
  await opened.store.thinOut();
  const { samples, series } = await opened.store.deleteBefore(NOW - 2 * DAY_MS);
  expect([samples > 0, series]).toEqual([true, 0]);
  // A chunk of thinned samples ends within two days of its begin.
  for (const [ms] of await read('temperature')) expect(ms).toBeGreaterThan(NOW - 4.2 * DAY_MS);
  expect(await opened.store.deleteBefore(NOW + DAY_MS)).toMatchObject({ series: 2 });
  expect(await read('temperature')).toEqual([]);
});
