import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCost,
  formatCount,
  formatDuration,
  formatElapsed,
  formatShare,
  formatStep,
  formatTokenPair,
} from './format.js';

/** Formats use a narrow space before units; the tables below are written with a plain one. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('formatDuration', () => {
  it.each([
    [null, '–'],
    [Number.NaN, '–'],
    [0, '0 ms'],
    [0.004, '<0.01 ms'],
    [0.4231, '0.42 ms'],
    [12.345, '12.3 ms'],
    [99.96, '100 ms'],
    [350.4, '350 ms'],
    [999.6, '1.00 s'],
    [1240, '1.24 s'],
    [9_996, '10.0 s'],
    [59_960, '1m 00s'],
    [125_000, '2m 05s'],
    [3_599_600, '1h 00m'],
    [11_220_000, '3h 07m'],
    [187_200_000, '2d 4h'],
    [-20, '-20 ms'],
  ])('%s ms is %s', (ms, expected) => {
    expect(plain(formatDuration(ms))).toBe(expected);
  });
});

describe('formatStep', () => {
  it.each([
    [100, '100 ms'],
    [5000, '5 s'],
    [90_000, '90 s'],
    [600_000, '10 min'],
    [7_200_000, '2 h'],
    [604_800_000, '7 d'],
    [1500, '1.50 s'],
  ])('%s ms is %s', (ms, expected) => {
    expect(plain(formatStep(ms))).toBe(expected);
  });
});

describe('formatCompact', () => {
  it.each([
    [undefined, '–'],
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [12_345, '12.3k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [4_567_890, '4.57M'],
    [2.5e12, '2.5T'],
  ])('%s is %s', (value, expected) => {
    expect(formatCompact(value)).toBe(expected);
  });
});

describe('formatShare', () => {
  it.each([
    [null, '–'],
    [0, '0 %'],
    [0.0004, '<0.1 %'],
    [0.054, '5.4 %'],
    [0.123, '12 %'],
    [0.9954, '99.54 %'],
    [0.999999, '99.99 %'],
    [1, '100 %'],
  ])('%s is %s', (value, expected) => {
    expect(plain(formatShare(value))).toBe(expected);
  });
});

describe('the other figures', () => {
  it.each([
    [formatCount(1234567), '1,234,567'],
    [formatBytes(812), '812 B'],
    [formatBytes(1536), '1.5 KiB'],
    [formatBytes(20 * 1024 ** 2), '20 MiB'],
    [formatCost(0), '$0'],
    [formatCost(0.00001), '<$0.0001'],
    [formatCost(0.00421), '$0.0042'],
    [formatCost(1.366), '$1.37'],
    [formatCost(1204.4), '$1,204'],
    [formatElapsed(3_210), '3.2 s'],
    [formatElapsed(65_900), '1m 05s'],
    [formatElapsed(-50), '0.0 s'],
    [formatTokenPair(1204, null), '1.2k / –'],
    [formatTokenPair(null, null), '–'],
    [formatTokenPair(1204, 88, true), '~1.2k / ~88'],
    [formatTokenPair(null, 42, true), '– / ~42'],
  ])('%s', (actual, expected) => {
    expect(plain(actual)).toBe(expected);
  });
});
