import { expect, test } from 'vitest';
import { safePattern } from './safe-pattern.js';

test.each([
  '(a+)+$',
  '((a+))+',
  '(a|aa)*b',
  '(?:x(?<n>a?)y)+',
  '(a{1,3})*',
  '/(.*,)*x/i',
  '([(]a+)+',
  '(',
  '[',
  '',
  'x'.repeat(501),
])('refuses %s', (text) => {
  expect(safePattern(text)).toBeUndefined();
});

test.each<[string, string, boolean]>([
  ['^gpt-4', 'gpt-4o', true],
  ['/^(5..|error)$/', '503', true],
  ['/ERROR/i', 'an error', true],
  ['(abc)+', 'abcabc', true],
  ['([a-z+*]+)@', 'a+b@', true],
  ['\\(a+\\)+', '(aa)', true],
  ['/name="([^"]+)".*/g', 'x', false],
])('takes %s', (text, on, matches) => {
  expect(safePattern(text)?.test(on)).toBe(matches);
});
