import { expect, it } from 'vitest';
import { findFault } from './find-fault.js';

it.each(['', '  ', 'up', 'rate(x[5m])', 'sum by (a) (x) / 2 # why'])('finds none in %j', (query) => {
  expect(findFault(query)).toBeUndefined();
});

it.each([
  ['sum(', 4, ''],
  ['1 + rate(x)', 9, 'x'],
  ['x{a=~"("}', 2, 'a=~"("'],
  ['nope(x)', 4, '('],
])('marks the place of the fault of %s', (query, from, marked) => {
  const fault = findFault(query);
  expect(fault?.message).toMatch(/^1:\d+: parse error: /);
  expect([fault?.from, query.slice(fault?.from, fault?.to)]).toEqual([from, marked]);
});

it('marks the whole of a query that is too long', () => {
  const query = 'x'.repeat(70_000);
  expect(findFault(query)).toMatchObject({ from: 0, to: query.length });
});
