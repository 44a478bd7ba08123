import { types } from 'node:util';
import { forgetNames, ownNames } from './own-names.js';
import { bigintText, cutText, isOverlong } from './text.js';

/** Depth past which a value is replaced by a placeholder: deeper structures are accidents (a DOM, an ORM, a socket). */
const MAX_DEPTH = 24;
/** Values visited before giving up: bounds the time where values are tiny. */
const MAX_NODES = 20_000;
/**
 * Time after which the rest is left out: getters and Proxies are code of the application, and each may take its time. One longer
 * pause is forgiven: it is the machine's or the garbage collector's, and no reason to lose data.
 */
const MAX_MS = 4;
/** Values between two looks at the clock. */
const CLOCK_NODES = 8;
/** The longest secret that is sure to be seen whole: a private key of 16,384 bits as PEM has 12,700 characters. */
const MAX_SECRET_CHARS = 16 * 1024;
/** Characters given to `redact` in all, as a multiple of the limit: many texts that shrink to nothing must end as well. */
const MAX_REDACTED = 8;
/** Kept back for the brackets that close what was opened, and for placeholders. */
const RESERVE_BYTES = 512;

const MAX_PLAIN_CHARS = 200;
/** Printable ASCII without the two characters that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What else a text is made with. */
export interface BoundedJsonOptions {
  /** Applied to every text but those of members named `role` and `type`, before it is cut. What it throws is thrown on. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

const systemClock = () => performance.now();

/**
 * JSON text of anything, at most `maxBytes` of UTF-8, always valid JSON and `''` for `undefined`. Reads the value once, at the
 * time of the call, and never changes it; throws nothing but what `redact` throws. What does not fit, takes too long or cannot be
 * read leaves a placeholder in brackets.
 */
export function boundedJson(value: unknown, maxBytes: number, options: BoundedJsonOptions = {}): string {
  if (value === undefined) return '';
  const writer = new BoundedWriter(maxBytes - RESERVE_BYTES, options);
  const json = writer.text(value);
  if (writer.failure !== undefined) throw writer.failure.error;
  return json;
}

class BoundedWriter {
  #left: number;
  #nodes = 0;
  #open: object[] = [];
  /** Set by the first failure of `redact`, which is not one of the value and must not end as a placeholder. */
  failure: { readonly error: unknown } | undefined;
  readonly #redact: BoundedJsonOptions['redact'];
  readonly #now: () => number;
  #redactable: number;
  #deadlineMs: number;
  #lastLookMs: number;
  #mayPause = true;

  constructor(budgetBytes: number, options: BoundedJsonOptions) {
    this.#left = budgetBytes;
    this.#redact = options.redact;
    this.#redactable = budgetBytes * MAX_REDACTED;
    this.#now = options.now ?? systemClock;
    this.#lastLookMs = this.#now();
    this.#deadlineMs = this.#lastLookMs + MAX_MS;
  }

  text(value: unknown): string {
    try {
      return this.#value(value) ?? 'null';
    } catch {
      return '"[unreadable]"';
    }
  }

  /** `undefined` for what JSON leaves out. */
  #value(value: unknown, name = ''): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.#redact === undefined || isKeyword(name) ? this.#string(value) : this.#redacted(value);
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

  /** A text without its secrets: they go before it is cut, because half a secret looks like none. */
  #redacted(text: string): string {
    const window = Math.max(this.#left, 1) + MAX_SECRET_CHARS;
    if (text.length <= window) return this.#string(this.#applyRedact(text));
    if (isOverlong(text)) return this.#string(text);
    const redacted = this.#applyRedact(text.slice(0, window));
    // The window may have cut a secret in half: no text so close to its end is kept.
    return this.#string(`${redacted.slice(0, Math.max(redacted.length - MAX_SECRET_CHARS, 0))}…`);
  }

  #applyRedact(text: string): string {
    this.#redactable -= text.length;
    if (this.failure !== undefined || this.#redact === undefined || this.#redactable < 0) return '[cut]';
    try {
      return String(this.#redact(text));
    } catch (error) {
      this.failure = { error };
      return '';
    }
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
    if (value instanceof Map || value instanceof Set) return this.#list(value);
    // As JSON has them; a string object has a member for each character.
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return this.#value(value.valueOf());
    }
    return this.#entries(value);
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

  /** The own enumerable members; of an error, its name and message before them. */
  #entries(value: object): string {
    let json = '{';
    this.#left -= 2;
    const isProxy = types.isProxy(value);
    const listed = ownNames(value, isProxy);
    const names = value instanceof Error ? new Set(['name', 'message', ...listed]) : listed;
    let gone = 0;
    for (const name of names) {
      if (this.#isSpent()) {
        json += `${json.length > 1 ? ',' : ''}"[cut]":true`;
        break;
      }
      const member = this.#member(value, name, isProxy);
      if (member === undefined) {
        gone += 1;
        continue;
      }
      if (json.length > 1) json += ',';
      json += `${this.#string(name)}:${member}`;
      this.#left -= 2;
    }
    // An object that lost most of its members has others by now.
    if (gone > listed.length / 2) forgetNames(value);
    return `${json}}`;
  }

  #member(value: object, name: string, isProxy: boolean): string | undefined {
    try {
      if (isProxy && !Object.prototype.propertyIsEnumerable.call(value, name)) return undefined;
      return this.#value((value as { readonly [name: string]: unknown })[name], name);
    } catch {
      return this.#spend('"[unreadable]"');
    }
  }

  #isSpent(): boolean {
    this.#nodes += 1;
    if (this.#left <= 0 || this.#nodes > MAX_NODES || this.failure !== undefined) return true;
    if (this.#nodes % CLOCK_NODES !== 0 || !this.#isLate()) return false;
    // Nothing more, at any depth.
    this.#nodes = MAX_NODES;
    return true;
  }

  #isLate(): boolean {
    const nowMs = this.#now();
    const pauseMs = nowMs - this.#lastLookMs;
    this.#lastLookMs = nowMs;
    if (nowMs < this.#deadlineMs) return false;
    if (!this.#mayPause || pauseMs <= MAX_MS) return true;
    this.#mayPause = false;
    this.#deadlineMs = nowMs + MAX_MS;
    return false;
  }
}

/** Members whose text says what the others are. */
function isKeyword(name: string): boolean {
  return name === 'role' || name === 'type';
}
