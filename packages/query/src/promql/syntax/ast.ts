import type { LabelMatcher } from '../labels/matcher.js';

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** Where a node stands in the query: offsets in UTF-16 code units, the end is exclusive. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A length of time; it may depend on the step and the range of the query. In seconds where it is a number. */
export type Duration =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'step' }
  | { readonly kind: 'range' }
  | { readonly kind: 'negative'; readonly item: Duration }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '^' | 'min' | 'max';
      readonly left: Duration;
      readonly right: Duration;
    };

export type AtModifier = { readonly kind: 'time'; readonly ms: number } | { readonly kind: 'start' | 'end' };

/** `offset` and `@`. */
export interface TimeModifiers {
  readonly offset?: Duration;
  readonly at?: AtModifier;
}

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly range: TextRange;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly range: TextRange;
}

export interface VectorSelector extends TimeModifiers {
  readonly kind: 'selector';
  readonly matchers: readonly LabelMatcher[];
  /** The name in front of or alone in the braces; `''` where there is none. */
  readonly name: string;
  /** Experimental: how the borders of a range, or of a look back, are filled in. */
  readonly mode?: 'anchored' | 'smoothed';
  readonly range: TextRange;
}

export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly duration: Duration;
  readonly range: TextRange;
}

export interface Subquery extends TimeModifiers {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly duration: Duration;
  /** The engine's default where it is absent. */
  readonly step?: Duration;
  readonly range: TextRange;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly range: TextRange;
}

export const AGGREGATIONS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
] as const;
export type AggregationOperator = (typeof AGGREGATIONS)[number];

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: AggregationOperator;
  readonly expr: Expr;
  readonly parameter?: Expr;
  readonly without: boolean;
  readonly labels: readonly string[];
  readonly range: TextRange;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '<='
  | '<'
  | '>='
  | '>'
  | '</'
  | '>/'
  | 'and'
  | 'or'
  | 'unless';

/** Which series of two vectors belong together. */
export interface VectorMatching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** Labels taken over from the side of one. */
  readonly include: readonly string[];
  /** Experimental: what stands for a missing series. */
  readonly fillLeft?: number;
  readonly fillRight?: number;
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly bool: boolean;
  /** Absent where one side is a scalar. */
  readonly matching?: VectorMatching;
  readonly range: TextRange;
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: '-' | '+';
  readonly expr: Expr;
  readonly range: TextRange;
}

export interface Paren {
  readonly kind: 'paren';
  readonly expr: Expr;
  readonly range: TextRange;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Paren;

/** The expression without the parentheses around it. */
export function unwrapParens(expr: Expr): Exclude<Expr, Paren> {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.expr;
  return inner;
}
