import { expect, it } from 'vitest';
import { formatBytes, formatCount, formatMs, formatShare, formatUptime } from './units.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [12_345_678, '12.3 MB'],
  [3.2e15, '3200.0 TB'],
])('formatBytes(%d)', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it.each([
  [0, '0s'],
  [59.9, '59s'],
  [3600, '1h'],
  [3661, '1h 1m'],
  [86_400 * 3 + 4 * 3600 + 59, '3d 4h'],
  [-5, '0s'],
])('formatUptime(%d)', (seconds, text) => expect(formatUptime(seconds)).toBe(text));

it.each([
  [null, '-'],
  [0.04, '0.0 ms'],
  [340.4, '340 ms'],
  [12_345, '12.35 s'],
  [200_000, '3.3 min'],
])('formatMs(%d)', (ms, text) => expect(formatMs(ms)).toBe(text));

it.each([
  [null, '-'],
  [1, '100.0 %'],
  [0.98765, '98.8 %'],
])('formatShare(%d)', (share, text) => expect(formatShare(share)).toBe(text));

it('formatCount separates thousands', () => expect(formatCount(18_059_974)).toBe('18,059,974'));
