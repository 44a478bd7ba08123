import type { Expr } from './ast.js';

/** How deep an expression is nested, found without recursion: it may be deeper than the stack. */
export function expressionDepth(root: Expr): number {
  let deepest = 0;
  const open: { readonly expr: Expr; readonly depth: number }[] = [{ expr: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { expr, depth } = next;
    deepest = Math.max(deepest, depth);
    for (const child of childrenOf(expr)) open.push({ expr: child, depth: depth + 1 });
  }
  return deepest;
}

/** The expressions directly inside another, in the order of the text. */
function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'paren':
    case 'unary':
      return [expr.expr];
    case 'call':
      return expr.args;
    case 'aggregation':
      return expr.parameter === undefined ? [expr.expr] : [expr.parameter, expr.expr];
    case 'binary':
      return [expr.left, expr.right];
  }
}
