const FIRST_BYTES = 64;
const FLOAT = new DataView(new ArrayBuffer(8));

/** Bits one behind the other, most significant first; what `BitWindow` reads. */
export class BitWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  /** Whole bytes, by fours. */
  #length = 0;
  /** Up to 31 bits that are not among them yet, in the lowest positions. */
  #pending = 0;
  #pendingBits = 0;

  /** Memory that is taken. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Bytes of what was written, the last one filled up with zeros. */
  get length(): number {
    return this.#length + ((this.#pendingBits + 7) >>> 3);
  }

  /** The lowest 1 to 32 bits of a number. */
  write(value: number, bits: number): void {
    const room = 32 - this.#pendingBits;
    const low = bits === 32 ? value : value & ((1 << bits) - 1);
    if (bits < room) {
      this.#pending = (this.#pending << bits) | low;
      this.#pendingBits += bits;
      return;
    }
    const rest = bits - room;
    if (this.#length + 4 > this.#bytes.length) this.#grow();
    this.#view.setInt32(this.#length, room === 32 ? low : (this.#pending << room) | (low >>> rest));
    this.#length += 4;
    this.#pending = rest === 0 ? 0 : low & ((1 << rest) - 1);
    this.#pendingBits = rest;
  }

  /** All bits of a number. */
  writeFloat(value: number): void {
    FLOAT.setFloat64(0, value);
    this.write(FLOAT.getInt32(0), 32);
    this.write(FLOAT.getInt32(4), 32);
  }

  /** A whole number from 0 to below 2^32 in groups of seven bits, each after a bit that says whether another follows. */
  writeVarint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.write(0x80 | (rest & 0x7f), 8);
      rest = Math.floor(rest / 128);
    }
    this.write(rest, 8);
  }

  copyTo(to: Uint8Array, at: number): void {
    to.set(this.#bytes.subarray(0, this.#length), at);
    const tail = this.#pendingBits === 0 ? 0 : this.#pending << (32 - this.#pendingBits);
    for (let i = 0; i * 8 < this.#pendingBits; i += 1) to[at + this.#length + i] = tail >>> (24 - i * 8);
  }

  /** As before anything was written; the memory stays. */
  clear(): void {
    this.#length = 0;
    this.#pending = 0;
    this.#pendingBits = 0;
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
