import type { QueryData } from '@vedetta/query';
import { LabelSet } from '@vedetta/query';
import { expect, it } from 'vitest';
import { writeData } from './write-result.js';

function write(data: QueryData): unknown {
  return JSON.parse([...writeData(data, undefined).parts].join(''));
}

function matrix(series: readonly (readonly [timestampsMs: Float64Array, values: readonly number[]])[]): QueryData {
  return {
    type: 'matrix',
    series: series.map(([timestampsMs, values], i) => ({
      labels: LabelSet.from([['n', `"${i}\\`]]),
      timestampsMs,
      values: Float64Array.from(values),
    })),
  };
}

it('writes numbers as Prometheus does', () => {
  const values = [0, -0, 1, -1.5, 0.1, 1e21, 1e-7, 2.5e-10, -5e-324, 1.7976931348623157e308];
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const all = [...values, ...odd];
  const times = Float64Array.from(all, (_, i) => i * 1500 - 3000);
  expect(write(matrix([[times, all]]))).toEqual({
    resultType: 'matrix',
    result: [
      {
        metric: { n: '"0\\' },
        values: [
          [-3, '0'],
          [-1.5, '-0'],
          [0, '1'],
          [1.5, '-1.5'],
          [3, '0.1'],
          [4.5, '1e+21'],
          [6, '1e-07'],
          [7.5, '2.5e-10'],
          [9, '-5e-324'],
          [10.5, '1.7976931348623157e+308'],
          [12, 'NaN'],
          [13.5, '+Inf'],
          [15, '-Inf'],
        ],
      },
    ],
  });
});

it('writes series of thousands of points, whether they share their times or not', () => {
  const shared = Float64Array.from({ length: 2500 }, (_, i) => 1_763_000_000_000 + i * 15_000);
  const others = Array.from({ length: 6 }, (_, i) => shared.subarray(i));
  const columns = [shared, ...others, shared, shared.subarray(0, 1000), shared.subarray(0, 1001), shared];
  const series = columns.map((times) => [times, Array.from(times, (_, i) => -i / 7)] as const);
  const expected = series.map(([times, values], i) => ({
    metric: { n: `"${i}\\` },
    values: values.map((value, at) => [(times[at] as number) / 1000, Object.is(value, -0) ? '-0' : String(value)]),
  }));
  expect(write(matrix(series))).toEqual({ resultType: 'matrix', result: expected });
});
