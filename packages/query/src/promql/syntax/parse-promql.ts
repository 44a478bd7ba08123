import { parser } from '@prometheus-io/lezer-promql';
import type { Expr, ValueType } from './ast.js';
import { buildAst } from './build-ast.js';
import { checkTypes } from './check-types.js';
import { expressionDepth } from './expression-depth.js';
import { PromqlError, parseError } from './promql-error.js';

/** A query that is well-formed. */
export interface ParsedPromql {
  readonly query: string;
  readonly expr: Expr;
  readonly type: ValueType;
}

export interface ParseOptions {
  /** Takes what Prometheus hides behind flags too. Default `false`. */
  readonly experimental?: boolean;
  /** Takes selectors that every series passes, such as `{job!="a"}`, as where series are exported. Default `false`. */
  readonly emptySelectors?: boolean;
}

/** Longer than any that people or dashboards write. */
export const MAX_QUERY_LENGTH = 64 * 1024;
/** What walks an expression recurses as deep as it is. */
const MAX_DEPTH = 400;
const CACHED_QUERIES = 500;
// Long queries are rare and would hold much: they are not kept.
const CACHED_LENGTH = 4096;

const cache = new Map<string, ParsedPromql>();

/**
 * Reads a PromQL expression. Throws a `PromqlError` of the kind `bad_data` with line and column for what is none. Grafana's
 * variables (`$__interval`) are no PromQL: put their values in before. What was read lately is kept.
 */
export function parsePromql(query: string, options: ParseOptions = {}): ParsedPromql {
  const { experimental = false, emptySelectors = false } = options;
  if (query.length > MAX_QUERY_LENGTH) {
    throw new PromqlError(
      'bad_data',
      `query of ${query.length} characters is longer than the limit of ${MAX_QUERY_LENGTH}`,
    );
  }
  const key = `${experimental ? 'e' : 's'}${emptySelectors ? 'a' : 'n'}${query}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const text = normalise(query);
  const expr = buildAst(text, parser.parse(text));
  // Chains within parentheses within chains multiply what each of them may be.
  if (expressionDepth(expr) > MAX_DEPTH) {
    throw parseError(query, expr.range, `expression is nested deeper than ${MAX_DEPTH} levels`);
  }
  const parsed = { query, expr, type: checkTypes(query, expr, { experimental, emptySelectors }) };
  if (query.length <= CACHED_LENGTH) {
    if (cache.size >= CACHED_QUERIES) cache.delete(cache.keys().next().value!);
    cache.set(key, parsed);
  }
  return parsed;
}

/**
 * The query without comments, and with `2.` as `2 `: the grammar wants a digit after the point, the language does not. Every
 * character keeps its place; strings and names are left alone.
 */
function normalise(query: string): string {
  if (!query.includes('#') && !/\d\.(?!\d)/.test(query)) return query;
  return query.replace(
    TOKENS,
    (token, comment: string | undefined, whole: string | undefined, exponent: string | undefined) => {
      if (comment !== undefined) return ' '.repeat(comment.length);
      return whole === undefined ? token : `${whole}${exponent ?? ''} `;
    },
  );
}

const TOKENS =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(#.*)|[a-zA-Z_:][\w:]*|\d*\.\d+|(\d+)\.(?!\d)([eE][+-]?\d+)?/g;
