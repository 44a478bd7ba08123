import { describe, expect, it } from 'vitest';
import { readShared } from '../testing/shared-data.js';
import type { Expr } from './ast.js';
import { parsePromql } from './parse-promql.js';
import { PromqlError } from './promql-error.js';

/** With all parentheses, so that it shows what belongs together. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector':
      return `${expr.name}${expr.offset === undefined ? '' : '@offset'}${expr.at === undefined ? '' : '@at'}`;
    case 'matrix':
      return `${shape(expr.selector)}[]`;
    case 'subquery':
      return `${shape(expr.expr)}[:]${expr.offset === undefined ? '' : '@offset'}`;
    case 'call':
      return `${expr.name}(${expr.args.map(shape).join(', ')})`;
    case 'aggregation':
      return `${expr.operator}(${shape(expr.expr)})`;
    case 'binary':
      return `(${shape(expr.left)} ${expr.operator} ${shape(expr.right)})`;
    case 'unary':
      return `(${expr.operator}${shape(expr.expr)})`;
    case 'paren':
      return shape(expr.expr);
  }
}

function errorOf(query: string): string {
  try {
    parsePromql(query);
  } catch (error) {
    if (error instanceof PromqlError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('precedence', () => {
  it.each([
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['-a ^ 2 * b', '((-(a ^ 2)) * b)'],
    ['a ^ b ^ c', '(a ^ (b ^ c))'],
    ['2 ^ -1', '(2 ^ -1)'],
    ['a + b offset 5m * c', '(a + (b@offset * c))'],
    ['a + b offset 5m', '(a + b@offset)'],
    ['-a offset 5m', '(-a@offset)'],
    ['a == b + c and d or e unless f', '(((a == (b + c)) and d) or (e unless f))'],
    ['a - b - c', '((a - b) - c)'],
    ['a - -1', '(a - -1)'],
    ['a atan2 b * c', '((a atan2 b) * c)'],
    ['a + rate(b[5m] @ 10)', '(a + rate(b@at[]))'],
    ['(a + b)[5m:1m] offset 1m', '(a + b)[:]@offset'],
    ['1./2. + .5', '((1 / 2) + 0.5)'],
  ])('%s', (query, expected) => {
    expect(shape(parsePromql(query).expr)).toBe(expected);
  });
});

describe('errors', () => {
  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['1 +', '1:4: parse error: unexpected end of input'],
    ['sum(foo', '1:8: parse error: unexpected end of input'],
    ['foo\n  bar', '2:3: parse error: unexpected "bar"'],
    ['rate(foo)', '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
    ['{__name__=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['foo{a=~"("}', '1:5: parse error: error parsing regexp: missing closing )'],
    ['1 == 1', '1:1: parse error: comparisons between scalars must use BOOL modifier'],
    ['foo and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['rate(foo[$__interval])', '1:10: parse error: unexpected "$"'],
    ['(foo + bar)[5m]', '1:1: parse error: ranges only allowed for vector selectors'],
    ['foo offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    ['label_replace(foo)', '1:1: parse error: expected 5 argument(s) in call to "label_replace", got 1'],
    ['mad_over_time(foo[5m])', '1:1: parse error: function "mad_over_time" is not enabled'],
    ['foo + on(a) group_left(a) bar', '1:1: parse error: label "a" must not occur in ON and GROUP clause at once'],
  ])('%s', (query, message) => {
    expect(errorOf(query)).toBe(message);
  });

  it('refuses what is too long or nested too deep, and takes long chains', () => {
    expect(errorOf('a'.repeat(70_000))).toContain('longer than the limit');
    expect(errorOf(`${'('.repeat(500)}1${')'.repeat(500)}`)).toContain('nested deeper');
    expect(errorOf(`${'-'.repeat(500)}1`)).toContain('nested deeper');
    const chain = '+a'.repeat(20);
    expect(errorOf(`${'('.repeat(30)}a${`${chain})`.repeat(30)}`)).toContain('nested deeper');
    expect(errorOf(Array.from({ length: 150 }, () => 'a').join(' + '))).toBe('no error');
    expect(errorOf(Array.from({ length: 400 }, () => 'a').join(' + '))).toContain('operators in a row');
  });
});

const expressions = readShared('prom-rules/promql-exprs.jsonl');
const compliance = readShared('promql-tests/compliance-queries.dev.yml');

describe.skipIf(expressions === undefined)('expressions of real rules (skipped: no shared data)', () => {
  it('parse, all but those that are none', () => {
    const all = (expressions ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { expr: string });
    const refused = all
      .filter(({ expr }) => errorOf(expr) !== 'no error')
      .map(({ expr }) => `${expr}: ${errorOf(expr)}`);
    expect(all.length).toBe(1038);
    expect(refused).toEqual([]);
  });
});

const VARIANTS: Readonly<Record<string, string>> = {
  offset: '1m',
  range: '5m',
  quantile: '0.9',
  simpleAggrOp: 'sum',
  topBottomOp: 'topk',
  binOp: '+',
  compBinOp: '>=',
  arithBinOp: '*',
  simpleTimeAggrOp: 'avg',
  simpleMathFunc: 'abs',
  extrapolatedRateFunc: 'rate',
  dateFunc: 'hour',
  instantRateFunc: 'irate',
};

describe.skipIf(compliance === undefined)('the compliance queries (skipped: no shared data)', () => {
  it('parse', () => {
    const queries = [...(compliance ?? '').matchAll(/^- query: ((?:.|\n {4})*)/gm)].map(([, text]) => {
      const plain = text!.replace(/\n\s+/g, ' ').trim();
      const unquoted = plain.startsWith("'") ? plain.slice(1, -1).replaceAll("''", "'") : plain;
      return unquoted.replace(/\{\{\.(\w+)\}\}/g, (_, name: string) => VARIANTS[name] ?? `no variant ${name}`);
    });
    const refused = queries.filter((query) => errorOf(query) !== 'no error');
    expect(queries.length).toBe(75);
    expect(refused).toEqual(['{__name__=~".*"}']);
  });
});
