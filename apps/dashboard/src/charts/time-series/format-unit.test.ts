import { describe, expect, it } from 'vitest';
import { formatTicks, formatUnit } from './format-unit.js';

/** With plain spaces, so that the expectations can be read. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('formatUnit', () => {
  it.each([
    [0, 'short', '0'],
    [1234, 'short', '1.23k'],
    [999.6, 'short', '1k'],
    [-1500, 'short', '-1.5k'],
    [0.00012, 'short', '0.00012'],
    [1e-7, 'short', '1e-7'],
    [1536, 'bytes', '1.5 KiB'],
    [20 * 1024 ** 2, 'bytes', '20 MiB'],
    [1000, 'bytes', '1000 B'],
    [2048, 'bytes/s', '2 KiB/s'],
    [0, 'bytes', '0 B'],
    [0, 'seconds', '0 s'],
    [0.35, 'seconds', '350 ms'],
    [0.0000021, 'seconds', '2.1 µs'],
    [90, 'seconds', '1.5 min'],
    [250, 'ms', '250 ms'],
    [12.34, 'percent', '12.3 %'],
    [0.1234, 'percentunit', '12.3 %'],
    [1234, 'usd', '$1.23k'],
    [-0.5, 'usd', '-$0.5'],
    [12, 'requests', '12 requests'],
    [12, '', '12'],
    [Number.NaN, 'short', '–'],
    [null, 'short', '–'],
    [Number.POSITIVE_INFINITY, 'seconds', '+Inf'],
    [5, '__proto__', '5 __proto__'],
  ])('%s in %s is %s', (value, unit, expected) => {
    expect(plain(formatUnit(value, unit))).toBe(expected);
  });

  it('has the digits asked for', () => {
    expect(plain(formatUnit(1234.5, 'short', 2))).toBe('1.23k');
    expect(plain(formatUnit(0.5, 'percentunit', 0))).toBe('50 %');
  });
});

describe('formatTicks', () => {
  it.each([
    [[0, 500, 1000, 1500], 'short', ['0', '0.5k', '1.0k', '1.5k']],
    [[0, 0.25, 0.5], 'short', ['0', '0.25', '0.50']],
    [[0, 512, 1024], 'bytes', ['0 KiB', '0.5 KiB', '1.0 KiB']],
    [[0, 0.05, 0.1], 'seconds', ['0 ms', '50 ms', '100 ms']],
    [[0, 25, 50, 75, 100], 'percent', ['0 %', '25 %', '50 %', '75 %', '100 %']],
    [[], 'short', []],
  ])('%j in %s are %j', (values, unit, expected) => {
    expect(formatTicks(values, unit).map(plain)).toEqual(expected);
  });

  it('are all different where the values are', () => {
    const ticks = formatTicks([1e6, 1e6 + 1, 1e6 + 2], 'short');
    expect(new Set(ticks).size).toBe(3);
  });
});
