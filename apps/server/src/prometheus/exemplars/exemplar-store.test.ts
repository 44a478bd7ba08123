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
const NONE_DROPPED = { out_of_order: 0, too_long: 0, future: 0, malformed: 0, full: 0 };
const NOW = 1_000_000;
const open = (maxExemplars: number, maxBytes = 1e9) => new ExemplarStore({ maxExemplars, maxBytes, now: () => NOW });
const all = [[createMatcher('__name__', '=~', '.+')]];

test('answers what is in the time, by labels of the series', () => {
  const store = open(100);
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
  const store = open(100);
  expect(store.add(series('a', '1'), exemplar(10))).toBe('kept');
  expect(store.add(series('a', '1'), exemplar(10))).toBe('duplicate');
  expect(store.add(series('a', '1'), exemplar(9))).toBe('out_of_order');
  expect(store.add(series('a', '1'), exemplar(10, 2))).toBe('kept');
  expect(store.add(series('a', '1'), exemplar(10, 2, 'b'))).toBe('kept');
  expect(store.size).toBe(3);
  expect(store.totals).toEqual({ kept: 3, dropped: { ...NONE_DROPPED, out_of_order: 1 } });
});

test('one without a time of its own is the same however often it is sent', () => {
  const store = open(100);
  const sent = (timestampMs: number, value: number) => ({ ...exemplar(timestampMs, value), borrowedTime: true });
  expect([sent(1, 1), sent(2, 1), sent(3, 2), sent(4, 1)].map((one) => store.add(series('a', '1'), one))).toEqual([
    'kept',
    'duplicate',
    'kept',
    'kept',
  ]);
  expect(store.select(all, 0, 9)[0]?.exemplars).toEqual([exemplar(1, 1), exemplar(3, 2), exemplar(4, 1)]);
});

test('labels are sorted, without empty ones, and of 128 characters at most, not counted by their halves', () => {
  const store = open(100);
  const labelled = (value: string, more: LabelPairs = []) =>
    store.add(series('a', value), { labels: [['x', value], ...more], value: 1, timestampMs: 1 });
  expect(labelled('\u{1f600}'.repeat(127))).toBe('kept');
  expect(labelled('\u{1f600}'.repeat(128))).toBe('too_long');
  expect(labelled('x'.repeat(10_000_000))).toBe('too_long');
  const many: LabelPairs = [
    ['c', '3'],
    ['b', ''],
    ['a', '1'],
  ];
  expect(labelled('v', many)).toBe('kept');
  expect(labelled('v', [...many].reverse())).toBe('duplicate');
  expect(store.select([[createMatcher('le', '=', 'v')]], 0, 9)[0]?.exemplars[0]?.labels).toEqual([
    ['a', '1'],
    ['c', '3'],
    ['x', 'v'],
  ]);
});

test('a time that is none, or far ahead of the clock, would keep all later ones away', () => {
  const store = open(100);
  const at = (timestampMs: number) => store.add(series('a', '1'), exemplar(timestampMs));
  expect([at(Number.NaN), at(NOW + 600_001), at(NOW + 600_000)]).toEqual(['malformed', 'future', 'kept']);
});

test('holds as many bytes as it may, also of series with long names', () => {
  const store = open(100_000, 100_000);
  for (let i = 0; i < 1000; i += 1) store.add(series(`${i}${'x'.repeat(i * 40)}`, '1'), exemplar(i));
  expect(store.sizeBytes).toBeLessThan(200_000);
  expect(store.select(all, 0, 1000).at(-1)?.exemplars).toEqual([exemplar(999)]);
  for (let i = 0; i < 1000; i += 1) store.add(series('short', String(i % 7)), exemplar(i));
  expect(store.size).toBeGreaterThan(100);
  expect(store.sizeBytes).toBeLessThanOrEqual(100_000);
  expect(store.totals.dropped.full).toBe(2000 - store.size);
});

test('agrees with a plain list, whether series are the same objects or not', () => {
  const store = open(17);
  const list: { key: string; at: number }[] = [];
  const objects = Array.from({ length: 9 }, (_, i) => series('s', String(i)));
  for (let at = 0; at < 2000; at += 1) {
    const i = (at * at + (at >> 3)) % 9;
    store.add(at % 3 === 0 ? series('s', String(i)) : (objects[i] as LabelPairs), exemplar(at));
    list.push({ key: String(i), at });
    if (list.length > 17) list.shift();
    const held = store
      .select(all, 0, at)
      .flatMap(({ labels, exemplars }) =>
        exemplars.map(({ timestampMs }) => ({ key: labels[1]?.[1] ?? '', at: timestampMs })),
      );
    expect(held.sort((a, b) => a.at - b.at)).toEqual(list);
  }
});

test('gives up the oldest of all when it is full', () => {
  const store = open(3);
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
  const store = open(1);
  store.add(series('a', '1'), exemplar(1));
  store.add(series('a', '1'), exemplar(2));
  expect(store.select(all, 0, 100)).toEqual([{ labels: series('a', '1'), exemplars: [exemplar(2)] }]);
});
