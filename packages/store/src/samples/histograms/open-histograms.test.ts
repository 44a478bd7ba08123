import type { NativeHistogram } from '@vedetta/model';
import { expect, it } from 'vitest';
import { OpenHistograms } from './open-histograms.js';

function histogram(buckets: number, count: number): NativeHistogram {
  return {
    schema: 3,
    zeroThreshold: 0,
    zeroCount: 0,
    count: buckets * count,
    sum: count,
    positive: { indexes: Array.from({ length: buckets }, (_, i) => i), counts: new Array<number>(buckets).fill(count) },
    negative: { indexes: [], counts: [] },
    customBounds: undefined,
    resetHint: 'unknown',
  };
}

it('chunks that take most memory are to be closed when all take more than they may', () => {
  const open = new OpenHistograms(100_000);
  for (const [seriesId, buckets] of [
    [1, 10],
    [2, 1000],
    [3, 20],
    [4, 1000],
  ] as const) {
    open.begin(seriesId, 240);
    open.append(seriesId, 1, histogram(buckets, 1));
  }
  expect(open.excess()).toEqual([]);
  for (let i = 2; open.excess().length === 0; i += 1) {
    expect(i).toBeLessThan(500);
    for (const seriesId of [1, 2, 3, 4]) {
      open.append(seriesId, i, histogram(seriesId % 2 === 0 ? 1000 : 15, i ** 3));
    }
  }
  expect(open.excess()).toEqual([2, 4]);
  for (const seriesId of open.excess()) open.drop(seriesId);
  expect([open.size, open.excess()]).toEqual([2, []]);
  for (const seriesId of [1, 3]) open.drop(seriesId);
  expect(open.sizeBytes).toBe(0);
});
