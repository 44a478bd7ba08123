import { InvalidBody } from './decode-result.js';

// Strings up to this length are looked up before they are made: keys, model names, versions repeat in every span.
const MAX_INTERNED = 48;
const INTERN_SLOTS = 8192;

const TWO_32 = 4294967296;

// Shared by all bodies: memory is bounded by the slots, and an entry is only ever a string that some body held.
const interned: (string | undefined)[] = new Array<string | undefined>(INTERN_SLOTS).fill(undefined);

/**
 * Reads protobuf's wire format from one body. Every read is checked against the body's end; a read past it throws
 * `InvalidBody`. Protobuf encoding: https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  pos = 0;

  constructor(body: Uint8Array) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  }

  /** Field number and wire type as they stand on the wire: `field << 3 | type`. */
  tag(): number {
    const tag = this.varint();
    if (tag < 8 || tag >= TWO_32) throw new InvalidBody(`invalid field tag at byte ${this.pos}`);
    return tag;
  }

  /** An unsigned varint as a number: exact up to 2^53, which tags, lengths and enums never reach. */
  varint(): number {
    const { bytes } = this;
    let { pos } = this;
    let byte = bytes[pos++];
    if (byte === undefined) throw endOfBody();
    if (byte < 128) {
      this.pos = pos;
      return byte;
    }
    let value = byte & 127;
    let factor = 128;
    for (let i = 1; i < 10; i++) {
      byte = bytes[pos++];
      if (byte === undefined) throw endOfBody();
      value += (byte & 127) * factor;
      if (byte < 128) {
        this.pos = pos;
        return value;
      }
      factor *= 128;
    }
    throw new InvalidBody(`varint longer than 10 bytes at byte ${this.pos}`);
  }

  /** A signed 64-bit varint: a number when it is a safe integer, else its decimal digits. */
  int64(): number | string {
    const start = this.pos;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER && this.pos - start < 9) return value;
    let exact = 0n;
    for (let i = this.pos - 1; i >= start; i--) exact = (exact << 7n) | BigInt((this.bytes[i] ?? 0) & 127);
    const signed = BigInt.asIntN(64, exact);
    const asNumber = Number(signed);
    return Number.isSafeInteger(asNumber) ? asNumber : signed.toString();
  }

  fixed64(): bigint {
    if (this.pos + 8 > this.bytes.length) throw endOfBody();
    const value = this.view.getBigUint64(this.pos, true);
    this.pos += 8;
    return value;
  }

  double(): number {
    if (this.pos + 8 > this.bytes.length) throw endOfBody();
    const value = this.view.getFloat64(this.pos, true);
    this.pos += 8;
    return value;
  }

  /** Reads a length and gives the position where what follows ends, at most `limit`. */
  end(limit: number): number {
    const end = this.varint() + this.pos;
    if (end > limit)
      throw new InvalidBody(`field of ${end - this.pos} bytes at byte ${this.pos} is longer than what holds it`);
    return end;
  }

  /** Passes over a field that is not known. */
  skip(tag: number, limit: number): void {
    switch (tag & 7) {
      case 0:
        this.varint();
        return;
      case 1:
        this.pos += 8;
        break;
      case 2:
        this.pos = this.end(limit);
        return;
      case 5:
        this.pos += 4;
        break;
      default:
        throw new InvalidBody(`wire type ${tag & 7} at byte ${this.pos} cannot be read`);
    }
    if (this.pos > limit) throw endOfBody();
  }

  /** UTF-8 text from here to `end`. */
  text(end: number): string {
    const start = this.pos;
    this.pos = end;
    const length = end - start;
    if (length > MAX_INTERNED) return this.bytes.toString('utf8', start, end);
    if (length === 0) return '';
    return this.#short(start, end);
  }

  /** Lower-case hex of the bytes from here to `end`. */
  hex(end: number): string {
    const start = this.pos;
    this.pos = end;
    // An id is 8 or 16 bytes; anything longer is wrong whatever it holds.
    return this.bytes.toString('hex', start, Math.min(end, start + 17));
  }

  base64(end: number): string {
    const start = this.pos;
    this.pos = end;
    return this.bytes.toString('base64', start, end);
  }

  #short(start: number, end: number): string {
    const { bytes } = this;
    let hash = end - start;
    let high = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      hash = (Math.imul(hash, 31) + byte) | 0;
      high |= byte;
    }
    if (high > 127) return bytes.toString('utf8', start, end);
    const slot = (hash ^ (hash >>> 13)) & (INTERN_SLOTS - 1);
    const known = interned[slot];
    if (known !== undefined && sameAscii(known, bytes, start, end)) return known;
    const fresh = bytes.toString('latin1', start, end);
    interned[slot] = fresh;
    return fresh;
  }
}

function sameAscii(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = start; i < end; i++) {
    if (text.charCodeAt(i - start) !== bytes[i]) return false;
  }
  return true;
}

function endOfBody(): InvalidBody {
  return new InvalidBody('the body ends in the middle of a field');
}
