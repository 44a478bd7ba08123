import type { LabelPairs } from '@vedetta/query';
import { createMatcher } from '@vedetta/query';
import { expect, test } from 'vitest';
import { ExemplarStore } from './exemplar-store.js';

const series = (name: string, le: string): LabelPairs => [
  ['__name__', name],
  ['le', le],
];
const exemplar = (timestampMs: number, value = 1, trace = 'a') => ({
  labels: [['trace_id', trace]] as const,
  value,
  timestampMs,
});
const all = [[createMatcher('__name__', '=~', '.+')]];

test('answers what is in the time, by labels of the series', () => {
  const store = new ExemplarStore(100);
  store.add(series('b', '1'), exemplar(10));
  store.add(series('a', '2'), exemplar(20));
  store.add(series('a', '1'), exemplar(10));
  store.add(series('a', '1'), exemplar(30));
  expect(
    store.select(all, 10, 20).map(({ labels, exemplars }) => [labels[0]?.[1], labels[1]?.[1], exemplars.length]),
  ).toEqual([
    ['a', '1', 1],
    ['a', '2', 1],
    ['b', '1', 1],
  ]);
  const onlyOne = [
    [createMatcher('__name__', '=', 'a'), createMatcher('le', '=', '1')],
    [createMatcher('x', '=', 'y')],
  ];
  expect(store.select(onlyOne, 0, 100)).toEqual([
    { labels: series('a', '1'), exemplars: [exemplar(10), exemplar(30)] },
  ]);
  expect(store.select(all, 31, 100)).toEqual([]);
});

test('leaves out what is there already and what comes late', () => {
  const store = new ExemplarStore(100);
  expect(store.add(series('a', '1'), exemplar(10))).toBe(true);
  expect(store.add(series('a', '1'), exemplar(10))).toBe(false);
  expect(store.add(series('a', '1'), exemplar(9))).toBe(false);
  expect(store.add(series('a', '1'), exemplar(10, 2))).toBe(true);
  expect(store.add(series('a', '1'), exemplar(10, 2, 'b'))).toBe(true);
  expect(store.size).toBe(3);
});

test('gives up the oldest of all when it is full', () => {
  const store = new ExemplarStore(3);
  for (const [i, name] of ['a', 'b', 'b', 'a', 'c', 'c', 'c', 'd'].entries()) store.add(series(name, '1'), exemplar(i));
  expect(store.size).toBe(3);
  expect(
    store.select(all, 0, 100).map(({ labels, exemplars }) => [labels[0]?.[1], exemplars.map((one) => one.timestampMs)]),
  ).toEqual([
    ['c', [5, 6]],
    ['d', [7]],
  ]);
});

test('a series whose only exemplar makes room for its next one stays', () => {
  const store = new ExemplarStore(1);
  store.add(series('a', '1'), exemplar(1));
  store.add(series('a', '1'), exemplar(2));
  expect(store.select(all, 0, 100)).toEqual([{ labels: series('a', '1'), exemplars: [exemplar(2)] }]);
});
