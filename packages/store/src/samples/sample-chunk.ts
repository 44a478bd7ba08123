import type { NativeHistogram } from '@vedetta/model';
import { BitReader } from './bit-reader.js';

/**
 * Samples of one series in the order of time, column by column. Values keep every bit, so that a marker of staleness (a NaN of
 * its own bits) stays what it is: copy them as bits, through the buffer, not number by number.
 */
export interface SampleColumns {
  /** Milliseconds since the epoch, strictly ascending, safe integers. */
  readonly timestampsMs: Float64Array;
  /** As many as there are timestamps. Where there is a histogram the value says nothing. */
  readonly values: Float64Array;
  /** As many as there are timestamps, `undefined` where the sample is a number; absent where all are. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** A chunk that is not one, or was changed. */
export class SampleChunkError extends Error {
  override readonly name = 'SampleChunkError';
}

const VERSION = 1;
/** Version (1 byte), number of samples (4 bytes), first timestamp (8 bytes, float64), all big-endian. */
export const CHUNK_HEADER_BYTES = 13;
/** More than any chunk holds; a larger number in a header is damage. */
const MAX_SAMPLES = 1 << 24;
/** Widths of the delta of two deltas between timestamps, by the number of one bits before the zero bit that ends the prefix. */
const DELTA_BITS = [0, 14, 17, 20] as const;
/** Where the words of a float64 are in a Uint32Array over it: it depends on the machine's byte order. */
export const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
export const LOW_WORD = 1 - HIGH_WORD;

/** Writes the header of a chunk. The version tells kinds of chunks apart. */
export function writeChunkHeader(bytes: Uint8Array, count: number, firstMs: number, version = VERSION): void {
  const header = new DataView(bytes.buffer, bytes.byteOffset, CHUNK_HEADER_BYTES);
  header.setUint8(0, version);
  header.setUint32(1, count);
  header.setFloat64(5, firstMs);
}

/** The inverse of `encodeSamples`, bit for bit; throws {@link SampleChunkError} on what it did not write. */
export function decodeSamples(chunk: Uint8Array): SampleColumns {
  const reader = new BitReader(chunk);
  const version = reader.read(8);
  const count = reader.read(32);
  // A sample takes two bits at least: a count that the chunk cannot hold is refused before memory is taken.
  if (version !== VERSION || count > MAX_SAMPLES || count > chunk.length * 4) {
    throw new SampleChunkError(`not a chunk of samples (${chunk.length} bytes, version ${version}, ${count} samples)`);
  }
  const timestampsMs = new Float64Array(count);
  const values = new Float64Array(count);
  const bits = new Uint32Array(values.buffer);
  const unpacker = new ValueUnpacker(reader);
  let timestampMs = readFloat(reader);
  let delta = 0;
  for (let i = 0; i < count; i += 1) {
    if (i > 0) {
      delta += readDelta(reader);
      timestampMs += delta;
    }
    timestampsMs[i] = timestampMs;
    unpacker.read();
    bits[i * 2 + HIGH_WORD] = unpacker.high;
    bits[i * 2 + LOW_WORD] = unpacker.low;
  }
  if (reader.overrun) throw new SampleChunkError(`a chunk of ${count} samples ends after ${chunk.length} bytes`);
  return { timestampsMs, values };
}

function readDelta(reader: BitReader): number {
  let ones = 0;
  while (ones < 4 && reader.bit() === 1) ones += 1;
  if (ones === 0) return 0;
  const width = DELTA_BITS[ones];
  if (width === undefined) return readFloat(reader);
  const raw = reader.read(width);
  const half = 2 ** (width - 1);
  return raw >= half ? raw - 2 * half : raw;
}

/** Each value by the bits in which it differs from the one before. */
class ValueUnpacker {
  readonly #reader: BitReader;
  high = 0;
  low = 0;
  #leading = 0;
  #trailing = 0;
  #first = true;

  constructor(reader: BitReader) {
    this.#reader = reader;
  }

  read(): void {
    const reader = this.#reader;
    if (this.#first) {
      this.#first = false;
      this.high = reader.read(32);
      this.low = reader.read(32);
      return;
    }
    if (reader.bit() === 0) return;
    if (reader.bit() === 1) {
      this.#leading = reader.read(5);
      const width = reader.read(6) || 64;
      this.#trailing = 64 - this.#leading - width;
      if (this.#trailing < 0) throw new SampleChunkError('a chunk of samples is damaged');
    }
    this.#readWindow();
  }

  /** The bits of the window, put back where they were. */
  #readWindow(): void {
    const reader = this.#reader;
    const highBits = Math.max(0, Math.min(32 - this.#leading, 64 - this.#leading - this.#trailing));
    const highShift = Math.max(0, this.#trailing - 32);
    const high = highBits === 0 ? 0 : reader.read(highBits) << highShift;
    const lowBits = Math.max(0, 64 - this.#trailing - Math.max(32, this.#leading));
    const low = lowBits === 0 ? 0 : reader.read(lowBits) << this.#trailing;
    this.high = (this.high ^ high) >>> 0;
    this.low = (this.low ^ low) >>> 0;
  }
}

const SCRATCH = new DataView(new ArrayBuffer(8));

function readFloat(reader: BitReader): number {
  SCRATCH.setUint32(0, reader.read(32));
  SCRATCH.setUint32(4, reader.read(32));
  return SCRATCH.getFloat64(0);
}
