import { describe, expect, it } from 'vitest';
import { clampTo } from './math-functions.js';

const { POSITIVE_INFINITY: MORE, NEGATIVE_INFINITY: LESS, NaN: NOT } = Number;

describe('clampTo, as Go takes the smaller and the larger of two numbers', () => {
  it.each([
    ['a value between', 3, 1, 5, 3],
    ['a value below', -3, 1, 5, 1],
    ['a value above', 7, 1, 5, 5],
    ['no number', NOT, 1, 5, NOT],
    ['no upper bound', 7, LESS, NOT, NOT],
    ['no upper bound, below all numbers', LESS, LESS, NOT, LESS],
    ['no lower bound', 7, NOT, MORE, NOT],
    ['no lower bound, above all numbers', MORE, NOT, MORE, MORE],
  ])('%s', (_, value, low, high, expected) => {
    expect(clampTo(value, low, high)).toBe(expected);
  });

  it('tells zero from negative zero', () => {
    expect(clampTo(-0, 0, 5)).toBe(0);
    expect(clampTo(0, -5, -0)).toBe(-0);
  });
});
