import type { SyntaxNode, Tree } from '@lezer/common';
import type { AggregationOperator, BinaryOperator, Call, Expr, TextRange, Unary, VectorMatching } from './ast.js';
import { AGGREGATIONS } from './ast.js';
import { buildSelector, labelList } from './build-selector.js';
import { parseNumber, unquote } from './literals.js';
import { applyPostfix } from './postfix.js';
import { parseError } from './promql-error.js';

// The recursion of everything that walks an expression stays far from the end of the stack.
const MAX_DEPTH = 200;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const POWER = 6;

type Item =
  | { readonly kind: 'operand'; expr: Expr }
  | { readonly kind: 'sign'; readonly operator: '-' | '+'; readonly from: number }
  | { readonly kind: 'operator'; readonly operator: BinaryOperator; readonly modifiers: readonly SyntaxNode[] };

/**
 * The tree of the editor's grammar as an expression. That grammar binds `offset`, `@` and `[...]` to everything on their left
 * and knows no sign in front of a power; so operators are flattened first and put together by the language's own precedence.
 */
export function buildAst(query: string, tree: Tree): Expr {
  refuseErrors(query, tree);
  const top = tree.topNode.firstChild;
  if (top === null) throw parseError(query, { from: 0, to: query.length }, 'no expression found in input');
  return new AstBuilder(query).expr(top, 0);
}

class AstBuilder {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  expr(node: SyntaxNode, depth: number): Expr {
    if (depth > MAX_DEPTH) throw this.#error(node, `expression is nested deeper than ${MAX_DEPTH} levels`);
    const items: Item[] = [];
    this.#flatten(node, items, depth);
    return new Climber(this.#query, items).all();
  }

  #flatten(node: SyntaxNode, items: Item[], depth: number): void {
    // The left spine of a long chain is walked, not recursed into.
    const spine: SyntaxNode[] = [];
    let current = node;
    while (isSpine(current.name)) {
      spine.push(current);
      current = current.firstChild!;
    }
    if (current.name === 'UnaryExpr') {
      const sign = current.firstChild!;
      items.push({ kind: 'sign', operator: this.#text(sign) as '-' | '+', from: sign.from });
      if (depth > MAX_DEPTH) throw this.#error(node, `expression is nested deeper than ${MAX_DEPTH} levels`);
      this.#flatten(current.lastChild!, items, depth + 1);
    } else {
      this.#operand(current, items, depth);
    }
    for (const outer of spine.reverse()) {
      if (outer.name === 'BinaryExpr') {
        const [operator, ...rest] = children(outer).slice(1);
        const right = rest.pop()!;
        items.push({
          kind: 'operator',
          operator: this.#text(operator!).toLowerCase() as BinaryOperator,
          modifiers: rest,
        });
        if (depth > MAX_DEPTH) throw this.#error(node, `expression is nested deeper than ${MAX_DEPTH} levels`);
        this.#flatten(right, items, depth + 1);
      } else {
        const last = items.at(-1);
        if (last?.kind !== 'operand') throw this.#error(outer, 'unexpected modifier');
        last.expr = applyPostfix(this.#query, outer, last.expr);
      }
    }
  }

  #operand(node: SyntaxNode, items: Item[], depth: number): void {
    const range: TextRange = { from: node.from, to: node.to };
    switch (node.name) {
      case 'NumberDurationLiteral': {
        const text = this.#text(node);
        const sign = text[0];
        if (sign === '-' || sign === '+') items.push({ kind: 'sign', operator: sign, from: node.from });
        const digits = sign === '-' || sign === '+' ? text.slice(1).trim() : text;
        const value = parseNumber(digits);
        if (value === undefined) throw this.#error(node, `bad number or duration syntax: ${JSON.stringify(text)}`);
        items.push({
          kind: 'operand',
          expr: { kind: 'number', value, range: { from: node.to - digits.length, to: node.to } },
        });
        return;
      }
      case 'StringLiteral': {
        const value = unquote(this.#text(node));
        if (value === undefined) throw this.#error(node, 'invalid string literal');
        items.push({ kind: 'operand', expr: { kind: 'string', value, range } });
        return;
      }
      case 'ParenExpr':
        items.push({ kind: 'operand', expr: { kind: 'paren', expr: this.expr(node.firstChild!, depth + 1), range } });
        return;
      case 'VectorSelector':
        items.push({ kind: 'operand', expr: buildSelector(this.#query, node) });
        return;
      case 'FunctionCall':
        items.push({ kind: 'operand', expr: this.#call(node, depth, range) });
        return;
      case 'AggregateExpr':
        items.push({ kind: 'operand', expr: this.#aggregation(node, depth, range) });
        return;
      default:
        throw this.#error(node, `unexpected ${JSON.stringify(this.#text(node))}`);
    }
  }

  #call(node: SyntaxNode, depth: number, range: TextRange): Call {
    const name = this.#text(node.getChild('FunctionIdentifier')!);
    return { kind: 'call', name, args: this.#args(node, depth), range };
  }

  #args(node: SyntaxNode, depth: number): Expr[] {
    return children(node.getChild('FunctionCallBody')!).map((arg) => this.expr(arg, depth + 1));
  }

  #aggregation(node: SyntaxNode, depth: number, range: TextRange): Expr {
    const operator = this.#text(node.getChild('AggregateOp')!).toLowerCase() as AggregationOperator;
    if (!AGGREGATIONS.includes(operator)) throw this.#error(node, `unknown aggregation ${JSON.stringify(operator)}`);
    const modifier = node.getChild('AggregateModifier');
    const grouping = modifier?.getChild('GroupingLabels') ?? null;
    const labels = grouping === null ? [] : labelList(this.#query, grouping);
    const without = modifier?.getChild('Without') != null;
    const args = this.#args(node, depth);
    const wanted = PARAMETRISED.has(operator) ? 2 : 1;
    if (args.length === 0) throw this.#error(node, 'no arguments for aggregate expression provided');
    if (args.length !== wanted) {
      throw this.#error(
        node,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      );
    }
    const expr = args[wanted - 1]!;
    const base = { kind: 'aggregation', operator, expr, without, labels, range } as const;
    return wanted === 2 ? { ...base, parameter: args[0]! } : base;
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to);
  }

  #error(node: SyntaxNode, message: string) {
    return parseError(this.#query, node, message);
  }
}

/** Puts operands and operators together by precedence. */
class Climber {
  readonly #query: string;
  readonly #items: readonly Item[];
  #at = 0;

  constructor(query: string, items: readonly Item[]) {
    this.#query = query;
    this.#items = items;
  }

  all(): Expr {
    return this.#binary(1, 0);
  }

  #binary(minimum: number, depth: number): Expr {
    let left = this.#unary(depth);
    let chain = depth;
    for (;;) {
      const item = this.#items[this.#at];
      if (item?.kind !== 'operator' || PRECEDENCE[item.operator] < minimum) return left;
      this.#at += 1;
      chain += 1;
      if (chain > MAX_DEPTH) throw parseError(this.#query, left.range, `more than ${MAX_DEPTH} operators in a row`);
      const precedence = PRECEDENCE[item.operator];
      const right = this.#binary(item.operator === '^' ? precedence : precedence + 1, depth + 1);
      left = this.#combine(item, left, right);
    }
  }

  #unary(depth: number): Expr {
    const item = this.#items[this.#at]!;
    this.#at += 1;
    if (item.kind === 'operand') return item.expr;
    if (item.kind !== 'sign') throw parseError(this.#query, { from: 0, to: 0 }, 'unexpected operator');
    const expr = this.#binary(POWER, depth + 1);
    const range = { from: item.from, to: expr.range.to };
    if (expr.kind === 'number')
      return { kind: 'number', value: item.operator === '-' ? -expr.value : expr.value, range };
    return { kind: 'unary', operator: item.operator, expr, range } satisfies Unary;
  }

  #combine(item: Item & { kind: 'operator' }, left: Expr, right: Expr): Expr {
    const { operator, modifiers } = item;
    const range = { from: left.range.from, to: right.range.to };
    const bool = modifiers.some((node) => node.name === 'BoolModifier');
    const clause = modifiers.find((node) => node.name === 'MatchingModifierClause');
    const fill = modifiers.find((node) => node.name === 'FillModifier');
    const matching = buildMatching(this.#query, operator, clause, fill);
    return { kind: 'binary', operator, left, right, bool, matching, range };
  }
}

function buildMatching(
  query: string,
  operator: BinaryOperator,
  clause: SyntaxNode | undefined,
  fill: SyntaxNode | undefined,
): VectorMatching {
  const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
  const lists = clause?.getChildren('GroupingLabels') ?? [];
  const grouped = clause?.getChild('GroupLeft') ?? clause?.getChild('GroupRight') ?? null;
  const cardinality = isSet
    ? 'many-to-many'
    : grouped === null
      ? 'one-to-one'
      : grouped.name === 'GroupLeft'
        ? 'many-to-one'
        : 'one-to-many';
  if (isSet && grouped !== null) throw parseError(query, grouped, `no grouping allowed for "${operator}" operation`);
  if (isSet && fill !== undefined)
    throw parseError(query, fill, `filling in missing series not allowed for set operators`);
  const number = (name: string): number | undefined => {
    const literal = fill?.getChild(name)?.getChild('NumberDurationLiteral');
    return literal == null ? undefined : parseNumber(query.slice(literal.from, literal.to));
  };
  const both = number('FillClause');
  const fillLeft = both ?? number('FillLeftClause');
  const fillRight = both ?? number('FillRightClause');
  return {
    on: clause?.getChild('On') != null,
    labels: lists[0] === undefined ? [] : labelList(query, lists[0]),
    cardinality,
    include: lists[1] === undefined ? [] : labelList(query, lists[1]),
    ...(fillLeft === undefined ? {} : { fillLeft }),
    ...(fillRight === undefined ? {} : { fillRight }),
  };
}

const PARAMETRISED: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);

function isSpine(name: string): boolean {
  return (
    name === 'BinaryExpr' ||
    name === 'OffsetExpr' ||
    name === 'StepInvariantExpr' ||
    name === 'MatrixSelector' ||
    name === 'SubqueryExpr' ||
    name === 'AnchoredExpr' ||
    name === 'SmoothedExpr'
  );
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function refuseErrors(query: string, tree: Tree): void {
  let first: TextRange | undefined;
  tree.iterate({
    enter: (node) => {
      if (first === undefined && node.type.isError) first = { from: node.from, to: node.to };
      return first === undefined;
    },
  });
  if (first === undefined) return;
  if (query.trim() === '') throw parseError(query, first, 'no expression found in input');
  const from = first.from + (query.slice(first.from).length - query.slice(first.from).trimStart().length);
  const unexpected = /^(?:\w+|.)/s.exec(query.slice(from))?.[0];
  const what = unexpected === undefined ? 'unexpected end of input' : `unexpected ${JSON.stringify(unexpected)}`;
  throw parseError(query, { from, to: Math.max(first.to, from) }, what);
}
