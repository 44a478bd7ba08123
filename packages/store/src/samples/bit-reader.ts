/** Reads bits, most significant first. Past the end it reads zeros: callers know how much there is. */
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
