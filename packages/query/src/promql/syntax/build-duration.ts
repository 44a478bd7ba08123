import type { SyntaxNode } from '@lezer/common';
import type { Duration } from './ast.js';
import { parseNumber } from './literals.js';
import { PromqlError, parseError } from './promql-error.js';

const OPERATORS: Readonly<Record<string, '+' | '-' | '*' | '/' | '%' | '^'>> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
  Pow: '^',
};
const MAX_DEPTH = 50;

/** A `DurationExpr` or `OffsetDurationExpr` of the grammar. */
export function buildDuration(query: string, node: SyntaxNode, depth = 0): Duration {
  if (depth > MAX_DEPTH) throw parseError(query, node, `duration is nested deeper than ${MAX_DEPTH} levels`);
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    children.push(child);
  }
  const [first, second, third] = children;
  const inner = (part: SyntaxNode | undefined): Duration => buildDuration(query, part!, depth + 1);
  switch (first?.name) {
    case 'NumberDurationLiteralInDurationContext': {
      const seconds = parseNumber(query.slice(first.from, first.to));
      if (seconds === undefined || !Number.isFinite(seconds)) throw parseError(query, first, 'duration out of range');
      return { kind: 'seconds', seconds };
    }
    case 'DurationStep':
      return { kind: 'step' };
    case 'DurationRange':
      return { kind: 'range' };
    case 'DurationMinOf':
      return { kind: 'operation', operator: 'min', left: inner(second), right: inner(third) };
    case 'DurationMaxOf':
      return { kind: 'operation', operator: 'max', left: inner(second), right: inner(third) };
    case 'UnaryOp': {
      const item = inner(second);
      return query.slice(first.from, first.to) === '-' ? { kind: 'negative', item } : item;
    }
    case 'DurationExpr':
    case 'OffsetDurationExpr': {
      if (second === undefined) return inner(first);
      return { kind: 'operation', operator: OPERATORS[second.name]!, left: inner(first), right: inner(third) };
    }
    default:
      throw parseError(query, node, 'unexpected duration');
  }
}

/** Milliseconds. Throws where it divides by zero or grows out of bounds. */
export function durationMs(duration: Duration, stepMs: number, rangeMs: number): number {
  const seconds = durationSeconds(duration, stepMs / 1000, rangeMs / 1000);
  // The range of Go's time.Duration, which Prometheus reads durations into.
  if (!(Math.abs(seconds) < 9_223_372_036)) throw new PromqlError('bad_data', 'duration out of range');
  return Math.round(seconds * 1000);
}

function durationSeconds(duration: Duration, step: number, range: number): number {
  switch (duration.kind) {
    case 'seconds':
      return duration.seconds;
    case 'step':
      return step;
    case 'range':
      return range;
    case 'negative':
      return -durationSeconds(duration.item, step, range);
    case 'operation': {
      const left = durationSeconds(duration.left, step, range);
      const right = durationSeconds(duration.right, step, range);
      switch (duration.operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          if (right === 0) throw new PromqlError('bad_data', 'division by zero');
          return left / right;
        case '%':
          if (right === 0) throw new PromqlError('bad_data', 'modulo by zero');
          return left % right;
        case '^':
          return left ** right;
        case 'min':
          return Math.min(left, right);
        case 'max':
          return Math.max(left, right);
      }
    }
  }
}
