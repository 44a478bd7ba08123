import { expect, it } from 'vitest';
import type { Cell } from './align-series.js';
import { isolatedPoints } from './isolated-points.js';

it.each<[string, Cell[], number[] | null]>([
  ['none', [], null],
  ['none on a line', [1, 2, 3], null],
  ['a single value', [1], [0]],
  ['values between gaps, at both ends too', [1, null, 2, null, 3], [0, 2, 4]],
  ['not those that have a neighbour', [1, 2, null, 3, 4], null],
  ['not those that go on over a finer series', [1, undefined, 2, null, 3], [4]],
  ['none in gaps alone', [null, null], null],
])('finds %s', (_what, column, expected) => {
  expect(isolatedPoints(column)).toEqual(expected);
});
