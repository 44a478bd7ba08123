import type { AttributeValue } from '@vedetta/model';
import { withoutHalfWord } from '@vedetta/model';
import { classifyKey } from '../limit/content-key.js';
import type { AttributeBag } from './attribute-bag.js';
import { createBag } from './attribute-bag.js';
import { InvalidBody } from './decode-result.js';
import { finite } from './protobuf-values.js';
import type { SpanCollector } from './span-collector.js';

const SURROGATE = /[\ud800-\udfff]/;
const DECIMAL = /^-?\d{1,20}$/;

/** A JSON object whose members are not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** Reads OTLP/JSON's attributes within the collector's limits. */
export class JsonValues {
  readonly #collector: SpanCollector;
  #budget = 0;

  constructor(collector: SpanCollector) {
    this.#collector = collector;
    this.refill();
  }

  /** To be called at the start of each span or resource: the budget of members is for one of them. */
  refill(): void {
    this.#budget = this.#collector.limits.maxValueNodes;
  }

  attributes(list: unknown, at: string, depth = 0): AttributeBag {
    const bag = createBag();
    const { limits } = this.#collector;
    let count = 0;
    for (const entry of asArray(list, at)) {
      const pair = asObject(entry, at);
      if (count++ >= limits.maxAttributes || (depth > 0 && --this.#budget < 0)) {
        this.#collector.truncate();
        continue;
      }
      const key = this.text(pair.key, limits.maxNameBytes, `${at}.key`);
      bag[key] = this.#anyValue(pair.value, key, depth, at);
    }
    return bag;
  }

  /** A string member, `''` when absent, cut before a word when it is longer than `maxBytes` in UTF-8. */
  text(value: unknown, maxBytes: number, at: string): string {
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw new InvalidBody(`${at} must be a string`);
    // One UTF-16 unit is at most three bytes.
    if (value.length * 3 <= maxBytes || Buffer.byteLength(value) <= maxBytes) return wellFormed(value);
    this.#collector.truncate();
    const bytes = Buffer.from(value.slice(0, maxBytes));
    let cut = Math.min(maxBytes, bytes.length);
    while (cut > 0 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
    return withoutHalfWord(bytes.toString('utf8', 0, cut));
  }

  #anyValue(value: unknown, key: string, depth: number, at: string): AttributeValue {
    if (value === undefined || value === null) return null;
    const any = asObject(value, `${at} "${key.slice(0, 80)}"`);
    if (any.stringValue !== undefined) return this.#content(any.stringValue, key, at);
    if (any.boolValue !== undefined) return any.boolValue === true || any.boolValue === 'true';
    if (any.intValue !== undefined) return toInt64(any.intValue, at);
    if (any.doubleValue !== undefined) return toDouble(any.doubleValue, at);
    if (any.bytesValue !== undefined) return this.#content(any.bytesValue, key, at);
    if (any.arrayValue !== undefined) return this.#array(any.arrayValue, key, this.#deeper(depth), at);
    if (any.kvlistValue !== undefined) {
      const { values } = asObject(any.kvlistValue ?? {}, at);
      return this.attributes(values, at, this.#deeper(depth));
    }
    return null;
  }

  #array(value: unknown, key: string, depth: number, at: string): AttributeValue {
    const members: AttributeValue[] = [];
    for (const member of asArray(asObject(value ?? {}, at).values, at)) {
      if (--this.#budget < 0) this.#collector.truncate();
      else members.push(this.#anyValue(member, key, depth, at));
    }
    return members;
  }

  #content(value: unknown, key: string, at: string): string {
    const { limits } = this.#collector;
    if (typeof value === 'string' && value.length * 3 <= limits.maxValueBytes) return wellFormed(value);
    return this.text(value, classifyKey(key) === 'content' ? limits.maxContentBytes : limits.maxValueBytes, at);
  }

  #deeper(depth: number): number {
    const { maxDepth } = this.#collector.limits;
    if (depth + 1 > maxDepth) throw new InvalidBody(`attribute nested deeper than ${maxDepth} levels`);
    return depth + 1;
  }
}

/** An array member; absent and null are empty. */
export function asArray(value: unknown, at: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new InvalidBody(`${at} must be an array`);
  return value;
}

/** An object member. */
export function asObject(value: unknown, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidBody(`${at} must be an object`);
  }
  return value as JsonObject;
}

/** JSON can escape half of a surrogate pair, which is no text: it becomes U+FFFD, as in protobuf. */
function wellFormed(text: string): string {
  return SURROGATE.test(text) ? Buffer.from(text).toString('utf8') : text;
}

function toInt64(value: unknown, at: string): number | string {
  if (typeof value === 'number' && Number.isInteger(value))
    return Number.isSafeInteger(value) ? value : String(BigInt(value));
  if (typeof value === 'string' && DECIMAL.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt.asIntN(64, BigInt(value)).toString();
  }
  throw new InvalidBody(`${at}: intValue must be a whole number or its decimal digits`);
}

function toDouble(value: unknown, at: string): number | string {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return finite(Number(value));
  throw new InvalidBody(`${at}: doubleValue must be a number`);
}
