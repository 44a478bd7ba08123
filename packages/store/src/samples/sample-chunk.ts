import { BitReader, BitWriter } from './bit-stream.js';

/**
 * Samples of one series in the order of time, column by column. Values keep every bit, so that a marker of staleness (a NaN of
 * its own bits) stays what it is: copy them as bits, through the buffer, not number by number.
 */
export interface SampleColumns {
  /** Milliseconds since the epoch, strictly ascending, safe integers. */
  readonly timestampsMs: Float64Array;
  /** As many as there are timestamps. */
  readonly values: Float64Array;
}

/** A chunk that is not one, or was changed. */
export class SampleChunkError extends Error {
  override readonly name = 'SampleChunkError';
}

const VERSION = 1;
/** Version (1 byte), number of samples (4 bytes), first timestamp (8 bytes, float64), all big-endian. */
const HEADER_BYTES = 13;
/** More than any chunk holds; a larger number in a header is damage. */
const MAX_SAMPLES = 1 << 24;
/** Widths of the delta of two deltas between timestamps, by the number of one bits before the zero bit that ends the prefix. */
const DELTA_BITS = [0, 14, 17, 20] as const;
/** A new series takes little; the buffer doubles as it grows. */
const FIRST_BYTES = 32;
/** Where the words of a float64 are in a Uint32Array over it: it depends on the machine's byte order. */
export const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
export const LOW_WORD = 1 - HIGH_WORD;

/**
 * Packs samples as they come, by the scheme of Facebook's Gorilla (Pelkonen et al., VLDB 2015): of timestamps the change of
 * their distance, of values the bits that differ from the value before. Regular scrapes take one to three bytes a sample.
 */
export class SampleChunkBuilder {
  readonly #writer = new BitWriter(FIRST_BYTES);
  readonly #packer = new ValuePacker(this.#writer);
  #count = 0;
  #firstMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #delta = 0;

  get count(): number {
    return this.#count;
  }

  /** Of the first and last sample; without meaning while there is none. */
  get firstMs(): number {
    return this.#firstMs;
  }

  /** -Infinity while there is none. */
  get lastMs(): number {
    return this.#lastMs;
  }

  get sizeBytes(): number {
    return HEADER_BYTES + this.#writer.byteLength;
  }

  /** A sample later than all before; its value as two words of bits. */
  append(timestampMs: number, high: number, low: number): void {
    if (this.#count >= MAX_SAMPLES) throw new RangeError(`a chunk holds no more than ${MAX_SAMPLES} samples`);
    if (this.#count === 0) this.#firstMs = timestampMs;
    else {
      const delta = timestampMs - this.#lastMs;
      writeDelta(this.#writer, delta - this.#delta);
      this.#delta = delta;
    }
    this.#packer.write(high, low);
    this.#lastMs = timestampMs;
    this.#count += 1;
  }

  /** The chunk so far; appending may go on. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.sizeBytes);
    const header = new DataView(bytes.buffer);
    header.setUint8(0, VERSION);
    header.setUint32(1, this.#count);
    header.setFloat64(5, this.#firstMs);
    bytes.set(this.#writer.toBytes(), HEADER_BYTES);
    return bytes;
  }
}

/** All samples in one chunk; the timestamps must ascend. */
export function encodeSamples({ timestampsMs, values }: SampleColumns): Uint8Array {
  const count = timestampsMs.length;
  if (values.length !== count) throw new RangeError(`${count} timestamps and ${values.length} values`);
  const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  const builder = new SampleChunkBuilder();
  for (let i = 0; i < count; i += 1) {
    builder.append(timestampsMs[i] as number, bits[i * 2 + HIGH_WORD] as number, bits[i * 2 + LOW_WORD] as number);
  }
  return builder.toBytes();
}

/** The inverse of {@link encodeSamples}, bit for bit; throws {@link SampleChunkError} on what it did not write. */
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

function writeDelta(writer: BitWriter, change: number): void {
  if (change === 0) {
    writer.write(0, 1);
    return;
  }
  for (let ones = 1; ones < DELTA_BITS.length; ones += 1) {
    const width = DELTA_BITS[ones] as number;
    const half = 2 ** (width - 1);
    if (change >= -half && change < half) {
      writer.write((2 ** ones - 1) * 2, ones + 1);
      writer.write(change, width);
      return;
    }
  }
  writer.write(0b1111, 4);
  writeFloat(writer, change);
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
class ValuePacker {
  readonly #writer: BitWriter;
  #high = 0;
  #low = 0;
  /** Zero bits before and after the window of the last value that had one of its own; -1 before the first. */
  #leading = -1;
  #trailing = 0;
  #first = true;

  constructor(writer: BitWriter) {
    this.#writer = writer;
  }

  write(high: number, low: number): void {
    const writer = this.#writer;
    if (this.#first) {
      this.#first = false;
      writer.write(high, 32);
      writer.write(low, 32);
    } else {
      this.#writeChange((high ^ this.#high) >>> 0, (low ^ this.#low) >>> 0);
    }
    this.#high = high;
    this.#low = low;
  }

  #writeChange(high: number, low: number): void {
    const writer = this.#writer;
    if (high === 0 && low === 0) {
      writer.write(0, 1);
      return;
    }
    const leading = Math.min(31, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    if (this.#leading >= 0 && leading >= this.#leading && trailing >= this.#trailing) {
      writer.write(0b10, 2);
    } else {
      this.#leading = leading;
      this.#trailing = trailing;
      const width = 64 - leading - trailing;
      writer.write(0b11, 2);
      writer.write(leading, 5);
      // 64 does not fit into six bits and 0 does not occur: it stands for 64.
      writer.write(width & 63, 6);
    }
    writeWindow(writer, high, low, this.#leading, this.#trailing);
  }
}

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

function writeWindow(writer: BitWriter, high: number, low: number, leading: number, trailing: number): void {
  const highBits = Math.max(0, Math.min(32 - leading, 64 - leading - trailing));
  if (highBits > 0) writer.write(high >>> Math.max(0, trailing - 32), highBits);
  const lowBits = Math.max(0, 64 - trailing - Math.max(32, leading));
  if (lowBits > 0) writer.write(low >>> trailing, lowBits);
}

function trailingZeros(word: number): number {
  return word === 0 ? 32 : 31 - Math.clz32(word & -word);
}

const SCRATCH = new DataView(new ArrayBuffer(8));

function writeFloat(writer: BitWriter, value: number): void {
  SCRATCH.setFloat64(0, value);
  writer.write(SCRATCH.getUint32(0), 32);
  writer.write(SCRATCH.getUint32(4), 32);
}

function readFloat(reader: BitReader): number {
  SCRATCH.setUint32(0, reader.read(32));
  SCRATCH.setUint32(4, reader.read(32));
  return SCRATCH.getFloat64(0);
}
