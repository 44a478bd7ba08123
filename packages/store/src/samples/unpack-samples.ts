import type { SampleColumns } from './sample-chunk.js';
import { CHUNK_HEADER_BYTES, HIGH_WORD, LOW_WORD, SAMPLE_CHUNK_VERSION, SampleChunkError } from './sample-chunk.js';

/** More than any chunk holds; a larger number in a header is damage. */
const MAX_SAMPLES = 1 << 24;
/** Zeros behind a chunk: a sample of 145 bits that begins at its very end is read without looking, and refused then. */
const PADDING_BYTES = 32;
const FIRST_VALUE_AT = CHUNK_HEADER_BYTES;
const FIRST_VALUE_BYTES = 8;
/** Chunks are copied here to be read: the engine knows one buffer better than thousands. */
const SCRATCH = new Uint8Array(16 * 1024);
const SCRATCH_VIEW = new DataView(SCRATCH.buffer);
const FLOAT = new DataView(new ArrayBuffer(8));

/** The inverse of `encodeSamples`, bit for bit; throws {@link SampleChunkError} on what it did not write. */
export function decodeSamples(chunk: Uint8Array): SampleColumns {
  const count = countSamples(chunk);
  const columns = { timestampsMs: new Float64Array(count), values: new Float64Array(count) };
  unpackSamples(chunk, columns.timestampsMs, new Uint32Array(columns.values.buffer), 0);
  return columns;
}

/** How many samples a chunk holds by its header; throws {@link SampleChunkError} on what is no chunk of samples. */
export function countSamples(chunk: Uint8Array): number {
  const [version = 0, a = 0, b = 0, c = 0, d = 0] = chunk;
  const count = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  // A sample takes two bits at least: a count that the chunk cannot hold is refused before memory is taken.
  if (
    version !== SAMPLE_CHUNK_VERSION ||
    chunk.length < CHUNK_HEADER_BYTES ||
    count > MAX_SAMPLES ||
    count > chunk.length * 4
  ) {
    throw new SampleChunkError(`not a chunk of samples (${chunk.length} bytes, version ${version}, ${count} samples)`);
  }
  return count;
}

/**
 * Unpacks the samples of a chunk up to a time, included, into columns from row `at` on, and answers how many those are. `words` lies over
 * the values. One loop without calls or objects: questions about a day read millions of samples.
 */
export function unpackSamples(
  chunk: Uint8Array,
  timestampsMs: Float64Array,
  words: Uint32Array,
  at: number,
  toMs = Number.POSITIVE_INFINITY,
): number {
  const count = countSamples(chunk);
  const length = chunk.length;
  const isSmall = length + PADDING_BYTES <= SCRATCH.length;
  const bytes = isSmall ? SCRATCH : new Uint8Array(length + PADDING_BYTES);
  const view = isSmall ? SCRATCH_VIEW : new DataView(bytes.buffer);
  bytes.set(chunk);
  bytes.fill(0, length, length + PADDING_BYTES);
  let timestampMs = view.getFloat64(5);
  if (count === 0 || timestampMs > toMs) return 0;
  // Position by bits.
  let next = (FIRST_VALUE_AT + FIRST_VALUE_BYTES) * 8;
  const end = length * 8;
  let high = view.getInt32(FIRST_VALUE_AT);
  let low = view.getInt32(FIRST_VALUE_AT + 4);
  let delta = 0;
  // The window of bits in which values differ: so many of the high word, shifted so far, and so many of the low word.
  let highBits = 32;
  let highShift = 0;
  let lowBits = 32;
  let lowShift = 0;
  timestampsMs[at] = timestampMs;
  words[at * 2 + HIGH_WORD] = high;
  words[at * 2 + LOW_WORD] = low;
  let read = 1;
  for (; read < count && next < end; read += 1) {
    // At least 25 bits, the next one first.
    let ahead = view.getInt32(next >>> 3) << (next & 7);
    if (ahead >= 0) {
      ahead <<= 1;
      next += 1;
    } else {
      // The change of the distance between two timestamps, in 14, 17, 20 or 64 bits.
      if (ahead << 1 >= 0) {
        delta += (ahead << 2) >> 18;
        next += 16;
      } else if (ahead << 2 >= 0) {
        delta += (ahead << 3) >> 15;
        next += 20;
      } else if (ahead << 3 >= 0) {
        delta += (ahead << 4) >> 12;
        next += 24;
      } else {
        const byte = (next + 4) >>> 3;
        const shift = (next + 4) & 7;
        for (let i = 0; i < 8; i += 1) {
          FLOAT.setUint8(i, ((((bytes[byte + i] as number) << 8) | (bytes[byte + i + 1] as number)) << shift) >>> 8);
        }
        delta += FLOAT.getFloat64(0);
        next += 68;
      }
      ahead = view.getInt32(next >>> 3) << (next & 7);
    }
    timestampMs += delta;
    if (timestampMs > toMs) break;
    if (ahead >= 0) next += 1;
    else {
      if (ahead << 1 >= 0) next += 2;
      else {
        const leading = (ahead >>> 25) & 31;
        const trailing = 64 - leading - ((ahead >>> 19) & 63 || 64);
        if (trailing < 0) throw new SampleChunkError('a chunk of samples is damaged');
        next += 13;
        highBits = Math.max(0, Math.min(32 - leading, 64 - leading - trailing));
        highShift = Math.max(0, trailing - 32);
        lowBits = Math.max(0, 32 - trailing);
        lowShift = trailing;
      }
      if (highBits > 0) {
        const byte = next >>> 3;
        const shift = next & 7;
        const window = (view.getInt32(byte) << shift) | ((bytes[byte + 4] as number) >>> (8 - shift));
        high ^= (window >>> (32 - highBits)) << highShift;
        next += highBits;
      }
      if (lowBits > 0) {
        const byte = next >>> 3;
        const shift = next & 7;
        const window = (view.getInt32(byte) << shift) | ((bytes[byte + 4] as number) >>> (8 - shift));
        low ^= (window >>> (32 - lowBits)) << lowShift;
        next += lowBits;
      }
    }
    timestampsMs[at + read] = timestampMs;
    words[(at + read) * 2 + HIGH_WORD] = high;
    words[(at + read) * 2 + LOW_WORD] = low;
  }
  if (next > end || (next >= end && read < count)) {
    throw new SampleChunkError(`a chunk of ${count} samples ends after ${length} bytes`);
  }
  return read;
}
