import { HIGH_WORD, LOW_WORD, SampleChunkError } from '../sample-chunk.js';
import type { BitWindow } from './bit-window.js';
import type { BitWriter } from './bit-writer.js';

/** Widths of a change, by the number of one bits before the zero bit that ends the prefix; all seven ones: the number itself. */
const WIDTHS = [0, 3, 6, 9, 12, 18, 32, -1] as const;
/** This track grows by what it grew by last: it is time. */
const EVEN_TRACK = 0;
/** Of others the mean is looked at, in which the latest growth has this share. */
const SHARE_OF_LATEST = 1 / 8;
const FLOAT = new DataView(new ArrayBuffer(8));

/**
 * Numbers that change from sample to sample, each packed by how it differs from what is expected: whole ones from the number before
 * and its mean growth, others by the bits that differ from the number before. Writer and reader each have tracks, and do the same sums.
 */
export class NumberTracks {
  #values: Float64Array;
  #growth: Float64Array;
  #words: Uint32Array;

  constructor(length: number) {
    this.#values = new Float64Array(length);
    this.#growth = new Float64Array(length).fill(Number.NaN);
    this.#words = new Uint32Array(this.#values.buffer);
  }

  /** Memory of the numbers. */
  get sizeBytes(): number {
    return this.#values.byteLength + this.#growth.byteLength;
  }

  valueOf(i: number): number {
    return this.#values[i] as number;
  }

  /** A number that is known to both sides. */
  set(i: number, value: number): void {
    this.#values[i] = value;
    this.#growth[i] = 0;
  }

  /** As many tracks as there are sources: each goes on where its source was, below 0 a new one from 0 on, whose growth is not known. */
  rearrange(sources: Int32Array): void {
    const [values, growth] = [this.#values, this.#growth];
    this.#values = new Float64Array(sources.length);
    this.#growth = new Float64Array(sources.length).fill(Number.NaN);
    this.#words = new Uint32Array(this.#values.buffer);
    for (let i = 0; i < sources.length; i += 1) {
      const source = sources[i] as number;
      if (source < 0) continue;
      this.#values[i] = values[source] as number;
      this.#growth[i] = growth[source] as number;
    }
  }

  /** A whole number. */
  writeWhole(writer: BitWriter, i: number, value: number): void {
    const expected = this.#expected(i);
    const change = (value - expected) | 0;
    if (expected + change !== value) {
      writer.write(0b1111111, 7);
      writer.writeFloat(value);
    } else if (change === 0) writer.write(0, 1);
    else if (change >= -4 && change < 4) writer.write((0b10 << 3) | (change & 7), 5);
    else if (change >= -32 && change < 32) writer.write((0b110 << 6) | (change & 63), 9);
    else if (change >= -256 && change < 256) writer.write((0b1110 << 9) | (change & 511), 13);
    else if (change >= -2048 && change < 2048) writer.write((0b11110 << 12) | (change & 4095), 17);
    else if (change >= -0x2_0000 && change < 0x2_0000) writer.write((0b111110 << 18) | (change & 0x3_ffff), 24);
    else {
      writer.write(0b1111110, 7);
      writer.write(change, 32);
    }
    this.#advance(i, value);
  }

  readWhole(reader: BitWindow, i: number): number {
    const expected = this.#expected(i);
    const window = reader.peek();
    const ones = Math.min(7, Math.clz32(~window));
    const width = WIDTHS[ones] as number;
    let value = expected;
    if (width >= 0 && width <= 18) {
      // The prefix and the change are in the window together.
      reader.skip(ones + 1 + width);
      if (width > 0) value += (window << (ones + 1)) >> (32 - width);
    } else {
      reader.skip(7);
      value = width < 0 ? reader.readFloat() : expected + (reader.read(32) | 0);
    }
    this.#advance(i, value);
    return value;
  }

  /** Any number, bit for bit. */
  writeAny(writer: BitWriter, i: number, value: number): void {
    FLOAT.setFloat64(0, value);
    const [newHigh, newLow] = [FLOAT.getUint32(0), FLOAT.getUint32(4)];
    const high = (newHigh ^ (this.#words[i * 2 + HIGH_WORD] as number)) >>> 0;
    const low = (newLow ^ (this.#words[i * 2 + LOW_WORD] as number)) >>> 0;
    this.#setWords(i, newHigh, newLow);
    if (high === 0 && low === 0) {
      writer.write(0, 1);
      return;
    }
    const leading = Math.min(31, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
    const trailing = low === 0 ? 63 - Math.clz32(high & -high) : 31 - Math.clz32(low & -low);
    const width = 64 - leading - trailing;
    writer.write((1 << 11) | (leading << 6) | (width & 63), 12);
    const highBits = Math.min(32 - leading, width);
    writer.write(high >>> (trailing > 32 ? trailing - 32 : 0), highBits);
    if (trailing < 32) writer.write(low >>> trailing, 32 - trailing);
  }

  readAny(reader: BitWindow, i: number): number {
    if (reader.bit() === 0) {
      this.#growth[i] = 0;
      return this.#values[i] as number;
    }
    const leading = reader.read(5);
    // 64 does not fit into six bits and 0 does not occur: it stands for 64.
    const width = reader.read(6) || 64;
    const trailing = 64 - leading - width;
    if (trailing < 0) throw new SampleChunkError('a chunk of histograms is damaged');
    const high = reader.read(Math.min(32 - leading, width)) << Math.max(0, trailing - 32);
    const low = trailing < 32 ? reader.read(32 - trailing) << trailing : 0;
    this.#setWords(
      i,
      (high ^ (this.#words[i * 2 + HIGH_WORD] as number)) >>> 0,
      (low ^ (this.#words[i * 2 + LOW_WORD] as number)) >>> 0,
    );
    return this.#values[i] as number;
  }

  /** Counts mostly grow by the whole part of what they grew by in the mean, however seldom that is one. */
  #expected(i: number): number {
    const growth = this.#growth[i] as number;
    return Number.isNaN(growth) ? 0 : (this.#values[i] as number) + Math.floor(growth);
  }

  #advance(i: number, value: number): void {
    const growth = this.#growth[i] as number;
    const delta = value - (this.#values[i] as number);
    if (Number.isNaN(growth)) this.#growth[i] = 0;
    else if (i === EVEN_TRACK || growth === 0) this.#growth[i] = delta;
    else this.#growth[i] = growth + (delta - growth) * SHARE_OF_LATEST;
    // Without the sign of a zero, which the reader cannot know.
    this.#values[i] = value + 0;
  }

  /** Growth is of no use where a number is no whole one: it begins anew. */
  #setWords(i: number, high: number, low: number): void {
    this.#words[i * 2 + HIGH_WORD] = high;
    this.#words[i * 2 + LOW_WORD] = low;
    this.#growth[i] = 0;
  }
}
