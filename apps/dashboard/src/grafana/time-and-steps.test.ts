import { expect, test } from 'vitest';
import { parseInterval, stepsOf, writeInterval } from './intervals.js';
import { parseTimeExpression } from './time-expression.js';

test.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['>=1m', 60_000],
  ['250ms', 250],
  ['0s', undefined],
  ['1 h', undefined],
  ['', undefined],
])('%s is %s ms', (text, ms) => {
  expect(parseInterval(text)).toBe(ms);
});

test.each([
  [90_000, '90s'],
  [300_000, '5m'],
  [250, '250ms'],
  [86_400_000, '1d'],
])('%s ms is written %s', (ms, text) => {
  expect(writeInterval(ms)).toBe(text);
});

test.each([
  // An hour on 700 points: the step is that of the samples, a rate needs four of them.
  [3_600_000, 700, undefined, 30_000, 30_000, 120_000],
  // A week: the step is wider than the samples.
  [604_800_000, 600, undefined, 30_000, 900_000, 930_000],
  [3_600_000, 700, 300_000, 30_000, 300_000, 1_200_000],
  // Never more points than are answered.
  [31_536_000_000, 100_000, undefined, 1000, 2_866_910, 2_867_910],
])(
  '%s ms on %s points, at least %s, samples each %s ms',
  (rangeMs, points, least, sampleMs, stepMs, rateIntervalMs) => {
    expect(stepsOf(rangeMs, points, least, sampleMs)).toEqual({ stepMs, rateIntervalMs });
  },
);

const NOW = Date.parse('2026-03-31T10:20:30.500Z');
test.each<[string, boolean, string | undefined]>([
  ['now', false, '2026-03-31T10:20:30.500Z'],
  ['now-6h', false, '2026-03-31T04:20:30.500Z'],
  ['now+1d', false, '2026-04-01T10:20:30.500Z'],
  ['1700000000000', false, '2023-11-14T22:13:20.000Z'],
  ['2026-01-01T00:00:00Z', false, '2026-01-01T00:00:00.000Z'],
  ['now-1m/m', false, '2026-03-31T10:19:00.000Z'],
  ['now/m', true, '2026-03-31T10:20:59.999Z'],
  ['now-h', false, undefined],
  ['yesterday', false, undefined],
])('%s (end: %s) is %s', (text, end, expected) => {
  const ms = parseTimeExpression(text, NOW, end);
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(expected);
});

test('a month back from the last of one is in the month before', () => {
  const date = new Date(parseTimeExpression('now-1M', NOW) ?? 0);
  expect([date.getMonth(), date.getDate()]).toEqual([1, 28]);
});
