import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChunkTable } from '../../samples/chunk-table.js';
import { encodeSamples } from '../../samples/encode-samples.js';
import type { SampleChunk } from '../../samples/sample-head.js';
import { StoredChunks } from '../../samples/stored-chunks.js';
import type { OpenedSamples } from './testing/open-samples.js';
import { openSamples } from './testing/open-samples.js';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 0, 20);
const SERIES = 3;
const LIMITS = { maxSeries: 100, maxSamples: 10_000_000 };
const ALL = [{ name: '__name__', test: () => true }];
const TIERS = [{ ageMs: 24 * HOUR_MS, windowMs: 300_000 }];

let folder: string;
let opened: OpenedSamples[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vedetta-kept-'));
  opened = [];
});

afterEach(async () => {
  for (const one of opened) await one.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(name: string, maxKeptChunkBytes?: number): Promise<OpenedSamples> {
  const options = {
    clock: () => NOW_MS,
    tiers: TIERS,
    ...(maxKeptChunkBytes === undefined ? {} : { maxKeptChunkBytes }),
  };
  const one = await openSamples(path.join(folder, name), options);
  opened.push(one);
  return one;
}

describe('a store that keeps stored chunks in memory', () => {
  it.each([
    ['all', undefined],
    ['few', 4000],
  ])('answers as one that keeps none, when it keeps %s', async (name, maxBytes) => {
    const action = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('read' as const),
          // Hours before now.
          from: fc.integer({ min: 0, max: 60 }),
          hours: fc.integer({ min: 0, max: 40 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('write' as const),
          series: fc.integer({ min: 0, max: SERIES - 1 }),
          count: fc.integer({ min: 1, max: 400 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('thinOut' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('delete' as const), hours: fc.integer({ min: 20, max: 60 }) }),
      },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30 }), async (actions) => {
        run += 1;
        const stores = [await open(`${name}-${run}`, maxBytes), await open(`${name}-${run}-none`, 0)].map(
          ({ store }) => store,
        );
        const nextMs = new Array<number>(SERIES).fill(NOW_MS - 60 * HOUR_MS);
        for (const one of actions) {
          const answers = await Promise.all(
            stores.map((store) => {
              if (one.kind === 'checkpoint') return store.checkpoint();
              if (one.kind === 'thinOut') return store.thinOut();
              if (one.kind === 'delete') return store.deleteBefore(NOW_MS - one.hours * HOUR_MS);
              if (one.kind === 'write') {
                const first = nextMs[one.series] as number;
                const times = Float64Array.from({ length: one.count }, (_, i) => first + i * 60_000);
                const labels = [['__name__', `s${one.series}`]] as const;
                return store.write([{ labels, timestampsMs: times, values: times.map((ms) => ms % 977) }]);
              }
              const fromMs = NOW_MS - one.from * HOUR_MS;
              return store.select(ALL, { fromMs, toMs: fromMs + one.hours * HOUR_MS }, LIMITS);
            }),
          );
          if (one.kind === 'write') nextMs[one.series] = (nextMs[one.series] as number) + one.count * 60_000;
          expect(answers[0]).toEqual(answers[1]);
        }
        for (const one of opened.splice(0)) await one.close();
      }),
      { numRuns: 15 },
    );
  });
});

describe('stored chunks', () => {
  const chunk = (seriesId: number, firstMs: number): SampleChunk => {
    const samples = { timestampsMs: Float64Array.of(firstMs, firstMs + 9), values: Float64Array.of(1, 2) };
    return { seriesId, firstMs, lastMs: firstMs + 9, count: 2, bytes: encodeSamples(samples) };
  };

  async function fill(maxBytes: number, chunks: readonly SampleChunk[]) {
    const { table } = await open('table');
    await table.write([], chunks);
    let reads = 0;
    const counting: Pick<ChunkTable, 'read'> = {
      read: (...question) => {
        reads += 1;
        return table.read(...question);
      },
    };
    const stored = new StoredChunks(counting, maxBytes);
    const firsts = async (id: number, fromMs: number, toMs: number, memoryFromMs = 1000) => {
      const read = await stored.read([{ id, memoryFromMs, lastMs: 1010 }], fromMs, toMs);
      return (read.get(id) ?? []).map(({ firstMs }) => firstMs);
    };
    return { table, stored, firsts, reads: () => reads };
  }

  it('are read once, with what is stored later', async () => {
    const { table, stored, firsts, reads } = await fill(1e6, [chunk(1, 100), chunk(1, 200), chunk(1, 300)]);
    expect(await firsts(1, 150, 2000)).toEqual([200, 300]);
    expect(await firsts(1, 209, 300)).toEqual([200, 300]);
    expect(await firsts(1, 210, 299)).toEqual([]);
    expect(reads()).toBe(1);
    expect(await firsts(1, 50, 160)).toEqual([100]);
    expect(await firsts(1, 50, 160)).toEqual([100]);
    expect(reads()).toBe(2);
    await table.write([], [chunk(1, 1000)]);
    stored.add([chunk(1, 1000)]);
    expect(await firsts(1, 50, 2000, Number.POSITIVE_INFINITY)).toEqual([100, 200, 300, 1000]);
    expect(reads()).toBe(2);
  });

  it('are not asked for where memory has all', async () => {
    const { firsts, reads } = await fill(1e6, [chunk(1, 100)]);
    expect(await firsts(1, 1000, 2000)).toEqual([]);
    expect(await firsts(1, 1011, 2000, Number.POSITIVE_INFINITY)).toEqual([]);
    expect(reads()).toBe(0);
  });

  it('are kept from when they are stored, and let go when others are wanted', async () => {
    const { stored, firsts, reads } = await fill(700, [chunk(1, 100), chunk(2, 100)]);
    stored.add([chunk(1, 100)]);
    expect(await firsts(1, 100, 2000)).toEqual([100]);
    expect(reads()).toBe(0);
    expect(await firsts(2, 100, 2000)).toEqual([100]);
    expect(stored.sizeBytes).toBeLessThanOrEqual(700);
    expect(await firsts(1, 100, 2000)).toEqual([100]);
    expect(reads()).toBe(2);
    stored.forget();
    expect(stored.sizeBytes).toBe(0);
    expect(await firsts(1, 100, 2000)).toEqual([100]);
    expect(reads()).toBe(3);
  });

  it('that change while they are read are not kept, nor is the end of those that others are added to', async () => {
    const { stored, firsts, reads } = await fill(1e6, [chunk(1, 100), chunk(2, 100)]);
    const reading = firsts(1, 100, 2000);
    stored.forget();
    expect(await reading).toEqual([100]);
    expect(stored.sizeBytes).toBe(0);
    const other = firsts(2, 100, 2000);
    stored.add([chunk(1, 1000)]);
    expect(await other).toEqual([100]);
    expect(await firsts(2, 100, 999)).toEqual([100]);
    expect(reads()).toBe(2);
    expect(await firsts(2, 100, 2000)).toEqual([100]);
    expect(reads()).toBe(3);
  });
});
