import { METRIC_NAME } from '../labels/label-set.js';
import type { LabelMatcher } from '../labels/matcher.js';
import { createMatcher } from '../labels/matcher.js';
import type { Call, Expr, TimeModifiers, VectorSelector } from '../syntax/ast.js';
import { unwrapParens } from '../syntax/ast.js';

const known = new WeakMap<Call, VectorSelector>();

/**
 * The selector of the info metrics that `info` joins: `target_info` where the call names none, read at the times of the first
 * selector in the call.
 */
export function infoSelector(call: Call): VectorSelector {
  let selector = known.get(call);
  if (selector === undefined) {
    const { offset, at } = firstSelector(call.args[0]!) ?? {};
    const matchers = [...infoNameMatchers(call), ...dataMatchers(call)];
    selector = {
      kind: 'selector',
      matchers,
      name: '',
      range: call.range,
      ...(offset === undefined ? {} : { offset }),
      ...(at === undefined ? {} : { at }),
    };
    known.set(call, selector);
  }
  return selector;
}

/** Which names are those of info metrics. */
export function infoNameMatchers(call: Call): readonly LabelMatcher[] {
  const named = matchersOf(call).filter((matcher) => matcher.name === METRIC_NAME);
  if (named.length === 0) return [createMatcher(METRIC_NAME, '=', 'target_info')];
  if (named.some(({ operator }) => operator === '=' || operator === '=~')) return named;
  return [createMatcher(METRIC_NAME, '=~', '.+_info'), ...named];
}

/** Which labels are to be joined; none means all. */
export function dataMatchers(call: Call): readonly LabelMatcher[] {
  return matchersOf(call).filter((matcher) => matcher.name !== METRIC_NAME);
}

function matchersOf(call: Call): readonly LabelMatcher[] {
  const arg = call.args[1] === undefined ? undefined : unwrapParens(call.args[1]);
  return arg?.kind === 'selector' ? arg.matchers : [];
}

function firstSelector(expr: Expr): TimeModifiers | undefined {
  switch (expr.kind) {
    case 'selector':
      return expr;
    case 'matrix':
      return expr.selector;
    case 'subquery': {
      const inner = firstSelector(expr.expr);
      return inner?.at === undefined && expr.at !== undefined ? { ...inner, at: expr.at } : inner;
    }
    case 'paren':
    case 'unary':
      return firstSelector(expr.expr);
    case 'aggregation':
      return firstSelector(expr.expr);
    case 'call':
      return firstOf(expr.args);
    case 'binary':
      return firstOf([expr.left, expr.right]);
    case 'number':
    case 'string':
      return undefined;
  }
}

function firstOf(exprs: readonly Expr[]): TimeModifiers | undefined {
  for (const expr of exprs) {
    const found = firstSelector(expr);
    if (found !== undefined) return found;
  }
  return undefined;
}
