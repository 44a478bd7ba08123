const FIRST_BYTES = 64;
const FLOAT = new DataView(new ArrayBuffer(8));

/** Bits one behind the other, most significant first; what `BitReader` reads. */
export class BitWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  /** Whole bytes. */
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** Memory that is taken. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Bytes of what was written, the last one filled up with zeros. */
  get length(): number {
    return this.#length + (this.#pendingBits > 0 ? 1 : 0);
  }

  /** The lowest 0 to 32 bits of a number. */
  write(value: number, bits: number): void {
    let left = bits;
    while (left > 0) {
      const take = Math.min(left, 8 - this.#pendingBits);
      left -= take;
      this.#pending = (this.#pending << take) | ((value >>> left) & ((1 << take) - 1));
      this.#pendingBits += take;
      if (this.#pendingBits === 8) this.#flush();
    }
  }

  /** All bits of a number. */
  writeFloat(value: number): void {
    FLOAT.setFloat64(0, value);
    this.write(FLOAT.getUint32(0), 32);
    this.write(FLOAT.getUint32(4), 32);
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
    if (this.#pendingBits > 0) to[at + this.#length] = this.#pending << (8 - this.#pendingBits);
  }

  /** As before anything was written; the memory stays. */
  clear(): void {
    this.#length = 0;
    this.#pending = 0;
    this.#pendingBits = 0;
  }

  #flush(): void {
    if (this.#length === this.#bytes.length) {
      const bytes = new Uint8Array(this.#bytes.length * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes[this.#length++] = this.#pending;
    this.#pending = 0;
    this.#pendingBits = 0;
  }
}
