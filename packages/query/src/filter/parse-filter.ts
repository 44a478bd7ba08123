import type { FilterField, FilterNode } from '@vedetta/model';
import { FILTER_FIELDS } from '@vedetta/model';
import { toCompare } from './compare.js';
import type { FilterToken } from './tokenise.js';
import { FilterSyntaxError, tokenise } from './tokenise.js';

/** What became of a filter text; `position` is the index of the character at fault. */
export type ParsedFilter =
  | { readonly kind: 'ok'; readonly node: FilterNode }
  | { readonly kind: 'invalid'; readonly message: string; readonly position: number };

const MAX_LENGTH = 2000;
const MAX_DEPTH = 20;

/**
 * Parses the filter language of the search box, the URL and the CLI. Empty text selects everything.
 *
 * - `word` or `"two words"`: case-insensitive substring of name, previews, error, user, session or id
 * - `model:gpt-4o`, `model:gpt-*`, `model:gpt-4o,gpt-4.1` (any of them), `error:~timeout` (substring)
 * - `latency:>2s`, `ttft:<=300ms`, `tokens:>1000`, `cost:>0.01`
 * - `-status:completed` or `NOT ...` negates; a space means and; `OR` and parentheses group
 *
 * @example parseFilter('model:gpt-4o latency:>2s -status:completed')
 */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > MAX_LENGTH) {
    return {
      kind: 'invalid',
      message: `the filter has ${text.length} characters; ${MAX_LENGTH} are the most`,
      position: MAX_LENGTH,
    };
  }
  try {
    const reader = new TokenReader(tokenise(text), text.length);
    const node = parseOr(reader, 0);
    const rest = reader.peek();
    if (rest !== undefined) throw new FilterSyntaxError('a ")" without its "("', rest.start);
    return { kind: 'ok', node };
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      return { kind: 'invalid', message: error.message, position: error.position };
    throw error;
  }
}

class TokenReader {
  readonly #tokens: readonly FilterToken[];
  readonly #textLength: number;
  #at = 0;

  constructor(tokens: readonly FilterToken[], textLength: number) {
    this.#tokens = tokens;
    this.#textLength = textLength;
  }

  peek(): FilterToken | undefined {
    return this.#tokens[this.#at];
  }

  next(): FilterToken | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token;
  }

  get position(): number {
    return this.peek()?.start ?? this.#textLength;
  }
}

function parseOr(reader: TokenReader, depth: number): FilterNode {
  if (depth > MAX_DEPTH) throw new FilterSyntaxError(`groups are nested deeper than ${MAX_DEPTH}`, reader.position);
  const nodes = [parseAnd(reader, depth)];
  while (reader.peek()?.kind === 'or') {
    const or = reader.next()!;
    const right = parseAnd(reader, depth);
    if (right.kind === 'all' || nodes[0]!.kind === 'all') {
      throw new FilterSyntaxError('OR needs a condition on both sides', or.start);
    }
    nodes.push(right);
  }
  return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes };
}

function parseAnd(reader: TokenReader, depth: number): FilterNode {
  const nodes: FilterNode[] = [];
  for (
    let token = reader.peek();
    token !== undefined && token.kind !== 'close' && token.kind !== 'or';
    token = reader.peek()
  ) {
    nodes.push(parseTerm(reader, depth));
  }
  if (nodes.length === 0) return { kind: 'all' };
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes };
}

function parseTerm(reader: TokenReader, depth: number): FilterNode {
  const token = reader.next();
  if (token === undefined || token.kind === 'close' || token.kind === 'or') {
    throw new FilterSyntaxError('a condition is missing here', token?.start ?? reader.position);
  }
  switch (token.kind) {
    case 'not':
      if (depth + 1 > MAX_DEPTH) throw new FilterSyntaxError(`groups are nested deeper than ${MAX_DEPTH}`, token.start);
      return { kind: 'not', node: parseTerm(reader, depth + 1) };
    case 'word':
      return { kind: 'text', text: token.text };
    case 'open': {
      const node = parseOr(reader, depth + 1);
      if (reader.next()?.kind !== 'close')
        throw new FilterSyntaxError('a "(" is opened here and never closed', token.start);
      return node;
    }
    case 'field':
      return toFieldNode(token);
  }
}

function toFieldNode(token: FilterToken & { kind: 'field' }): FilterNode {
  if (!Object.hasOwn(FILTER_FIELDS, token.field)) {
    const known = Object.keys(FILTER_FIELDS).join(', ');
    throw new FilterSyntaxError(
      `there is no field "${token.field}"; the fields are ${known}; put the text in quotes to search for it`,
      token.start,
    );
  }
  const nodes = token.values.map((value) => toCompare(token.field as FilterField, token.operator, value));
  return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes };
}
