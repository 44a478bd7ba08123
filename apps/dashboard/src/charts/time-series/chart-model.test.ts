import { expect, it } from 'vitest';
import { seriesIds, toChartModel } from './chart-model.js';
import type { ChartSeries } from './types.js';

const line = (name: string, values: readonly number[], id?: string): ChartSeries => ({
  name,
  labels: {},
  times: values.map((_, i) => i * 1000),
  values,
  ...(id !== undefined && { id }),
});

it('tells series of one name apart', () => {
  const ids = seriesIds([line('a', []), line('a', []), line('a', [], 'b'), line('b', [])]);
  expect(ids).toEqual(['a', 'a #2', 'b', 'b #4']);
});

it('draws values as they are, and says which are shown', () => {
  const model = toChartModel([line('a', [1, 2]), line('b', [3, 4])], new Set(['a']), false);
  expect(model.drawn).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(model.series.map(({ shown }) => shown)).toEqual([false, true]);
  expect(model.bands).toEqual([]);
});

it('stacks what is shown, and still knows the values', () => {
  const series = [line('a', [1, 2]), line('b', [3, 4]), line('c', [5, 6])];
  const model = toChartModel(series, new Set(['b']), true);
  expect(model.drawn[2]).toEqual([6, 8]);
  expect(model.values[2]).toEqual([5, 6]);
  expect(model.bands).toEqual([[2, 0]]);
});

it('gives every series a colour of its own for as long as there are some', () => {
  const model = toChartModel(
    Array.from({ length: 24 }, (_, i) => line(String(i), [1])),
    new Set(),
    false,
  );
  expect(new Set(model.series.map(({ color }) => color)).size).toBe(24);
});
