import { expect, test } from 'vitest';
import { withoutHalfWord } from './half-word.js';

test.each([
  ['said the key is sk-Ab12Cd34', 'said the key is '],
  ['/search?key=AIzaSyA1b2', '/search?'],
  ['pay with 4111 1111 1111 11', 'pay with '],
  ['in 2024 the key12 half', 'in 2024 the key12 '],
  ['ends here. ', 'ends here. '],
  ['one-short-word', 'one-short-word'],
  ['', ''],
  ['x'.repeat(600), 'x'.repeat(344)],
])('of %j stays %j', (cut, whole) => {
  expect(withoutHalfWord(cut)).toBe(whole);
});
