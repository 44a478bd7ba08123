import { SampleChunkError } from '../sample-chunk.js';

const FLOAT = new DataView(new ArrayBuffer(8));

/** Reads what `BitWriter` wrote, by windows of 32 bits. Past the end it reads zeros: see {@link overrun}. */
export class BitWindow {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** In bits. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True once more was read than there was. */
  get overrun(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  /** The next 32 bits as a signed number; they stay unread. */
  peek(): number {
    const byte = this.#at >>> 3;
    const bit = this.#at & 7;
    if (byte + 5 > this.#bytes.length) return this.#peekAtEnd(byte, bit);
    const word = this.#view.getInt32(byte);
    return bit === 0 ? word : (word << bit) | ((this.#bytes[byte + 4] as number) >>> (8 - bit));
  }

  skip(bits: number): void {
    this.#at += bits;
  }

  /** 1 to 32 bits as an unsigned number. */
  read(bits: number): number {
    const value = this.peek() >>> (32 - bits);
    this.#at += bits;
    return value;
  }

  bit(): number {
    const value = (((this.#bytes[this.#at >>> 3] ?? 0) << (this.#at & 7)) >>> 7) & 1;
    this.#at += 1;
    return value;
  }

  /** The inverse of `BitWriter.writeFloat`. */
  readFloat(): number {
    FLOAT.setUint32(0, this.read(32));
    FLOAT.setUint32(4, this.read(32));
    return FLOAT.getFloat64(0);
  }

  /** The inverse of `BitWriter.writeVarint`. */
  readVarint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const group = this.read(8);
      value += (group & 0x7f) * factor;
      if (group < 128) return value;
    }
    throw new SampleChunkError('a chunk of histograms is damaged');
  }

  #peekAtEnd(byte: number, bit: number): number {
    const bytes = this.#bytes;
    let word = 0;
    for (let i = 0; i < 4; i += 1) word = (word << 8) | (bytes[byte + i] ?? 0);
    return bit === 0 ? word : (word << bit) | ((bytes[byte + 4] ?? 0) >>> (8 - bit));
  }
}
