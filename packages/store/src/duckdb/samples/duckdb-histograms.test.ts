import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NativeHistogram } from '@vedetta/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SampleHints, SeriesSamples } from '../../api/sample-store.js';
import { toLabels } from '../../samples/labels.js';
import { STALE_HIGH, STALE_LOW, setWords, staleOf } from '../../samples/stale-marker.js';
import type { OpenedSamples } from './testing/open-samples.js';
import { openSamples } from './testing/open-samples.js';

const NOW = 1_763_000_000_000;
const DAY_MS = 86_400_000;
const LIMITS = { maxSeries: 1000, maxSamples: 1_000_000 };

/** A number, a histogram that counts so much in its two buckets, or a marker of staleness. */
type Sample = number | 'stale' | readonly [first: number, second: number];

let dir: string;
let opened: OpenedSamples;
let nowMs = NOW;

beforeEach(async () => {
  nowMs = NOW;
  dir = await mkdtemp(path.join(tmpdir(), 'vedetta-histograms-'));
  opened = await openSamples(dir, { clock: () => nowMs });
});
afterEach(async () => {
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

async function reopen({ kill = false, ...options }: Parameters<typeof openSamples>[1] & { kill?: boolean } = {}) {
  await opened.close({ kill });
  opened = await openSamples(dir, { clock: () => nowMs, ...options });
}

function histogram(counts: readonly number[], more: Partial<NativeHistogram> = {}): NativeHistogram {
  const count = counts.reduce((sum, each) => sum + each, 0);
  return {
    schema: 0,
    zeroThreshold: 0.001,
    zeroCount: 0,
    count,
    sum: count / 2,
    positive: { indexes: counts.map((_, i) => i), counts },
    negative: { indexes: [], counts: [] },
    customBounds: undefined,
    resetHint: 'unknown',
    ...more,
  };
}

function series(name: string, firstMs: number, stepMs: number, all: readonly (Sample | NativeHistogram)[]) {
  const values = new Float64Array(all.length);
  const histograms = all.map((sample, i) => {
    if (typeof sample === 'number') values[i] = sample;
    else if (sample === 'stale') setWords(values, i, STALE_HIGH, STALE_LOW);
    else return 'schema' in sample ? sample : histogram(sample);
    return undefined;
  });
  return {
    labels: toLabels([['__name__', name]]) ?? [],
    timestampsMs: Float64Array.from(all, (_, i) => firstMs + i * stepMs),
    values,
    histograms,
  } satisfies SeriesSamples;
}

/** Times and what is there, as {@link series} takes it. */
async function read(name: string, hints?: SampleHints): Promise<[number, Sample][]> {
  const matcher = { name: '__name__', values: [name], test: (value: string) => value === name };
  const range = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
  const outcome = await opened.store.select([matcher], range, LIMITS, hints);
  if (outcome.kind !== 'series') throw new Error(outcome.message);
  return outcome.series.flatMap(({ timestampsMs, values, histograms }) => {
    const isStale = staleOf(values);
    return Array.from(timestampsMs, (timestampMs, i): [number, Sample] => {
      const found = histograms?.[i];
      const [first = 0, second = 0] = found?.positive.counts ?? [];
      return [timestampMs, found !== undefined ? [first, second] : isStale(i) ? 'stale' : (values[i] ?? Number.NaN)];
    });
  });
}

async function readAll(name: string): Promise<Sample[]> {
  return (await read(name)).map(([, sample]) => sample);
}

describe('native histograms', () => {
  it('are read as they were written, beside numbers, from memory, the log and the table', async () => {
    const all: Sample[] = [1, 2, [1, 0], [1, 2], 'stale', [0, 1], [2, 1], 3, 'stale', [5, 5], 4];
    const one = series('x', NOW - 1000, 10, all);
    expect(await opened.store.write([one])).toEqual({
      kind: 'stored',
      stored: all.length,
      duplicate: 0,
      histograms: 5,
      rejected: {},
      message: '',
    });
    const expected = all.map((sample, i): [number, Sample] => [NOW - 1000 + i * 10, sample]);
    expect(await read('x')).toEqual(expected);
    await reopen({ kill: true });
    expect(await read('x')).toEqual(expected);
    await opened.store.checkpoint();
    await reopen({ kill: true });
    expect(await read('x')).toEqual(expected);
    nowMs += 2 * 3_600_000;
    await opened.store.checkpoint();
    expect(opened.store.state().headBytes).toBe(0);
    expect(await read('x')).toEqual(expected);
    await reopen();
    expect(await read('x')).toEqual(expected);
    expect(await opened.store.write([series('x', nowMs, 1, [[9, 9]])])).toMatchObject({ stored: 1 });
    expect((await readAll('x')).at(-1)).toEqual([9, 9]);
  });

  it('keep their form: schema, boundaries, negative buckets, fractions, gauges', async () => {
    const odd = [
      histogram([1.5, 2.25], { schema: 8, sum: Number.NaN }),
      histogram([1, 2], { negative: { indexes: [-7, 900], counts: [3, 4] }, zeroCount: 2, count: 12 }),
      histogram([7], { resetHint: 'gauge', sum: -3 }),
      histogram([1, 2], { schema: -53, zeroThreshold: 0, customBounds: [0.25, 1.5] }),
    ];
    await opened.store.write([series('odd', NOW - 100, 1, odd)]);
    for (const kill of [false, true]) {
      if (kill) await reopen({ kill });
      const outcome = await opened.store.select([], { fromMs: 0, toMs: NOW }, LIMITS);
      const found = outcome.kind === 'series' ? outcome.series[0]?.histograms : undefined;
      expect(found).toEqual(odd);
    }
  });

  it('at the same time are duplicates when they are the same, else out of order, as is a number', async () => {
    const write = (...all: Sample[]) => opened.store.write([series('x', NOW, 1, all)]);
    await write([1, 2]);
    expect(await write([1, 2])).toMatchObject({ stored: 0, duplicate: 1, histograms: 1, rejected: {} });
    expect(await write([1, 3])).toMatchObject({ stored: 0, histograms: 0, rejected: { out_of_order: 1 } });
    expect(await write(1)).toMatchObject({ stored: 0, rejected: { out_of_order: 1 } });
    expect(await opened.store.write([series('x', NOW - 1, 1, [[0, 0]])])).toMatchObject({
      rejected: { out_of_order: 1 },
    });
    await opened.store.write([series('n', NOW, 1, [1])]);
    expect(await opened.store.write([series('n', NOW, 1, [[1, 1]])])).toMatchObject({ rejected: { out_of_order: 1 } });
    await opened.store.write([series('x', NOW + 1, 1, ['stale'])]);
    expect(await opened.store.write([series('x', NOW + 1, 1, ['stale'])])).toMatchObject({ duplicate: 1 });
    expect(await readAll('x')).toEqual([[1, 2], 'stale']);
  });

  it('that are too large or make no sense are counted and named', async () => {
    await reopen({ limits: { maxHistogramBuckets: 3 } });
    const wide = histogram([1, 1, 1, 1]);
    const wrong = histogram([1, 1], { schema: 20 });
    const outcome = await opened.store.write([series('x', NOW, 1, [wide, wrong, [1, 1]])]);
    expect(outcome).toMatchObject({
      stored: 1,
      rejected: { bucket_limit: 1, invalid_histogram: 1 },
      message: 'a histogram of x has 4 buckets, 3 are allowed',
    });
    expect(opened.store.state().rejectedTotal).toMatchObject({ bucket_limit: 1, invalid_histogram: 1 });
  });

  it('of many chunks come in order, while chunks are stored and the log is begun anew', async () => {
    const expected: [number, Sample][] = [];
    const firstMs = NOW - 3_000_000;
    const work: Promise<unknown>[] = [];
    for (let i = 0; i < 1000; i += 1) {
      // A number now and then: the kinds alternate within what the disk takes at once.
      const sample: Sample = i % 97 === 50 ? i : i % 97 === 51 ? 'stale' : [i, 2 * i];
      expected.push([firstMs + i * 1000, sample]);
      work.push(opened.store.write([series('x', firstMs + i * 1000, 1, [sample])]));
      if (i % 150 === 149) work.push(opened.store.checkpoint());
      if (i % 40 === 39) await Promise.all(work.splice(0));
    }
    await Promise.all(work);
    expect(await read('x')).toEqual(expected);
    await reopen({ kill: true });
    expect(await read('x')).toEqual(expected);
  });

  it('are there once when a crash leaves the log beside the chunks', async () => {
    const all = Array.from({ length: 500 }, (_, i): Sample => [i, i]);
    await opened.store.write([series('x', NOW - 1000, 1, all)]);
    const folder = path.join(dir, 'samples');
    const files = await Promise.all(
      (await readdir(folder)).map(
        async (name) => [path.join(folder, name), await readFile(path.join(folder, name))] as const,
      ),
    );
    await opened.store.checkpoint();
    await opened.close({ kill: true });
    for (const [file, bytes] of files) await writeFile(file, bytes);
    opened = await openSamples(dir, { clock: () => nowMs });
    expect(await readAll('x')).toEqual(all);
  });

  it('count by their buckets where reading is limited', async () => {
    await opened.store.write([
      series('x', NOW - 10, 1, [
        [1, 1],
        [2, 2],
      ]),
    ]);
    const ask = (maxSamples: number) => opened.store.select([], { fromMs: 0, toMs: NOW }, { maxSeries: 1, maxSamples });
    expect(await ask(16)).toMatchObject({ kind: 'series' });
    expect(await ask(15)).toMatchObject({ kind: 'too_large' });
  });

  it('are deleted by their age, with their series', async () => {
    await opened.store.write([
      series('old', NOW, 1, [
        [1, 1],
        [2, 2],
      ]),
      series('both', NOW, 1, [[1, 1]]),
    ]);
    nowMs += 3 * 3_600_000;
    await opened.store.checkpoint();
    await opened.store.write([series('both', nowMs, 1, [[3, 3]])]);
    expect(await opened.store.deleteBefore(NOW + 10)).toEqual({ chunks: 2, samples: 3, series: 1 });
    expect(await readAll('both')).toEqual([[3, 3]]);
    expect(await opened.store.deleteBefore(nowMs + 1)).toEqual({ chunks: 0, samples: 1, series: 1 });
    await reopen({ kill: true });
    expect(opened.store.state().series).toBe(0);
  });
});

describe('old native histograms', () => {
  const TIERS = [
    { ageMs: DAY_MS, windowMs: 300_000 },
    { ageMs: 3 * DAY_MS, windowMs: 3_600_000 },
  ];
  const STEP_MS = 60_000;
  const COUNT = (5 * DAY_MS) / STEP_MS;
  const FIRST = NOW - 5 * DAY_MS;

  /** What the first bucket grew by, as the engine would say from the samples and their hints. */
  function increase(samples: readonly [number, Sample][]): number {
    let grown = 0;
    let last: number | undefined;
    for (const [, sample] of samples) {
      if (typeof sample !== 'object') continue;
      const [value] = sample;
      if (last !== undefined) grown += value < last ? value : value - last;
      last = value;
    }
    return grown;
  }

  it('are thinned out so that counters grow as before, across resets and tiers', async () => {
    await reopen({ tiers: TIERS });
    const all = Array.from({ length: COUNT }, (_, i): Sample => (i === 500 ? 'stale' : [i % 1000, 1]));
    await opened.store.write([series('x', FIRST, STEP_MS, all)]);
    await opened.store.checkpoint();
    const before = await read('x');
    const counts = await opened.store.thinOut();
    expect(counts.samplesAfter).toBeLessThan(counts.samplesBefore / 3);
    const after = await read('x');
    expect(after.length).toBeLessThan(before.length / 2);
    expect(increase(after)).toBe(increase(before));
    expect(after.filter(([, sample]) => sample === 'stale')).toHaveLength(1);
    expect(after.at(-1)).toEqual(before.at(-1));
    await reopen({ tiers: TIERS, kill: true });
    expect(await read('x')).toEqual(after);
  });

  it('have points put between them for a question about a short time', async () => {
    await reopen({ tiers: TIERS });
    await opened.store.write([
      series(
        'x',
        FIRST,
        STEP_MS,
        Array.from({ length: COUNT }, (_, i): Sample => [i, 2 * i]),
      ),
    ]);
    await opened.store.checkpoint();
    await opened.store.thinOut();
    const rising = (await read('x', { rangeMs: 300_000, functionName: 'rate' })).slice(0, 200);
    for (let i = 1; i < rising.length; i += 1) {
      const [[fromMs, from], [toMs, to]] = [rising[i - 1] ?? [0, 0], rising[i] ?? [0, 0]];
      expect(toMs - fromMs).toBeLessThan(150_000);
      const [a, b] = [from, to].map((sample) => (typeof sample === 'object' ? sample[1] : Number.NaN));
      expect((b as number) - (a as number)).toBeCloseTo((2 * (toMs - fromMs)) / STEP_MS, 6);
    }
    const instant = (await read('x', { rangeMs: 0, functionName: '' })).slice(0, 200);
    for (let i = 1; i < instant.length; i += 1) {
      expect((instant[i]?.[0] ?? 0) - (instant[i - 1]?.[0] ?? 0)).toBeLessThan(300_000);
    }
  });

  it('stay with the numbers of their series, and the changes between the two', async () => {
    await reopen({ tiers: TIERS });
    const all = Array.from({ length: COUNT }, (_, i): Sample => (i % 400 < 200 ? i % 7 : [i, i]));
    await opened.store.write([series('x', FIRST, STEP_MS, all)]);
    await opened.store.checkpoint();
    await opened.store.thinOut();
    const kinds = (await readAll('x')).map((sample) => typeof sample);
    expect(kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1])).toHaveLength(Math.ceil(COUNT / 200) - 1);
  });
});
