import { describe, expect, test } from 'vitest';
import { ProblemError } from './problem.js';
import { DAY_MS, parseTime, toTimeRange } from './time-query.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['15m', NOW - 15 * 60_000],
  ['24h', NOW - DAY_MS],
  ['7d', NOW - 7 * DAY_MS],
  ['2w', NOW - 14 * DAY_MS],
  ['1795262400000', 1795262400000],
  ['0', 0],
  ['2026-11-21T10:00:00Z', Date.parse('2026-11-21T10:00:00Z')],
  ['2026-11-21T10:00:00.123456Z', Date.parse('2026-11-21T10:00:00.123Z')],
  ['2026-11-21T10:00:00+02:00', Date.parse('2026-11-21T08:00:00Z')],
  ['2026-11-21T10:00', Date.parse('2026-11-21T10:00:00Z')],
  ['2026-11-21 10:00:00', Date.parse('2026-11-21T10:00:00Z')],
  ['2026-11-21', Date.parse('2026-11-21T00:00:00Z')],
])('parseTime reads %s', (text, expected) => {
  expect(parseTime('from', text, NOW)).toBe(expected);
});

test.each(['', 'yesterday', '5x', '2026-13-41', '2026-11-21T25:00:00Z', '99999999999999999', '-5m', '1e3', 'NaN'])(
  'parseTime names %j and says how to write one',
  (text) => {
    expect(() => parseTime('from', text, NOW)).toThrow(/^from: ".*" is no time; write an ISO 8601 time/);
  },
);

describe('toTimeRange', () => {
  test('is the last day by default, this very millisecond included', () => {
    expect(toTimeRange({}, NOW)).toEqual({ fromUnixMs: NOW + 1 - DAY_MS, toUnixMs: NOW + 1, sliding: true });
  });

  test('that ends at the first moment there is starts there too, and holds nothing', () => {
    expect(() => toTimeRange({ to: '-8640000000000000' }, NOW)).toThrow(/range ends/);
  });

  test('slides with the clock unless the start is a point in time', () => {
    expect(toTimeRange({ from: '1h' }, NOW).sliding).toBe(true);
    expect(toTimeRange({ from: '2026-11-21T10:00:00Z' }, NOW).sliding).toBe(false);
  });

  test.each([[{ from: '1h', to: '2h' }], [{ from: '2026-11-21', to: '2026-11-21' }], [{ from: '2027-01-01' }]])(
    'refuses %j, which ends before it starts',
    (query) => {
      expect(() => toTimeRange(query, NOW)).toThrow(ProblemError);
      expect(() => toTimeRange(query, NOW)).toThrow(/swap from and to, or widen it/);
    },
  );
});
