import type { SyntaxNode } from '@lezer/common';
import { METRIC_NAME } from '../labels/label-set.js';
import type { LabelMatcher, MatchOperator } from '../labels/matcher.js';
import { createMatcher } from '../labels/matcher.js';
import { RegexError } from '../regex/parse-regex.js';
import type { VectorSelector } from './ast.js';
import { unquote } from './literals.js';
import { parseError } from './promql-error.js';

/** A `VectorSelector` of the grammar. */
export function buildSelector(query: string, node: SyntaxNode): VectorSelector {
  const matchers: LabelMatcher[] = [];
  const identifier = node.getChild('Identifier');
  let name = identifier === null ? '' : query.slice(identifier.from, identifier.to);
  const braces = node.getChild('LabelMatchers');
  for (let child = braces?.firstChild ?? null; child !== null; child = child.nextSibling) {
    if (child.name === 'QuotedLabelName') {
      const quoted = text(query, child.firstChild!);
      if (name !== '') throw parseError(query, child, `metric name must not be set twice: "${name}" or "${quoted}"`);
      name = quoted;
    } else if (child.name === 'UnquotedLabelMatcher' || child.name === 'QuotedLabelMatcher') {
      matchers.push(buildMatcher(query, child));
    }
  }
  if (name !== '') {
    const again = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.operator === '=');
    if (again !== undefined)
      throw parseError(query, node, `metric name must not be set twice: "${name}" or "${again.value}"`);
    matchers.push(createMatcher(METRIC_NAME, '=', name));
  }
  return { kind: 'selector', matchers, name, range: { from: node.from, to: node.to } };
}

/** The names of a `GroupingLabels`. */
export function labelList(query: string, node: SyntaxNode): string[] {
  const names: string[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'LabelName') names.push(query.slice(child.from, child.to));
    else if (child.name === 'QuotedLabelName') names.push(text(query, child.firstChild!));
  }
  return names;
}

function buildMatcher(query: string, node: SyntaxNode): LabelMatcher {
  const quoted = node.getChild('QuotedLabelName');
  const plain = node.getChild('LabelName');
  const name = quoted !== null ? text(query, quoted.firstChild!) : query.slice(plain!.from, plain!.to);
  const operator = node.getChild('MatchOp')!;
  const value = text(query, node.getChild('StringLiteral')!);
  try {
    return createMatcher(name, query.slice(operator.from, operator.to) as MatchOperator, value);
  } catch (error) {
    if (error instanceof RegexError) throw parseError(query, node, error.message);
    throw error;
  }
}

function text(query: string, node: SyntaxNode): string {
  const value = unquote(query.slice(node.from, node.to));
  if (value === undefined) throw parseError(query, node, 'invalid string literal');
  return value;
}
