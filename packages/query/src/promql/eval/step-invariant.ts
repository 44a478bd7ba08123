import type { Expr } from '../syntax/ast.js';

/** Functions that look at the time of the step, whatever their argument is fixed to. */
const LOOKS_AT_TIME: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
  'start_timestamp',
]);

const known = new WeakMap<Expr, boolean>();

/** Whether an expression is the same at every step, because all its selectors are fixed by `@`. It is evaluated once then. */
export function isStepInvariant(expr: Expr): boolean {
  const cached = known.get(expr);
  if (cached !== undefined) return cached;
  const answer = examine(expr);
  known.set(expr, answer);
  return answer;
}

function examine(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
      return expr.at !== undefined;
    case 'matrix':
      return expr.selector.at !== undefined;
    case 'subquery':
      // What is inside is evaluated on the grid of the subquery.
      return expr.at !== undefined;
    case 'paren':
    case 'unary':
      return isStepInvariant(expr.expr);
    case 'call':
      return !LOOKS_AT_TIME.has(expr.name) && expr.args.every(isStepInvariant);
    case 'aggregation':
      return isStepInvariant(expr.expr) && (expr.parameter === undefined || isStepInvariant(expr.parameter));
    case 'binary':
      return isStepInvariant(expr.left) && isStepInvariant(expr.right);
  }
}
