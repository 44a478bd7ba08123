import type { Expr } from '@vedetta/query';
import { parsePromql } from '@vedetta/query';

const SUFFIXES: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/_bytes(?:_total|_sum)?$/, 'bytes'],
  [/_seconds(?:_total|_sum)?$/, 'seconds'],
  [/_milliseconds(?:_total|_sum)?$/, 'ms'],
  [/_percent$/, 'percent'],
  [/_ratio$/, 'percentunit'],
  [/_usd(?:_total|_sum)?$/, 'usd'],
];
const PER_SECOND = new Set(['rate', 'irate', 'deriv']);
const OTHER_MEANING = new Set(['count', 'group', 'count_values', 'stdvar']);
const CHANGES_UNIT =
  /^(?:absent|changes|resets|timestamp|sgn|time|day_|days_|hour|minute|month|year|exp|ln|log|sqrt|std)/;

/** The unit of a query's values by the names in it, as units of charts are called; `short` where it cannot be told. */
export function guessUnit(query: string): string {
  try {
    return unitOf(parsePromql(query).expr) ?? 'short';
  } catch {
    return 'short';
  }
}

function unitOf(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'selector':
      return unitOfName(expr.name);
    case 'matrix':
      return unitOf(expr.selector);
    case 'paren':
    case 'unary':
    case 'subquery':
      return unitOf(expr.expr);
    case 'aggregation':
      return OTHER_MEANING.has(expr.operator) ? undefined : unitOf(expr.expr);
    case 'call':
      return unitOfCall(expr.name, expr.args);
    case 'binary':
      return unitOfBinary(expr);
    case 'number':
    case 'string':
      return undefined;
  }
}

function unitOfCall(name: string, args: readonly Expr[]): string | undefined {
  // Buckets count; what is found out of them is what they are buckets of.
  if (name === 'histogram_quantile') return unitOfName(nameIn(args[1])?.replace(/_bucket$/, '') ?? '');
  if (CHANGES_UNIT.test(name) || name === 'count_over_time' || name === 'histogram_count') return undefined;
  const unit = args.map(unitOf).find((one) => one !== undefined);
  if (!PER_SECOND.has(name)) return unit;
  // Seconds a second are a share of the time.
  if (unit === 'bytes') return 'bytes/s';
  return unit === 'seconds' ? 'percentunit' : undefined;
}

function unitOfBinary({ operator, left, right }: Extract<Expr, { kind: 'binary' }>): string | undefined {
  const [a, b] = [unitOf(left), unitOf(right)];
  switch (operator) {
    case '+':
    case '-':
      return a === b || right.kind === 'number' ? a : undefined;
    case 'and':
    case 'unless':
      return a;
    case 'or':
      return a === b ? a : undefined;
    case '/':
      return unitOfMean(nameIn(left), nameIn(right));
    default:
      return undefined;
  }
}

/** The sum of a histogram by its count is what it is made of. */
function unitOfMean(sum: string | undefined, count: string | undefined): string | undefined {
  const family = sum?.replace(/_sum$/, '');
  return family !== undefined && sum !== family && count === `${family}_count` ? unitOfName(family) : undefined;
}

function unitOfName(name: string): string | undefined {
  return SUFFIXES.find(([suffix]) => suffix.test(name))?.[1];
}

/** The first metric in an expression. */
function nameIn(expr: Expr | undefined): string | undefined {
  switch (expr?.kind) {
    case 'selector':
      return expr.name;
    case 'matrix':
      return expr.selector.name;
    case 'paren':
    case 'unary':
    case 'subquery':
    case 'aggregation':
      return nameIn(expr.expr);
    case 'call':
      return expr.args.map(nameIn).find((name) => name !== undefined);
    default:
      return undefined;
  }
}
