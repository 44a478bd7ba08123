import fc from 'fast-check';
import { expect, it } from 'vitest';
import { neededRows } from './needed-rows.js';

const columns = fc
  .uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 80 })
  .map((times) => times.sort((a, b) => a - b));
const asked = fc.record({
  firstMs: fc.integer({ min: -20, max: 300 }),
  stepMs: fc.integer({ min: 1, max: 60 }),
  count: fc.integer({ min: 1, max: 30 }),
});

it('rows that are needed are the newest at each time, or those of each range, and no others', () => {
  fc.assert(
    fc.property(columns, asked, fc.integer({ min: 0, max: 80 }), (times, grid, rangeMs) => {
      const rows = neededRows(Float64Array.from(times), { rangeMs, functionName: '', times: grid });
      const needed = new Set<number>();
      for (let step = 0; step < grid.count; step += 1) {
        const timeMs = grid.firstMs + step * grid.stepMs;
        const before = times.findLastIndex((time) => time <= timeMs);
        if (rangeMs === 0 && before >= 0) needed.add(before);
        if (rangeMs > 0)
          for (const [i, time] of times.entries()) if (time <= timeMs && time >= timeMs - rangeMs) needed.add(i);
      }
      if (rows === undefined) expect(rangeMs >= grid.stepMs || grid.count === 1).toBe(true);
      else expect(rows).toEqual([...needed].sort((a, b) => a - b));
    }),
    { numRuns: 1000 },
  );
  const once = { firstMs: 2, stepMs: 0, count: 1 };
  expect(neededRows(Float64Array.of(1, 2, 3), { rangeMs: 0, functionName: '', times: once })).toEqual([1]);
  expect(neededRows(Float64Array.of(1, 2), { rangeMs: 0, functionName: '' })).toBeUndefined();
});
