import type { TextRange } from './ast.js';

/** As Prometheus' API names them. */
export type PromqlErrorKind = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'too_large';

/**
 * A query that cannot be answered. `message` is in the words of Prometheus; of a syntax error it begins with line and column,
 * counted from 1: `1:5: parse error: unexpected end of input`.
 */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
  readonly kind: PromqlErrorKind;
  /** Where in the query, when it is about a place in it. */
  readonly range: TextRange | undefined;

  constructor(kind: PromqlErrorKind, message: string, range?: TextRange) {
    super(message);
    this.kind = kind;
    this.range = range;
  }
}

/** A mistake in the text of a query. */
export function parseError(query: string, range: TextRange, message: string): PromqlError {
  return new PromqlError('bad_data', `${lineAndColumn(query, range.from)}: parse error: ${message}`, range);
}

/** `line:column`, counted from 1. */
export function lineAndColumn(query: string, offset: number): string {
  const before = query.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}
