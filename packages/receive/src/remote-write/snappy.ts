import { InvalidBody } from '../otlp/decode-result.js';

/** A block states a length over the limit. */
export class BlockTooLarge extends Error {}

/** 64 bytes from a copy of 3 are the most that snappy makes. */
const MAX_EXPANSION = 22;
/** Copies are written four bytes at a time and may reach so far behind their end. */
const SLOP_BYTES = 4;
/** From here on a copy by the engine is faster than one in words. */
const LONG_COPY = 256;

/**
 * One snappy block (not framed), decoded a part at a time. The length it states is checked against the limit before memory is taken.
 * Throws `InvalidBody` and {@link BlockTooLarge}. Format: https://github.com/google/snappy/blob/main/format_description.txt
 */
export class SnappyBlock {
  /** Length of what it holds. */
  readonly size: number;
  readonly #block: Uint8Array;
  #pos = 0;
  #out: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#out.buffer);
  #at = 0;

  constructor(block: Uint8Array, maxBytes: number) {
    this.#block = block;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#next();
      if (shift > 28) throw new InvalidBody('the snappy block states no valid length');
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    if (size > maxBytes) throw new BlockTooLarge();
    // A small block cannot take much memory by stating a length.
    if (size > (block.length - this.#pos) * MAX_EXPANSION) throw cutShort();
    this.size = size;
  }

  /** Bytes of memory that {@link begin} needs. */
  get roomBytes(): number {
    return this.size + SLOP_BYTES;
  }

  /** Where to decode to: {@link roomBytes} at least, whatever they hold. */
  begin(out: Uint8Array): void {
    this.#out = out;
    this.#view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  }

  /** Decodes about so many bytes more; true when all is there. */
  step(bytes: number): boolean {
    const [block, out, view, { size }] = [this.#block, this.#out, this.#view, this];
    const end = block.length;
    const until = this.#at + bytes;
    let pos = this.#pos;
    let at = this.#at;
    while (pos < end && at < until) {
      const tag = block[pos++] as number;
      let length = (tag >>> 2) + 1;
      if ((tag & 3) === 0) {
        if (length > 60) {
          this.#pos = pos;
          length = this.#literalLength(length - 60);
          pos = this.#pos;
        }
        if (length > end - pos || length > size - at) throw new InvalidBody('a snappy literal is too long');
        if (length > LONG_COPY) out.set(block.subarray(pos, pos + length), at);
        else for (let i = 0; i < length; i += 1) out[at + i] = block[pos + i] as number;
        pos += length;
        at += length;
        continue;
      }
      let offset: number;
      if ((tag & 3) === 1) {
        if (pos >= end) throw cutShort();
        length = ((tag >>> 2) & 7) + 4;
        offset = ((tag >>> 5) << 8) | (block[pos++] as number);
      } else {
        const width = (tag & 3) === 2 ? 2 : 4;
        if (pos + width > end) throw cutShort();
        offset = (block[pos] as number) | ((block[pos + 1] as number) << 8);
        if (width === 4) offset += (block[pos + 2] as number) * 65_536 + (block[pos + 3] as number) * 16_777_216;
        pos += width;
      }
      if (offset === 0 || offset > at || length > size - at) throw new InvalidBody('a snappy copy is out of bounds');
      // What overlaps is repeated: that is how runs are written.
      if (offset < 4) for (let i = 0; i < length; i += 1) out[at + i] = out[at + i - offset] as number;
      else for (let i = 0; i < length; i += 4) view.setInt32(at + i, view.getInt32(at + i - offset, true), true);
      at += length;
    }
    this.#pos = pos;
    this.#at = at;
    if (pos < end) return false;
    if (at !== size) throw cutShort();
    return true;
  }

  #literalLength(bytes: number): number {
    let length = 1;
    for (let i = 0; i < bytes; i += 1) length += this.#next() * 256 ** i;
    return length;
  }

  #next(): number {
    const byte = this.#block[this.#pos++];
    if (byte === undefined) throw new InvalidBody('the snappy block is cut short');
    return byte;
  }
}

function cutShort(): InvalidBody {
  return new InvalidBody('the snappy block is shorter than the length it states');
}
