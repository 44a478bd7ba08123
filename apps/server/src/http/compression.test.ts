import { expect, test } from 'vitest';
import { acceptsGzip } from './compression.js';

test.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['br;q=1.0, gzip;q=0.8', true],
  ['*', true],
  ['gzip;q=0.001', true],
  ['gzip;q=0', false],
  ['gzip; q=0.0', false],
  ['br', false],
  ['', false],
  [undefined, false],
])('acceptsGzip(%j) is %s', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});
