import path from 'node:path';
import { createPromqlEngine } from '@vedetta/query';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import { expect, test } from 'vitest';
import { tempDir } from '../testing/test-server.js';
import type { SampleSource } from './sample-source.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const T = 1_763_000_000_000;

test('of thinned samples a query gets what its function is about', async () => {
  const store = await openDuckDbStore({
    path: path.join(tempDir(), 'thinned.duckdb'),
    clock: () => T,
    sampleTiers: [{ ageMs: DAY_MS, windowMs: 10 * MINUTE_MS }],
  });
  try {
    const minutes = Array.from({ length: 3 * 1440 }, (_, i) => i);
    const timestampsMs = Float64Array.from(minutes, (i) => T - 3 * DAY_MS + i * MINUTE_MS);
    // Of ten samples in a row one is a peak and one a hole: a thinned series that only kept samples would miss them.
    const values = Float64Array.from(minutes, (i) => (i % 10 === 3 ? 100 : i % 10 === 6 ? -50 : 5));
    const labels = [['__name__', 'level']] as const;
    expect(await store.samples.write([{ labels, timestampsMs, values }])).toMatchObject({ stored: values.length });
    await store.samples.checkpoint();
    const source: SampleSource = store.samples;
    const ask = async (query: string, from = source): Promise<number | undefined> => {
      const { data } = await createPromqlEngine(from).instant({ query, timeMs: T - 2 * DAY_MS });
      return data.type === 'vector' ? data.series[0]?.values[0] : undefined;
    };
    const queries = ['max', 'min', 'avg', 'sum'].map((name) => `${name}_over_time(level[10h])`);
    const before = await Promise.all(queries.map((query) => ask(query)));
    expect(before).toEqual([100, -50, 9, 5400]);
    expect((await store.samples.thinOut()).samplesAfter).toBeLessThan(values.length);
    const after = await Promise.all(queries.map((query) => ask(query)));
    expect(after.slice(0, 2)).toEqual([100, -50]);
    // The windows at the two ends of the range are in it whole or not at all.
    expect(after[2]).toBeCloseTo(9, 9);
    expect(Math.abs((after[3] ?? 0) - 5400)).toBeLessThanOrEqual(90);
    // It is the engine's word on what is asked that does it.
    const unaware: SampleSource = Object.assign(Object.create(source), {
      select: (matchers, range, limits) => store.samples.select(matchers, range, limits),
    } satisfies Pick<SampleSource, 'select'>);
    expect(await ask('avg_over_time(level[10h])', unaware)).not.toBeCloseTo(9, 1);
  } finally {
    await store.close();
  }
});
