import { describe, expect, it } from 'vitest';
import { alignSeries } from './align-series.js';
import type { ChartSeries } from './types.js';

const line = (times: readonly number[], values: readonly (number | null)[], stepMs?: number): ChartSeries => ({
  name: 'x',
  labels: {},
  times,
  values,
  ...(stepMs !== undefined && { stepMs }),
});

describe('alignSeries', () => {
  it('has no times without series', () => {
    expect(alignSeries([])).toEqual({ times: [], columns: [] });
  });

  it('keeps shared times as they are', () => {
    const times = [10, 20, 30];
    const aligned = alignSeries([line(times, [1, 2, 3]), line([10, 20, 30], [4, null, 6])]);
    expect(aligned.times).toBe(times);
    expect(aligned.columns).toEqual([
      [1, 2, 3],
      [4, null, 6],
    ]);
  });

  it('makes gaps of what is no number', () => {
    expect(alignSeries([line([10, 20, 30], [Number.NaN, Number.POSITIVE_INFINITY, 3])]).columns).toEqual([
      [null, null, 3],
    ]);
  });

  it('breaks the line where every series pauses', () => {
    expect(alignSeries([line([10, 20, 50, 60], [1, 2, 5, 6], 10)])).toEqual({
      times: [10, 20, 30, 50, 60],
      columns: [[1, 2, null, 5, 6]],
    });
  });

  it('breaks the line of the series that pauses, and only that', () => {
    expect(alignSeries([line([10, 20, 30, 40], [1, 2, 3, 4], 10), line([10, 40], [7, 8], 10)])).toEqual({
      times: [10, 20, 30, 40],
      columns: [
        [1, 2, 3, 4],
        [7, null, null, 8],
      ],
    });
  });

  it('goes on over the times of a finer series', () => {
    expect(alignSeries([line([10, 20, 30], [1, 2, 3]), line([10, 30], [7, 8])]).columns).toEqual([
      [1, 2, 3],
      [7, undefined, 8],
    ]);
  });

  it('is null before the first and after the last point', () => {
    expect(alignSeries([line([10, 20, 30], [1, 2, 3]), line([20], [7])]).columns[1]).toEqual([null, 7, null]);
  });
});
