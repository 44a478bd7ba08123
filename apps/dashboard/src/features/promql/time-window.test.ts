import { describe, expect, it } from 'vitest';
import { autoStep, chosenStep, readTimeChoice, refreshMs, toWindow } from './time-window.js';

const HOUR = 3_600_000;

describe('readTimeChoice', () => {
  it.each([
    [{}, { lengthMs: 24 * HOUR, endMs: undefined, stepMs: 300_000 }],
    [{ range: '1h' }, { lengthMs: HOUR, endMs: undefined, stepMs: 10_000 }],
    [
      { range: '1h', step: '1m' },
      { lengthMs: HOUR, endMs: undefined, stepMs: 60_000 },
    ],
    [
      { range: '1h', from: 1000, to: 61_000 },
      { lengthMs: 60_000, endMs: 61_000, stepMs: 1000 },
    ],
  ] as const)('%j is %j', (search, expected) => {
    expect(readTimeChoice(search)).toEqual(expected);
  });
});

describe('toWindow', () => {
  const time = { lengthMs: 60_000, endMs: undefined, stepMs: 10_000 };

  it('lies on multiples of the step', () => {
    expect(toWindow(time, 105_123)).toEqual({ startMs: 40_000, endMs: 100_000, stepMs: 10_000 });
  });

  it('stays where it is until the next step', () => {
    expect(toWindow(time, 100_000)).toEqual(toWindow(time, 109_999));
  });

  it('ends where an absolute range does', () => {
    expect(toWindow({ ...time, endMs: 80_000 }, 1e12)).toEqual({ startMs: 20_000, endMs: 80_000, stepMs: 10_000 });
  });

  it('has a point where the range is shorter than a step', () => {
    const { startMs, endMs } = toWindow({ lengthMs: 5_000, endMs: 18_000, stepMs: 10_000 }, 0);
    expect(endMs).toBeGreaterThanOrEqual(startMs);
  });
});

describe('steps', () => {
  it.each([60_000, 300_000, HOUR, 24 * HOUR, 30 * 24 * HOUR, 10 * 365 * 24 * HOUR])(
    'of %s ms are some hundreds at most',
    (lengthMs) => {
      expect(lengthMs / autoStep(lengthMs)).toBeLessThanOrEqual(360);
    },
  );

  it.each([
    ['30s', 30_000],
    ['7m', 420_000],
    ['2d', 172_800_000],
    ['0s', undefined],
    ['x', undefined],
    ['-5s', undefined],
    ['1.5h', undefined],
    [undefined, undefined],
  ])('%s is %s', (text, expected) => {
    expect(chosenStep(text, 48 * HOUR)).toBe(expected);
  });

  it('are not taken where there would be too many', () => {
    expect(chosenStep('1s', 4 * HOUR)).toBeUndefined();
    expect(chosenStep('1s', 3 * HOUR)).toBe(1000);
  });
});

it('asks again as long as the range moves, neither all the time nor seldom', () => {
  const time = { lengthMs: HOUR, endMs: undefined };
  expect([1000, 20_000, HOUR].map((stepMs) => refreshMs({ ...time, stepMs }))).toEqual([10_000, 20_000, 60_000]);
  expect(refreshMs({ ...time, endMs: 5, stepMs: 1000 })).toBe(false);
});
