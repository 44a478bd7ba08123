import { expect, it } from 'vitest';
import { withPoints } from './chart-options.js';

it.each([
  ['no points', 1, 2, [], [1, 2]],
  ['points among the lines', 1, 2, [1.5], [1, 2]],
  ['points below them, down to nothing', 0.9, 1, [0.1, 0.5], [0.1, 1]],
  ['negative points only where lines are negative', 0.9, 1, [-5, 0.5], [0.5, 1]],
  ['points as far above as the lines are high, twice', 0.5, 1, [2.9, 30], [0.5, 2.9]],
  ['lines that are flat at nothing', 0, 0, [1], [0, 0]],
])('an axis makes room for %s', (_what, low, high, points, expected) => {
  expect(withPoints(low, high, points)).toEqual(expected);
});
