import { describe, expect, it } from 'vitest';
import { readShared } from '../testing/shared-data.js';
import type { Expr } from './ast.js';
import { formatPromql } from './format-promql.js';
import { parsePromql } from './parse-promql.js';

describe('layout', () => {
  it.each([
    ['sum(rate(foo{a="b",c=~"d"}[90m])) by (x)', 'sum by (x) (rate(foo{a="b",c=~"d"}[1h30m]))'],
    ['foo/on(a)group_left(b)bar', 'foo / on (a) group_left (b) bar'],
    ['a and ignoring(x)b', 'a and ignoring (x) b'],
    ['foo offset -5m @ 10', 'foo @ 10.000 offset -5m'],
    ['foo[1d:] @ end()', 'foo[1d:] @ end()'],
    ['{"my metric", "a b"="c"}', '{"my metric","a b"="c"}'],
    ['-(1+2)*3', '-(1 + 2) * 3'],
    ['topk(3,foo>bool 1)', 'topk(3, foo > bool 1)'],
    ['{__name__="a",b="c"}', '{__name__="a",b="c"}'],
    ['count_values("a\\"b",x)', 'count_values("a\\"b", x)'],
  ])('%s', (query, expected) => {
    expect(formatPromql(parsePromql(query).expr)).toBe(expected);
  });

  it('breaks what is long at its parentheses', () => {
    const query = `sum(rate(${'a'.repeat(60)}{b="c"}[5m])) by (x) / sum(rate(${'b'.repeat(60)}{b="c"}[5m])) by (x)`;
    expect(formatPromql(parsePromql(query).expr)).toBe(
      `  sum by (x) (rate(${'a'.repeat(60)}{b="c"}[5m]))\n/\n  sum by (x) (rate(${'b'.repeat(60)}{b="c"}[5m]))`,
    );
  });
});

const expressions = readShared('prom-rules/promql-exprs.jsonl');

/** Without the places of its parts. */
function withoutRanges(expr: Expr): unknown {
  return JSON.parse(JSON.stringify(expr, (key, value: unknown) => (key === 'range' ? undefined : value)));
}

describe.skipIf(expressions === undefined)('expressions of real rules (skipped: no shared data)', () => {
  it('mean the same after they were laid out', () => {
    for (const line of (expressions ?? '').split('\n').filter(Boolean)) {
      const { expr } = parsePromql((JSON.parse(line) as { expr: string }).expr);
      expect(withoutRanges(parsePromql(formatPromql(expr)).expr)).toEqual(withoutRanges(expr));
    }
  });
});
