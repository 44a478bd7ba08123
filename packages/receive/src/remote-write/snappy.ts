import { InvalidBody } from '../otlp/decode-result.js';

/** A block states a length over the limit. */
export class BlockTooLarge extends Error {}

/**
 * Decodes one snappy block (not framed). The length it states is checked against the limit before memory is taken. Throws
 * `InvalidBody` and {@link BlockTooLarge}. Format: https://github.com/google/snappy/blob/main/format_description.txt
 */
export function decodeSnappyBlock(block: Uint8Array, maxBytes: number): Uint8Array {
  let pos = 0;
  const next = (): number => {
    const byte = block[pos++];
    if (byte === undefined) throw new InvalidBody('the snappy block is cut short');
    return byte;
  };
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    if (shift > 28) throw new InvalidBody('the snappy block states no valid length');
    size += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (size > maxBytes) throw new BlockTooLarge();
  // 64 bytes from a copy of 3 are the most that snappy makes: a small block cannot take much memory by stating a length.
  if (size > (block.length - pos) * 22) throw new InvalidBody('the snappy block is shorter than the length it states');
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  while (pos < block.length) {
    const tag = next();
    let length = (tag >>> 2) + 1;
    if ((tag & 3) === 0) {
      if (length > 60) {
        const bytes = length - 60;
        length = 1;
        for (let i = 0; i < bytes; i += 1) length += next() * 256 ** i;
      }
      if (pos + length > block.length || at + length > size) throw new InvalidBody('a snappy literal is too long');
      out.set(block.subarray(pos, pos + length), at);
      pos += length;
      at += length;
      continue;
    }
    let offset: number;
    if ((tag & 3) === 1) {
      length = ((tag >>> 2) & 7) + 4;
      offset = ((tag >>> 5) << 8) | next();
    } else {
      offset = next() | (next() << 8);
      if ((tag & 3) === 3) offset += next() * 65_536 + next() * 16_777_216;
    }
    if (offset === 0 || offset > at || at + length > size) throw new InvalidBody('a snappy copy is out of bounds');
    // Byte by byte where source and target overlap: that is how runs are written.
    if (offset >= length) out.copyWithin(at, at - offset, at - offset + length);
    else for (let i = 0; i < length; i += 1) out[at + i] = out[at + i - offset] as number;
    at += length;
  }
  if (at !== size) throw new InvalidBody('the snappy block is shorter than the length it states');
  return out;
}
