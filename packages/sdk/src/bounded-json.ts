import { bigintText, cutText } from './text.js';

/** Depth past which a value is replaced by a placeholder: deeper structures are accidents (a DOM, an ORM, a socket). */
const MAX_DEPTH = 24;
/** Values visited before giving up: bounds the time where values are tiny. */
const MAX_NODES = 20_000;
/** Kept back for the brackets that close what was opened, and for placeholders. */
const RESERVE_BYTES = 512;

const MAX_PLAIN_CHARS = 200;
/** Printable ASCII without the two characters that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * JSON text of anything, at most `maxBytes` of UTF-8, always valid JSON and `''` for `undefined`. Reads the value once, at the
 * time of the call, and never changes it; never throws. What does not fit or cannot be read leaves a placeholder in brackets.
 */
export function boundedJson(value: unknown, maxBytes: number): string {
  if (value === undefined) return '';
  return new BoundedWriter(maxBytes - RESERVE_BYTES).text(value);
}

class BoundedWriter {
  #left: number;
  #nodes = 0;
  #open: object[] = [];

  constructor(budgetBytes: number) {
    this.#left = budgetBytes;
  }

  text(value: unknown): string {
    try {
      return this.#value(value) ?? 'null';
    } catch {
      return '"[unreadable]"';
    }
  }

  /** `undefined` for what JSON leaves out. */
  #value(value: unknown): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return this.#spend(Number.isFinite(value) ? String(value) : `"${value}"`);
      case 'boolean':
        return this.#spend(value ? 'true' : 'false');
      case 'bigint':
        return this.#spend(`"${bigintText(value)}"`);
      case 'object':
        return value === null ? this.#spend('null') : this.#object(value);
      default:
        return undefined;
    }
  }

  #spend(text: string): string {
    this.#left -= text.length;
    return text;
  }

  #string(value: string): string {
    // Nearly all keys and most values: a byte a character and nothing to escape.
    if (value.length <= MAX_PLAIN_CHARS && value.length < this.#left && PLAIN.test(value)) {
      this.#left -= value.length + 2;
      return `"${value}"`;
    }
    // Cut before anything walks the string: a character is at least a byte.
    let json = JSON.stringify(cutText(value, Math.max(this.#left, 1)));
    let bytes = Buffer.byteLength(json);
    if (bytes > this.#left) {
      const fits = Math.max(Math.floor(Math.min(value.length, this.#left) * (this.#left / bytes)), 1);
      json = JSON.stringify(cutText(value, fits));
      bytes = Buffer.byteLength(json);
      // Escapes may all sit at the front: then the estimate is wrong and a sixth is certain to fit.
      if (bytes > this.#left + 16) {
        json = JSON.stringify(cutText(value, Math.max(Math.floor(this.#left / 6), 1)));
        bytes = Buffer.byteLength(json);
      }
    }
    this.#left -= bytes;
    return json;
  }

  #object(value: object): string | undefined {
    if (this.#open.includes(value)) return this.#spend('"[circular]"');
    if (this.#open.length >= MAX_DEPTH) return this.#spend('"[too deep]"');
    this.#open.push(value);
    try {
      return this.#openObject(value);
    } catch {
      return this.#spend('"[unreadable]"');
    } finally {
      this.#open.pop();
    }
  }

  #openObject(value: object): string | undefined {
    if (Array.isArray(value)) return this.#list(value);
    if (ArrayBuffer.isView(value)) return this.#spend(`"[${value.byteLength} bytes]"`);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#value(toJSON.call(value));
    if (value instanceof Error) return this.#entries(value, { name: '', message: '', ...(value as object) });
    if (value instanceof Map || value instanceof Set) return this.#list(value);
    return this.#entries(value, value);
  }

  #list(values: Iterable<unknown>): string {
    let json = '[';
    this.#left -= 2;
    for (const value of values) {
      if (json.length > 1) json += ',';
      if (this.#isSpent()) return `${json}"[cut]"]`;
      json += this.#value(value) ?? 'null';
      this.#left -= 1;
    }
    return `${json}]`;
  }

  /** The own members of `value` that `named` has. */
  #entries(value: object, named: object): string {
    let json = '{';
    this.#left -= 2;
    // Not Object.keys: of an object with very many members that would list all to read a few.
    for (const key in named) {
      if (!Object.hasOwn(named, key)) continue;
      if (this.#isSpent()) return `${json}${json.length > 1 ? ',' : ''}"[cut]":true}`;
      const member = this.#member(value, key);
      if (member === undefined) continue;
      if (json.length > 1) json += ',';
      json += `${this.#string(key)}:${member}`;
      this.#left -= 2;
    }
    return `${json}}`;
  }

  #member(value: object, key: string): string | undefined {
    try {
      return this.#value((value as { readonly [key: string]: unknown })[key]);
    } catch {
      return this.#spend('"[unreadable]"');
    }
  }

  #isSpent(): boolean {
    this.#nodes += 1;
    return this.#left <= 0 || this.#nodes > MAX_NODES;
  }
}
