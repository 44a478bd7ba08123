import type { Expr, VectorSelector } from './ast.js';

/** Every selector in an expression, in the order in which they are written. */
export function selectorsOf(expr: Expr): readonly VectorSelector[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return [];
    case 'selector':
      return [expr];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'paren':
    case 'unary':
      return selectorsOf(expr.expr);
    case 'call':
      return expr.args.flatMap(selectorsOf);
    case 'aggregation':
      return [...(expr.parameter === undefined ? [] : selectorsOf(expr.parameter)), ...selectorsOf(expr.expr)];
    case 'binary':
      return [...selectorsOf(expr.left), ...selectorsOf(expr.right)];
  }
}
