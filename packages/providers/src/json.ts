import type { AttributeValue } from '@vedetta/model';

/** An object out of JSON that nobody has checked. Only names written in this package are ever looked up in it. */
export type Json = { readonly [name: string]: unknown };

// Names, ids and error types: far longer than any real one, far shorter than an attack.
const MAX_NAME = 500;
// Values kept as they came (tool schemas, tool results): deeper or larger ones are cut, so that whoever writes them out again
// neither exhausts the stack nor walks for long.
const MAX_DEPTH = 32;
const MAX_NODES = 20_000;
// Data in base64 has no white space and is long; shorter text is kept whatever it is.
const MIN_DATA_LENGTH = 1024;
const BASE64_START = /^[A-Za-z0-9+/_-]{256}/;
const DATA_URL_START = /^data:[^,]{0,100};base64,/i;

const NOTHING: Json = Object.freeze({ __proto__: null as never });
const EMPTY: readonly unknown[] = Object.freeze([]);

/** The value when it is an object that is no list, else `undefined`. */
export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The value when it is an object, else one without members. */
export function objectOrNothing(value: unknown): Json {
  return asObject(value) ?? NOTHING;
}

/** The value when it is a list, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : EMPTY;
}

/** Text that says something, else `undefined`. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A name or an id: short text; a number counts. */
export function asName(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return asText(value)?.slice(0, MAX_NAME);
}

/** A finite number, else `undefined`. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An amount: a number from 0; anything else is unknown. */
export function asAmount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** A count: a whole number from 0; anything else is unknown. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : undefined;
}

/** Bytes behind base64 text. */
export function base64Size(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}

/** A JSON value as an attribute: a copy of bounded depth and size, with base64 data replaced by its size. */
export function keepValue(value: unknown): AttributeValue {
  return keep(value, 0, { left: MAX_NODES });
}

function keep(value: unknown, depth: number, nodes: { left: number }): AttributeValue {
  if (typeof value === 'string') return keepString(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  if (--nodes.left < 0 || depth >= MAX_DEPTH) return '[cut]';
  if (ArrayBuffer.isView(value)) return `[data: ${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const list: AttributeValue[] = [];
    for (const item of value) {
      if (nodes.left <= 0) break;
      list.push(keep(item, depth + 1, nodes));
      nodes.left--;
    }
    return list;
  }
  // Names come from outside: `__proto__` is a name like any other.
  const kept: { [name: string]: AttributeValue } = Object.create(null);
  for (const name of Object.keys(value)) {
    if (nodes.left <= 0) break;
    kept[name] = keep((value as Json)[name], depth + 1, nodes);
    nodes.left--;
  }
  return kept;
}

function keepString(text: string): string {
  if (text.length < MIN_DATA_LENGTH) return text;
  return DATA_URL_START.test(text) || BASE64_START.test(text) ? `[data: ${base64Size(text)} bytes]` : text;
}
