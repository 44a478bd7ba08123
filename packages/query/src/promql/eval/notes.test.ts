import { expect, it } from 'vitest';
import { formatDecimal } from './notes.js';

it.each([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [1e-7, '0.0000001'],
  [-2.5e21, '-2500000000000000000000'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('writes %d in digits alone: %s', (value, text) => {
  expect(formatDecimal(value)).toBe(text);
});
