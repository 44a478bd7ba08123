import { describe, expect, it } from 'vitest';
import { zoneOffsets } from './zone-offsets.js';

const HOUR_MS = 3_600_000;
const at = (time: string): number => Date.parse(time);

describe('offsets of a time zone', () => {
  it('finds both changes of a year to the second', () => {
    expect(zoneOffsets('Europe/Rome', at('2026-01-15T00:00:00Z'), at('2026-12-15T00:00:00Z'))).toEqual([
      { fromUnixMs: at('2026-01-15T00:00:00Z'), offsetMs: HOUR_MS },
      { fromUnixMs: at('2026-03-29T01:00:00Z'), offsetMs: 2 * HOUR_MS },
      { fromUnixMs: at('2026-10-25T01:00:00Z'), offsetMs: HOUR_MS },
    ]);
  });

  it.each([
    ['UTC', 0],
    ['Asia/Kathmandu', 5.75 * HOUR_MS],
    ['America/St_Johns', -3.5 * HOUR_MS],
  ])('knows %s, which does not change in a winter week', (zone, offsetMs) => {
    const fromUnixMs = at('2026-01-05T12:34:56.789Z');
    expect(zoneOffsets(zone, fromUnixMs, fromUnixMs + 5 * 24 * HOUR_MS)).toEqual([{ fromUnixMs, offsetMs }]);
  });

  it('refuses a zone that is not known', () => {
    expect(() => zoneOffsets('Mars/Olympus', 0, 1)).toThrow(RangeError);
  });
});
