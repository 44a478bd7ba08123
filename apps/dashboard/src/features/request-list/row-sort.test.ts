import { expect, test } from 'vitest';
import { directionOf, parseRowSort, ROW_SORTS, toggleSort } from './row-sort.js';

test('every order is read back, and anything else is newest first', () => {
  for (const [sort] of ROW_SORTS) expect(parseRowSort(sort)).toBe(sort);
  for (const text of [undefined, '', 'mean', 'cost', 'cost:up', 'start:desc ', '__proto__:asc']) {
    expect(parseRowSort(text)).toBe('start:desc');
  }
});

test('a click puts the largest first, the next turns it round, another column begins anew', () => {
  expect(toggleSort('start:desc', 'cost')).toBe('cost:desc');
  expect(toggleSort('cost:desc', 'cost')).toBe('cost:asc');
  expect(toggleSort('cost:asc', 'cost')).toBe('cost:desc');
  expect(toggleSort('cost:asc', 'tokens')).toBe('tokens:desc');
});

test('only the column of the order has a direction', () => {
  expect(directionOf('ttft:asc', 'ttft')).toBe('ascending');
  expect(directionOf('ttft:desc', 'ttft')).toBe('descending');
  expect(directionOf('ttft:desc', 'tokens')).toBe('none');
});
