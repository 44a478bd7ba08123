import type { AttributeValue } from '@vedetta/model';
import { withoutHalfWord } from '@vedetta/model';
import { classifyKey } from '../limit/content-key.js';
import type { AttributeBag } from './attribute-bag.js';
import { createBag } from './attribute-bag.js';
import { InvalidBody } from './decode-result.js';
import type { SpanCollector } from './span-collector.js';
import type { WireReader } from './wire-reader.js';

/** Members of arrays and maps that may still be read for one span. */
export interface NodeBudget {
  left: number;
}

/** Reads OTLP's `KeyValue` and `AnyValue` messages from protobuf, within the collector's limits. */
export class ProtobufValues {
  readonly #reader: WireReader;
  readonly #collector: SpanCollector;
  readonly #budget: NodeBudget = { left: 0 };

  constructor(reader: WireReader, collector: SpanCollector) {
    this.#reader = reader;
    this.#collector = collector;
    this.refill();
  }

  /** To be called at the start of each span or resource: the budget of members is for one of them. */
  refill(): void {
    this.#budget.left = this.#collector.limits.maxValueNodes;
  }

  /** Text from here to `end`, cut before a word when it is longer than `maxBytes`: secrets are masked later, and half of one could not be. */
  text(end: number, maxBytes: number): string {
    const reader = this.#reader;
    const limit = reader.pos + maxBytes;
    if (end <= limit) return reader.text(end);
    let cut = limit;
    while (cut > reader.pos && ((reader.bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
    const text = withoutHalfWord(reader.text(cut));
    reader.pos = end;
    this.#collector.truncate();
    return text;
  }

  /** Reads one `KeyValue` that ends at `end` into `bag`; what is over the limit of attributes is passed over. */
  keyValue(end: number, bag: AttributeBag, count: number, depth = 0): void {
    const reader = this.#reader;
    const { limits } = this.#collector;
    if (count >= limits.maxAttributes || (depth > 0 && --this.#budget.left < 0)) {
      reader.pos = end;
      this.#collector.truncate();
      return;
    }
    let key: string | undefined;
    let value: AttributeValue = null;
    let deferredStart = -1;
    let deferredEnd = -1;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 10) key = this.text(reader.end(end), limits.maxNameBytes);
      else if (tag === 18) {
        const stop = reader.end(end);
        if (key === undefined) {
          // The key decides how long the value may be, and an encoder may write it last.
          deferredStart = reader.pos;
          deferredEnd = stop;
          reader.pos = stop;
        } else value = this.anyValue(stop, key, depth);
      } else reader.skip(tag, end);
    }
    key ??= '';
    if (deferredStart >= 0) {
      const resume = reader.pos;
      reader.pos = deferredStart;
      value = this.anyValue(deferredEnd, key, depth);
      reader.pos = resume;
    }
    bag[key] = value;
  }

  /** Reads one `AnyValue` that ends at `end`. */
  anyValue(end: number, key: string, depth: number): AttributeValue {
    const reader = this.#reader;
    let value: AttributeValue = null;
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case 10:
          value = this.#string(reader.end(end), key);
          break;
        case 16:
          value = reader.varint() !== 0;
          break;
        case 24:
          value = reader.int64();
          break;
        case 33:
          value = finite(reader.double());
          break;
        case 42:
          value = this.#array(reader.end(end), key, depth + 1);
          break;
        case 50:
          value = this.#map(reader.end(end), depth + 1);
          break;
        case 58:
          value = this.#bytes(reader.end(end), key);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    if (reader.pos !== end) throw new InvalidBody('a value is longer than what holds it');
    return value;
  }

  #string(end: number, key: string): string {
    const { limits } = this.#collector;
    // Most values are short: only a long one is worth asking what its key means.
    if (end - this.#reader.pos <= limits.maxValueBytes) return this.#reader.text(end);
    return this.text(end, classifyKey(key) === 'content' ? limits.maxContentBytes : limits.maxValueBytes);
  }

  #bytes(end: number, key: string): string {
    const reader = this.#reader;
    const { limits } = this.#collector;
    const max = classifyKey(key) === 'content' ? limits.maxContentBytes : limits.maxValueBytes;
    if (end - reader.pos <= max) return reader.base64(end);
    const text = reader.base64(reader.pos + max - (max % 3));
    reader.pos = end;
    this.#collector.truncate();
    return text;
  }

  #array(end: number, key: string, depth: number): AttributeValue {
    this.#checkDepth(depth);
    const reader = this.#reader;
    const values: AttributeValue[] = [];
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag !== 10) {
        reader.skip(tag, end);
        continue;
      }
      const stop = reader.end(end);
      if (--this.#budget.left < 0) {
        reader.pos = stop;
        this.#collector.truncate();
      } else values.push(this.anyValue(stop, key, depth));
    }
    return values;
  }

  #map(end: number, depth: number): AttributeValue {
    this.#checkDepth(depth);
    const reader = this.#reader;
    const bag = createBag();
    let count = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 10) this.keyValue(reader.end(end), bag, count++, depth);
      else reader.skip(tag, end);
    }
    return bag;
  }

  #checkDepth(depth: number): void {
    const { maxDepth } = this.#collector.limits;
    if (depth > maxDepth) throw new InvalidBody(`attribute nested deeper than ${maxDepth} levels`);
  }
}

/** Numbers that JSON cannot say become their proto3 JSON names. */
export function finite(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
