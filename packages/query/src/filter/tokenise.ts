/** One token of the filter language with its place in the text. */
export type FilterToken =
  | { readonly kind: 'open' | 'close' | 'or' | 'not'; readonly start: number; readonly end: number }
  | { readonly kind: 'word'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'field';
      readonly field: string;
      /** Values between commas, unquoted, each with its place. */
      readonly values: readonly { readonly text: string; readonly quoted: boolean; readonly start: number }[];
      readonly operator: '' | '>' | '>=' | '<' | '<=' | '~';
      readonly start: number;
      readonly end: number;
    };

/** Thrown while reading a filter; `position` is the index of the offending character. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const FIELD = /^[a-z_]+(?=:)/;
const OPERATOR = /^(>=|<=|>|<|~)/;
const BARE_END = /[\s()]/;

/** Splits a filter into tokens; throws {@link FilterSyntaxError} at an open quote or a field without value. */
export function tokenise(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
    } else if (char === '(' || char === ')') {
      at += 1;
      tokens.push({ kind: char === '(' ? 'open' : 'close', start, end: at });
    } else if (char === '-' && at + 1 < text.length && !/\s/.test(text.charAt(at + 1))) {
      at += 1;
      tokens.push({ kind: 'not', start, end: at });
    } else {
      const field = FIELD.exec(text.slice(at))?.[0];
      if (field !== undefined && !text.startsWith('//', at + field.length + 1)) {
        const read = readField(text, at, field);
        tokens.push(read);
        at = read.end;
      } else {
        const word = readValue(text, at, BARE_END);
        at = word.end;
        tokens.push(toWord(word, start));
      }
    }
  }
  return tokens;
}

function toWord(word: { text: string; quoted: boolean; end: number }, start: number): FilterToken {
  if (!word.quoted && word.text === 'OR') return { kind: 'or', start, end: word.end };
  if (!word.quoted && word.text === 'NOT') return { kind: 'not', start, end: word.end };
  return { kind: 'word', text: word.text, start, end: word.end };
}

function readField(text: string, start: number, field: string): FilterToken & { kind: 'field' } {
  let at = start + field.length + 1;
  const operator = (OPERATOR.exec(text.slice(at))?.[0] ?? '') as '' | '>' | '>=' | '<' | '<=' | '~';
  at += operator.length;
  const values: { text: string; quoted: boolean; start: number }[] = [];
  for (;;) {
    const value = readValue(text, at, /[\s(),]/);
    if (value.end === at) {
      throw new FilterSyntaxError(`${field}: needs a value, as in ${field}:something`, at);
    }
    values.push({ text: value.text, quoted: value.quoted, start: at });
    at = value.end;
    if (text.charAt(at) !== ',') break;
    at += 1;
  }
  return { kind: 'field', field, values, operator, start, end: at };
}

function readValue(text: string, start: number, end: RegExp): { text: string; quoted: boolean; end: number } {
  if (text.charAt(start) !== '"') {
    let at = start;
    while (at < text.length && !end.test(text.charAt(at))) at += 1;
    return { text: text.slice(start, at), quoted: false, end: at };
  }
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: value, quoted: true, end: at + 1 };
    if (char === '\\' && at + 1 < text.length) at += 1;
    value += text.charAt(at);
  }
  throw new FilterSyntaxError('a quote is opened here and never closed', start);
}
