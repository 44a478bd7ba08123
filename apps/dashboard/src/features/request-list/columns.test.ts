import { expect, test } from 'vitest';
import { COLUMNS, columnsFor, hidesSort } from './columns.js';

const ids = (widthPx: number, order?: Parameters<typeof columnsFor>[1]) =>
  columnsFor(widthPx, order).map(({ id }) => id);

test('columns come as the table widens', () => {
  expect(ids(400)).toEqual(['name', 'status', 'duration']);
  expect(ids(700)).toEqual(['time', 'name', 'status', 'duration', 'model']);
  expect(ids(2000)).toEqual(COLUMNS.map(({ id }) => id));
});

test('the column that orders the list is shown at any width, in the place of another where there is no room', () => {
  expect(ids(400, 'cost')).toEqual(['name', 'status', 'cost']);
  expect(ids(600, 'tokens')).toEqual(['time', 'name', 'status', 'tokens']);
  expect(ids(700, 'ttft')).toEqual(['time', 'name', 'status', 'duration', 'ttft']);
  expect(ids(880, 'cost')).toEqual(['time', 'name', 'status', 'duration', 'model', 'tokens', 'cost']);
  expect(ids(400, 'duration')).toEqual(ids(400));
  expect(ids(400, 'start')).toEqual(ids(400));
  expect(ids(2000, 'cost')).toEqual(ids(2000));
});

test('a table without the head of an order says so', () => {
  expect([400, 700, 970, 980, 2000].map((px) => hidesSort(columnsFor(px)))).toEqual([true, true, true, false, false]);
});
