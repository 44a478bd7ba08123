import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toLabels } from './labels.js';
import { readThinned } from './read-thinned.js';
import type { SampleColumns } from './sample-chunk.js';
import { staleOf } from './stale-marker.js';
import { thinOut } from './thin-out.js';
import { decodeThinned, encodeThinned } from './tier-chunk.js';

const WINDOW_MS = 300_000;
const START_MS = 1_763_000_100_000 - (1_763_000_100_000 % 3_600_000);

const COUNTER = toLabels([['__name__', 'requests_total']]) ?? [];
const GAUGE = toLabels([['__name__', 'temperature']]) ?? [];

function every(stepMs: number, values: readonly number[]): SampleColumns {
  return {
    timestampsMs: Float64Array.from(values, (_, i) => START_MS + i * stepMs),
    values: Float64Array.from(values),
  };
}

function raw(samples: SampleColumns) {
  return [{ kept: samples, aggregates: undefined }];
}

/** What a counter grew by between two times, resets taken for a new beginning at 0. */
function increase({ timestampsMs, values }: SampleColumns, fromMs: number, toMs: number): number {
  let grown = 0;
  let last: number | undefined;
  for (const [i, timestampMs] of timestampsMs.entries()) {
    if (timestampMs < fromMs || timestampMs > toMs) continue;
    const value = values[i] as number;
    if (last !== undefined) grown += value < last ? value : value - last;
    last = value;
  }
  return grown;
}

function between({ timestampsMs, values }: SampleColumns, fromMs: number, toMs: number): number[] {
  return [...values].filter((_, i) => (timestampsMs[i] as number) >= fromMs && (timestampsMs[i] as number) < toMs);
}

/** Steps of a counter; a negative one is a reset to a small value. */
const steps = fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.constant(-1) }), {
  minLength: 100,
  maxLength: 600,
});

function counter(grown: readonly number[]): SampleColumns {
  let value = 0;
  return every(
    15_000,
    grown.map((step) => {
      value = step < 0 ? 3 : value + step;
      return value;
    }),
  );
}

describe('thinned samples', () => {
  it('of a counter grow as it did, over any time that begins and ends at kept ones, resets included', () => {
    fc.assert(
      fc.property(steps, (grown) => {
        const samples = counter(grown);
        const { kept, aggregates } = thinOut(COUNTER, raw(samples), WINDOW_MS);
        expect(aggregates).toBeUndefined();
        const [first, last] = [kept.timestampsMs[0] as number, kept.timestampsMs.at(-1) as number];
        const middle = kept.timestampsMs[kept.timestampsMs.length >> 1] as number;
        for (const [from, to] of [
          [first, last],
          [first, middle],
          [middle, last],
        ] as const) {
          expect(increase(kept, from, to)).toBe(increase(samples, from, to));
        }
      }),
    );
  });

  it('of a gauge have least, greatest, sum and number of each window, also when they are thinned out twice', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 700 });
    fc.assert(
      fc.property(values, (numbers) => {
        const samples = every(15_000, numbers);
        const once = thinOut(GAUGE, raw(samples), WINDOW_MS);
        for (const [windowMs, { aggregates }] of [
          [WINDOW_MS, once],
          [12 * WINDOW_MS, thinOut(GAUGE, [once], 12 * WINDOW_MS)],
        ] as const) {
          expect(aggregates).toBeDefined();
          for (const [i, timestampMs] of aggregates?.count.timestampsMs.entries() ?? []) {
            const from = Math.floor(timestampMs / windowMs) * windowMs;
            const of = between(samples, from, from + windowMs);
            expect(aggregates?.min.values[i]).toBe(Math.min(...of));
            expect(aggregates?.max.values[i]).toBe(Math.max(...of));
            expect(aggregates?.sum.values[i]).toBe(of.reduce((sum, value) => sum + value, 0));
            expect(aggregates?.count.values[i]).toBe(of.length);
          }
        }
      }),
    );
  });

  it('are few: one a window of a steady counter, and of a gauge that goes up and down', () => {
    const counted = counter(Array.from({ length: 5760 }, (_, i) => i % 7));
    const waved = every(
      15_000,
      Array.from({ length: 5760 }, (_, i) => Math.sin(i)),
    );
    expect(thinOut(COUNTER, raw(counted), WINDOW_MS).kept.values.length).toBeLessThanOrEqual(289);
    expect(thinOut(GAUGE, raw(waved), WINDOW_MS).kept.values.length).toBeLessThanOrEqual(289);
  });

  it('keep markers of staleness with what is beside them, and count them for nothing', () => {
    const samples = every(15_000, [1, 2, 3, 0, 5, 6, 7, 8]);
    new Uint32Array(samples.values.buffer).set([2, 0x7ff0_0000], 6);
    const { kept, aggregates } = thinOut(GAUGE, raw(samples), WINDOW_MS);
    expect([...kept.timestampsMs].map((timestampMs) => (timestampMs - START_MS) / 15_000)).toEqual([0, 2, 3, 4, 7]);
    expect(staleOf(kept.values)(2)).toBe(true);
    expect([...(aggregates?.count.values ?? [])]).toEqual([7]);
    expect([...(aggregates?.sum.values ?? [])]).toEqual([32]);
  });

  it('are the same after they were packed', () => {
    for (const labels of [COUNTER, GAUGE]) {
      const thinned = thinOut(labels, raw(counter(Array.from({ length: 500 }, (_, i) => i % 9))), WINDOW_MS);
      expect(decodeThinned(encodeThinned(thinned))).toEqual(thinned);
    }
    expect(() => decodeThinned(new Uint8Array(5))).toThrow('not a chunk of thinned samples');
  });
});

describe('a question about thinned samples', () => {
  const samples = every(
    15_000,
    Array.from({ length: 480 }, (_, i) => i % 20),
  );
  const thinned = thinOut(GAUGE, raw(samples), WINDOW_MS);
  const read = (functionName: string, rangeMs: number) => readThinned(thinned, WINDOW_MS, { functionName, rangeMs });

  it.each([
    ['min_over_time', 0],
    ['max_over_time', 19],
    ['avg_over_time', 9.5],
    ['sum_over_time', 190],
  ])('for %s gets that of each window', (functionName, value) => {
    expect(new Set(read(functionName, 3_600_000).values)).toEqual(new Set([value]));
  });

  it('for the value at a time finds one within five minutes everywhere', () => {
    const hourly = thinOut(COUNTER, raw(counter(Array.from({ length: 960 }, () => 1))), 3_600_000);
    const { timestampsMs, values } = readThinned(hourly, 3_600_000, { functionName: '', rangeMs: 0 });
    for (let i = 1; i < timestampsMs.length; i += 1) {
      expect((timestampsMs[i] as number) - (timestampsMs[i - 1] as number)).toBeLessThan(300_000);
      expect(values[i] as number).toBeGreaterThanOrEqual(values[i - 1] as number);
    }
  });

  it('for the rate over a range shorter than a window grows evenly', () => {
    const hourly = thinOut(COUNTER, raw(counter(Array.from({ length: 960 }, () => 4))), 3_600_000);
    const { timestampsMs, values } = readThinned(hourly, 3_600_000, { functionName: 'rate', rangeMs: 300_000 });
    for (let i = 1; i < timestampsMs.length; i += 1) {
      const rate =
        ((values[i] as number) - (values[i - 1] as number)) /
        ((timestampsMs[i] as number) - (timestampsMs[i - 1] as number));
      expect(rate).toBeCloseTo(4 / 15_000, 10);
    }
  });

  it('for sums gets nothing that was put between', () => {
    expect(read('sum_over_time', 60_000).values.length).toBe(thinned.aggregates?.sum.values.length);
    expect(read('count_over_time', 60_000).values.length).toBe(thinned.kept.values.length);
  });
});
