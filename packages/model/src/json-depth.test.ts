import { expect, test } from 'vitest';
import { nestsDeeperThan } from './json-depth.js';

test.each<[string, number, boolean]>([
  ['', 0, false],
  ['1', 0, false],
  ['[]', 0, true],
  ['[]', 1, false],
  ['[[],[],{}]', 2, false],
  ['[[[]]]', 2, true],
  ['{"a":{"b":[1]}}', 3, false],
  ['{"a":{"b":[1]}}', 2, true],
  ['"[[[["', 0, false],
  ['["\\"[[["]', 1, false],
  ['["\\\\",[[]]]', 2, true],
])('nestsDeeperThan(%s, %d) is %s', (text, max, expected) => {
  expect(nestsDeeperThan(text, max)).toBe(expected);
});
