/** Strings up to this length are copied in a loop: for short ones that beats the call into native code. */
const LOOP_CHARS = 48;
const TWO_32 = 2 ** 32;

/**
 * Writes the protobuf wire format into a growing buffer. A message's length is known when it ends: `open` leaves room for
 * it and `close` moves the content when the guess was wrong.
 */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #position = 0;

  /** What was written so far, as a copy; the writer is empty afterwards. */
  take(): Buffer {
    const bytes = Buffer.from(this.#buffer.subarray(0, this.#position));
    this.#position = 0;
    return bytes;
  }

  /** Starts a length-delimited field; `tag` is `field << 3 | 2`. Returns what {@link ProtobufWriter.close} needs. */
  open(tag: number, lengthBytes: number): number {
    this.#reserve(16);
    this.#varint(tag);
    this.#position += lengthBytes;
    return this.#position;
  }

  close(start: number, lengthBytes: number): void {
    const length = this.#position - start;
    const needed = varintBytes(length);
    if (needed !== lengthBytes) {
      this.#reserve(8);
      this.#buffer.copyWithin(start - lengthBytes + needed, start, this.#position);
    }
    this.#position = start - lengthBytes;
    this.#varint(length);
    this.#position += length;
  }

  string(tag: number, text: string): void {
    const { length } = text;
    this.#reserve(length * 3 + 16);
    this.#varint(tag);
    if (length <= LOOP_CHARS && this.#ascii(text)) return;
    const lengthBytes = varintBytes(length);
    const start = this.#position + lengthBytes;
    this.#position = start + this.#buffer.write(text, start);
    this.close(start, lengthBytes);
  }

  bytes(tag: number, content: Uint8Array): void {
    this.#reserve(content.length + 16);
    this.#varint(tag);
    this.#varint(content.length);
    this.#buffer.set(content, this.#position);
    this.#position += content.length;
  }

  /** Bytes that already are wire format. */
  raw(content: Uint8Array): void {
    this.#reserve(content.length);
    this.#buffer.set(content, this.#position);
    this.#position += content.length;
  }

  /** An id in hex as bytes. */
  hex(tag: number, digits: string): void {
    const length = digits.length >>> 1;
    this.#reserve(length + 16);
    this.#varint(tag);
    this.#varint(length);
    for (let i = 0; i < digits.length; i += 2) {
      const high = hexValue(digits.charCodeAt(i));
      this.#buffer[this.#position] = (high << 4) | hexValue(digits.charCodeAt(i + 1));
      this.#position += 1;
    }
  }

  /** A non-negative safe integer; the two's complement of a negative one. */
  varint(tag: number, value: number): void {
    this.#reserve(24);
    this.#varint(tag);
    if (value >= 0) this.#varint(value);
    else this.#negative(value);
  }

  double(tag: number, value: number): void {
    this.#reserve(24);
    this.#varint(tag);
    this.#position = this.#buffer.writeDoubleLE(value, this.#position);
  }

  /** The numbers of a packed field of doubles; no field is written for none. */
  doubles(tag: number, values: readonly number[]): void {
    if (values.length === 0) return;
    this.#packed(tag, values.length);
    for (const value of values) this.#position = this.#buffer.writeDoubleLE(value, this.#position);
  }

  /** A non-negative safe integer in eight bytes. */
  fixed64(tag: number, value: number): void {
    this.#reserve(24);
    this.#varint(tag);
    this.#eight(value);
  }

  /** The same for the numbers of a packed field; no field is written for none. */
  fixed64s(tag: number, values: readonly number[]): void {
    if (values.length === 0) return;
    this.#packed(tag, values.length);
    for (const value of values) this.#eight(value);
  }

  fixed32(tag: number, value: number): void {
    this.#reserve(24);
    this.#varint(tag);
    this.#position = this.#buffer.writeUInt32LE(value, this.#position);
  }

  /** Milliseconds since the epoch as nanoseconds in fixed64, exact to the microsecond. */
  unixNano(tag: number, unixMs: number): void {
    this.#reserve(24);
    this.#varint(tag);
    // 64 bits in two halves: the product with 1000 passes what a double holds exactly.
    const micros = Math.round(unixMs * 1000);
    const high = Math.floor(micros / TWO_32);
    const low = (micros - high * TWO_32) * 1000;
    const carry = Math.floor(low / TWO_32);
    this.#position = this.#buffer.writeUInt32LE(low - carry * TWO_32, this.#position);
    this.#position = this.#buffer.writeUInt32LE((high * 1000 + carry) % TWO_32, this.#position);
  }

  #packed(tag: number, count: number): void {
    this.#reserve(count * 8 + 16);
    this.#varint(tag);
    this.#varint(count * 8);
  }

  #eight(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#position = this.#buffer.writeUInt32LE(value - high * TWO_32, this.#position);
    this.#position = this.#buffer.writeUInt32LE(high, this.#position);
  }

  #ascii(text: string): boolean {
    const { length } = text;
    const buffer = this.#buffer;
    const start = this.#position + 1;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      buffer[start + i] = code;
    }
    buffer[this.#position] = length;
    this.#position = start + length;
    return true;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#buffer[this.#position] = (rest % 128) | 128;
      this.#position += 1;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#position] = rest;
    this.#position += 1;
  }

  #negative(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.#buffer[this.#position] = Number(rest & 127n) | 128;
      this.#position += 1;
      rest >>= 7n;
    }
    this.#buffer[this.#position] = Number(rest);
    this.#position += 1;
  }

  #reserve(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#position + bytes));
    grown.set(this.#buffer.subarray(0, this.#position));
    this.#buffer = grown;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

function hexValue(code: number): number {
  return code <= 57 ? code - 48 : code - 87;
}
