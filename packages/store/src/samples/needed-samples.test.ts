import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepNeeded } from './needed-samples.js';

const rows = fc
  .uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 80 })
  .map((times) => times.sort((a, b) => a - b));
const asked = fc.record({
  firstMs: fc.integer({ min: -20, max: 300 }),
  stepMs: fc.integer({ min: 1, max: 60 }),
  count: fc.integer({ min: 1, max: 30 }),
});

type Asked = { readonly firstMs: number; readonly stepMs: number; readonly count: number };

function keep(times: readonly number[], hints: { readonly rangeMs: number; readonly times: Asked }) {
  // What is before the first row and behind the last one is not looked at.
  const timestampsMs = Float64Array.from([-999, ...times, 9999]);
  const values = Float64Array.from(timestampsMs, (time) => time * 2);
  const words = new Uint32Array(values.buffer);
  const { start, end } = keepNeeded({ timestampsMs, words }, 1, times.length + 1, { ...hints, functionName: '' });
  const kept = [...timestampsMs.subarray(start, end)];
  expect([...values.subarray(start, end)]).toEqual(kept.map((time) => time * 2));
  return kept;
}

function timesOf({ firstMs, stepMs, count }: Asked): number[] {
  return Array.from({ length: count }, (_, step) => firstMs + step * stepMs);
}

describe('samples that are needed', () => {
  it('are the newest at each time, and not many more', () => {
    fc.assert(
      fc.property(rows, asked, (times, grid) => {
        const newest = (of: readonly number[]) => timesOf(grid).map((time) => of.findLast((one) => one <= time));
        const kept = keep(times, { rangeMs: 0, times: grid });
        expect(newest(kept)).toEqual(newest(times));
        expect(kept.length).toBeLessThanOrEqual(grid.count);
      }),
      { numRuns: 1000 },
    );
  });

  it('are those of each range', () => {
    fc.assert(
      fc.property(rows, asked, fc.integer({ min: 1, max: 80 }), (times, grid, rangeMs) => {
        const inRanges = (of: readonly number[]) =>
          timesOf(grid).map((time) => of.filter((one) => one >= time - rangeMs && one <= time));
        const kept = keep(times, { rangeMs, times: grid });
        expect(inRanges(kept)).toEqual(inRanges(times));
        if (grid.count > 1 && rangeMs < grid.stepMs) {
          expect(kept).toEqual(times.filter((time) => inRanges([time]).some((range) => range.length > 0)));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are all where nothing is said of times', () => {
    const timestampsMs = Float64Array.of(1, 2, 3);
    const words = new Uint32Array(6);
    expect(keepNeeded({ timestampsMs, words }, 0, 3, { rangeMs: 0, functionName: '' })).toEqual({ start: 0, end: 3 });
  });
});
