import type { SyntaxNode } from '@lezer/common';
import type { AtModifier, Expr, TimeModifiers } from './ast.js';
import { buildDuration } from './build-duration.js';
import { parseNumber } from './literals.js';
import { parseError } from './promql-error.js';

/** Applies `[...]`, `offset`, `@`, `anchored` or `smoothed` to the operand in front of it. */
export function applyPostfix(query: string, node: SyntaxNode, operand: Expr): Expr {
  const range = { from: operand.range.from, to: node.to };
  switch (node.name) {
    case 'MatrixSelector': {
      if (operand.kind !== 'selector')
        throw parseError(query, operand.range, 'ranges only allowed for vector selectors');
      if (operand.offset !== undefined)
        throw parseError(query, operand.range, 'no offset modifiers allowed before range');
      if (operand.at !== undefined) throw parseError(query, operand.range, 'no @ modifiers allowed before range');
      const duration = buildDuration(query, node.getChild('DurationExpr')!);
      return { kind: 'matrix', selector: operand, duration, range };
    }
    case 'SubqueryExpr': {
      const [duration, step] = node.getChildren('DurationExpr').map((child) => buildDuration(query, child));
      const base = { kind: 'subquery', expr: operand, duration: duration!, range } as const;
      return step === undefined ? base : { ...base, step };
    }
    case 'OffsetExpr': {
      const offset = buildDuration(query, node.getChild('OffsetDurationExpr')!);
      return modified(query, operand, node, { offset });
    }
    case 'StepInvariantExpr':
      return modified(query, operand, node, { at: buildAt(query, node) });
    default:
      return withMode(query, node, operand, node.name === 'AnchoredExpr' ? 'anchored' : 'smoothed');
  }
}

function buildAt(query: string, node: SyntaxNode): AtModifier {
  const named = node.getChild('AtModifierPreprocessors');
  if (named !== null) return { kind: named.getChild('AtStart') === null ? 'end' : 'start' };
  const literal = node.getChild('NumberDurationLiteral')!;
  const seconds = parseNumber(query.slice(literal.from, literal.to));
  if (seconds === undefined || !Number.isFinite(seconds) || Math.abs(seconds) > 9e12) {
    throw parseError(query, literal, `timestamp out of bounds for @ modifier: ${seconds}`);
  }
  return { kind: 'time', ms: Math.round(seconds * 1000) };
}

function modified(query: string, operand: Expr, node: SyntaxNode, modifiers: TimeModifiers): Expr {
  const target = operand.kind === 'matrix' ? operand.selector : operand;
  const what = modifiers.offset === undefined ? '@' : 'offset';
  if (target.kind !== 'selector' && target.kind !== 'subquery') {
    const message = `${what} modifier must be preceded by an instant vector selector or range vector selector or a subquery`;
    throw parseError(query, operand.range, message);
  }
  if (modifiers.offset !== undefined && target.offset !== undefined) {
    throw parseError(query, node, 'offset may not be set multiple times');
  }
  if (modifiers.at !== undefined && target.at !== undefined)
    throw parseError(query, node, '@ <timestamp> may not be set multiple times');
  const range = { from: target.range.from, to: node.to };
  if (operand.kind === 'matrix') return { ...operand, selector: { ...operand.selector, ...modifiers }, range };
  return { ...target, ...modifiers, range };
}

function withMode(query: string, node: SyntaxNode, operand: Expr, mode: 'anchored' | 'smoothed'): Expr {
  const range = { from: operand.range.from, to: node.to };
  const target = operand.kind === 'matrix' ? operand.selector : operand;
  if (target.kind !== 'selector' || (mode === 'anchored' && operand.kind !== 'matrix')) {
    const kinds =
      mode === 'anchored' ? 'a range vector selector' : 'an instant vector selector or range vector selector';
    throw parseError(query, operand.range, `${mode} modifier must be preceded by ${kinds}`);
  }
  if (target.mode !== undefined)
    throw parseError(query, node, 'anchored and smoothed modifiers cannot be used together');
  if (operand.kind === 'matrix') return { ...operand, selector: { ...target, mode }, range };
  return { ...target, mode, range };
}
