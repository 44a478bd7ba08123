/** Appends bits, most significant first, to a buffer that grows. */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  /** Bits that make no whole byte yet, in the lowest positions. */
  #pending = 0;
  #pendingBits = 0;

  constructor(capacityBytes = 64) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  /** The lowest `bits` of `value`; 0 to 32 bits. Higher bits of `value` are ignored. */
  write(value: number, bits: number): void {
    let left = bits;
    while (left > 0) {
      const room = 8 - this.#pendingBits;
      const take = Math.min(left, room);
      left -= take;
      this.#pending = (this.#pending << take) | ((value >>> left) & ((1 << take) - 1));
      this.#pendingBits += take;
      if (this.#pendingBits === 8) this.#flush();
    }
  }

  /** Bytes written so far, the last one filled up with zero bits. */
  get byteLength(): number {
    return this.#length + (this.#pendingBits > 0 ? 1 : 0);
  }

  /** A copy of what was written, the last byte filled up with zero bits. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    bytes.set(this.#bytes.subarray(0, this.#length));
    if (this.#pendingBits > 0) bytes[this.#length] = this.#pending << (8 - this.#pendingBits);
    return bytes;
  }

  #flush(): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length] = this.#pending;
    this.#length += 1;
    this.#pending = 0;
    this.#pendingBits = 0;
  }
}

/** Reads what a {@link BitWriter} wrote. Past the end it reads zeros: callers know how much there is. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** 0 to 32 bits as an unsigned number. */
  read(bits: number): number {
    let value = 0;
    let left = bits;
    while (left > 0) {
      const room = 8 - this.#bit;
      const take = Math.min(left, room);
      const byte = this.#bytes[this.#at] ?? 0;
      value = (value << take) | ((byte >>> (room - take)) & ((1 << take) - 1));
      left -= take;
      this.#bit += take;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.#at += 1;
      }
    }
    return value >>> 0;
  }

  bit(): number {
    const bit = ((this.#bytes[this.#at] ?? 0) >>> (7 - this.#bit)) & 1;
    this.#bit += 1;
    if (this.#bit === 8) {
      this.#bit = 0;
      this.#at += 1;
    }
    return bit;
  }

  /** True once more was read than there was. */
  get overrun(): boolean {
    return this.#at > this.#bytes.length || (this.#at === this.#bytes.length && this.#bit > 0);
  }
}
