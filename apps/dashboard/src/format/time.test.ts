import { describe, expect, it } from 'vitest';
import { formatAgo, formatFullTime, formatRange, formatTime } from './time.js';

// Local times, so that the tests hold in every zone.
const at = (text: string) => new Date(text).getTime();
const iso = (text: string) => new Date(text).toISOString();

describe('formatTime', () => {
  it('leaves the day out where it is today', () => {
    expect(formatTime(iso('2026-11-21T14:03:22'), at('2026-11-21T20:00:00'))).toBe('14:03:22');
    expect(formatTime(iso('2026-11-20T14:03:22'), at('2026-11-21T20:00:00'))).toBe('20 Nov 14:03:22');
  });

  it('shows what is no time as it is', () => {
    expect(formatTime('soon', 0)).toBe('soon');
    expect(formatFullTime('soon')).toBe('soon');
    expect(formatAgo('soon', 0)).toBe('soon');
  });
});

describe('formatAgo', () => {
  const now = at('2026-11-21T12:00:00');
  it.each([
    ['2026-11-21T12:00:03', 'just now'],
    ['2026-11-21T11:59:57', 'just now'],
    ['2026-11-21T11:59:20', '40 s ago'],
    ['2026-11-21T11:48:00', '12 min ago'],
    ['2026-11-21T09:00:00', '3 h ago'],
    ['2026-11-20T00:00:00', '36 h ago'],
    ['2026-11-16T12:00:00', '5 d ago'],
  ])('%s is %s', (time, expected) => {
    expect(formatAgo(iso(time), now)).toBe(expected);
  });
});

it('says the day of a range once', () => {
  expect(formatRange(at('2026-11-21T10:00:00'), at('2026-11-21T11:30:00'))).toBe('21 Nov 10:00:00 – 11:30:00');
  expect(formatRange(at('2026-11-20T10:00:00'), at('2026-11-21T11:30:00'))).toBe('20 Nov 10:00:00 – 21 Nov 11:30:00');
});
