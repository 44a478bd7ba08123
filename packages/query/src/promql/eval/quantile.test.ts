import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantileOf } from './quantile.js';

/** By sorting everything. */
function bySorting(q: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b || 0));
  const rank = q * (sorted.length - 1);
  const lower = Math.floor(rank);
  const [low = Number.NaN, high = low] = sorted.slice(lower, lower + 2);
  return low * (1 - (rank - lower)) + high * (rank - lower);
}

it('is that of the sorted numbers', () => {
  const value = fc.oneof(
    fc.double(),
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  );
  const values = fc.oneof(
    fc.array(value, { minLength: 1, maxLength: 60 }),
    fc.array(value, { minLength: 500, maxLength: 600 }),
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), values, (q, all) => {
      const found = quantileOf(q, Float64Array.from([...all, 1e9]), all.length);
      // Zeros of either sign are equal.
      expect(found + 0).toBe(bySorting(q, all) + 0);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['no numbers', 0.5, [], Number.NaN],
  ['no quantile', Number.NaN, [1], Number.NaN],
  ['less than 0', -0.1, [1], Number.NEGATIVE_INFINITY],
  ['more than 1', 1.1, [1], Number.POSITIVE_INFINITY],
  ['one number', 0.3, [7], 7],
  ['numbers in order', 0.5, [1, 2, 3, 4], 2.5],
  ['numbers in falling order', 1, [4, 3, 2, 1], 4],
  ['a NaN, the smallest', 0, [2, Number.NaN, 1], Number.NaN],
])('of %s', (_what, q, values, expected) => {
  expect(quantileOf(q, Float64Array.from(values))).toBe(expected);
});
