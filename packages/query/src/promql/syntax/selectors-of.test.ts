import { expect, it } from 'vitest';
import { parsePromql } from './parse-promql.js';
import { selectorsOf } from './selectors-of.js';

it.each([
  ['1 + time()', []],
  ['a', ['a']],
  ['sum by (x) (rate(a[5m])) / ignoring (y) -(b > 2)', ['a', 'b']],
  ['topk(scalar(k), max_over_time((a + b)[5m:1m]))', ['k', 'a', 'b']],
  ['label_replace({__name__="a"}, "x", "y", "z", "b")', ['']],
])('%s', (query, names) => {
  expect(selectorsOf(parsePromql(query).expr).map(({ name }) => name)).toEqual(names);
});
