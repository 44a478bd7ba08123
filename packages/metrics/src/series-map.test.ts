import { expect, test } from 'vitest';
import { SeriesMap } from './series-map.js';

const valuesOf = (map: SeriesMap<object>) => Array.from(map.values(), ({ labelValues }) => [...labelValues]);

test('a series is found again by values of any kind that are the same text', () => {
  const map = new SeriesMap(3, 100, () => ({}));
  const state = map.of(['a', 1, true]);
  expect(map.of(['a', '1', 'true'])).toBe(state);
  expect(map.of(['a', 1, false])).not.toBe(state);
  expect(map.of(['a'])).toBe(map.of(['a', undefined, null]));
  expect(valuesOf(map)).toEqual([
    ['a', '1', 'true'],
    ['a', '1', 'false'],
    ['a', '', ''],
  ]);
});

test.each([0, 1, 2, 5])('with %i labels', (labels) => {
  const map = new SeriesMap(labels, 100, () => ({}));
  const values = Array.from({ length: labels }, (_, i) => `v${i}`);
  expect(map.of(values)).toBe(map.of([...values, 'more']));
  expect(valuesOf(map)).toEqual([values]);
  map.clear();
  expect([map.size, valuesOf(map)]).toEqual([0, []]);
});

test('values that no format can carry are made ones that it can, and stay one series', () => {
  const map = new SeriesMap(1, 100, () => ({}));
  const hostile: unknown[] = [
    '\udc00',
    '\ud800',
    `${'x'.repeat(200)}y`,
    `${'x'.repeat(200)}z`,
    `${'x'.repeat(199)}😀`,
    Symbol('s'),
    10n ** 400n,
    {
      toString: () => {
        throw new Error('no');
      },
    },
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    ),
    'z'.repeat(5_000_000),
  ];
  for (const value of hostile) map.of([value]);
  expect(valuesOf(map).flat()).toEqual([
    '\ufffd',
    'x'.repeat(200),
    'x'.repeat(199),
    '[symbol]',
    '[bigint]',
    '[object]',
    '[5000000 characters]',
  ]);
});

test('the series of what is too much is within the limit, and asking for it is no overflow', () => {
  const map = new SeriesMap(2, 3, () => ({}));
  const other = map.of(['other', 'other']);
  map.of(['a', 'a']);
  map.of(['b', 'b']);
  expect(map.of(['c', 'c'])).toBe(other);
  expect([map.size, map.overflows]).toEqual([2, 2]);
});
