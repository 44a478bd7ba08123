import { expect, test } from 'vitest';
import { chooseStepMs } from './timeline-step.js';

test.each([
  ['15 minutes', 900_000, 10_000],
  ['an hour', 3_600_000, 30_000],
  ['a day', 86_400_000, 600_000],
  ['a week', 7 * 86_400_000, 2 * 3_600_000],
  ['30 days', 30 * 86_400_000, 6 * 3_600_000],
  ['a second', 1000, 10],
])('%s has a readable width', (_name, rangeMs, expected) => {
  expect(chooseStepMs(rangeMs)).toBe(expected);
});

test('no range gives more than 150 buckets', () => {
  for (let rangeMs = 1; rangeMs < 1e14; rangeMs *= 1.7) {
    const buckets = rangeMs / chooseStepMs(Math.round(rangeMs));
    expect([rangeMs, buckets <= 151]).toEqual([rangeMs, true]);
  }
});
