import type { HistogramBuckets, HistogramResetHint, NativeHistogram } from '@vedetta/model';
import { CUSTOM_BUCKETS_SCHEMA } from '@vedetta/model';
import { SampleChunkError } from '../sample-chunk.js';
import { isWhole } from './histogram-layout.js';

/** A histogram, or a marker of staleness, at its time. */
export interface HistogramRow {
  readonly timestampMs: number;
  /** `undefined` is a marker of staleness. */
  readonly histogram: NativeHistogram | undefined;
}

const HINTS: readonly HistogramResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];
const STALE = 1;
const WHOLE = 2;
const HINT_SHIFT = 2;
const NONE: HistogramBuckets = { indexes: [], counts: [] };
/** Of a number in groups of seven bits. */
const MAX_VARINT_BYTES = 8;

/**
 * Whole bytes, so that they are written and read quickly: they are read once, if ever. Of each histogram its time, what it is, its
 * sum, then counts, as varints where all are whole, and the buckets as runs of indexes. Numbers are little-endian.
 */
export class RowBytes {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(bytes = new Uint8Array(0)) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; it is empty then. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = 0;
    return bytes;
  }

  writeId(id: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, id, true);
    this.#length += 4;
  }

  write(timestampMs: number, histogram: NativeHistogram | undefined): void {
    this.#float(timestampMs);
    if (histogram === undefined) {
      this.#byte(STALE);
      return;
    }
    const whole = isWhole(histogram);
    const { schema, zeroThreshold, customBounds = [] } = histogram;
    this.#byte((whole ? WHOLE : 0) | (HINTS.indexOf(histogram.resetHint) << HINT_SHIFT));
    this.#byte(schema & 0xff);
    this.#float(histogram.sum);
    if (schema === CUSTOM_BUCKETS_SCHEMA) {
      this.#varint(customBounds.length);
      for (const bound of customBounds) this.#float(bound);
    } else this.#float(zeroThreshold);
    this.#number(histogram.count, whole);
    this.#number(histogram.zeroCount, whole);
    this.#buckets(histogram.positive, whole);
    this.#buckets(histogram.negative, whole);
  }

  #buckets({ indexes, counts }: HistogramBuckets, whole: boolean): void {
    this.#varint(indexes.length);
    for (let from = 0, to = 0; from < indexes.length; from = to) {
      const first = indexes[from] as number;
      to = from + 1;
      while (to < indexes.length && indexes[to] === (indexes[to - 1] as number) + 1) to += 1;
      this.#float(first);
      this.#varint(to - from);
    }
    for (let i = 0; i < counts.length; i += 1) this.#number(counts[i] as number, whole);
  }

  #number(value: number, whole: boolean): void {
    if (whole) this.#varint(value);
    else this.#float(value);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #float(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  #varint(value: number): void {
    this.#reserve(MAX_VARINT_BYTES);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(bytes: number): void {
    const length = this.#length + bytes;
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2, 4096));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what {@link RowBytes} wrote; throws {@link SampleChunkError} where it ends too soon. */
export class RowReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  readId(): number {
    this.#need(4);
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  read(): HistogramRow {
    const timestampMs = this.#float();
    const flags = this.#byte();
    if ((flags & STALE) !== 0) return { timestampMs, histogram: undefined };
    const whole = (flags & WHOLE) !== 0;
    const schema = (this.#byte() << 24) >> 24;
    const sum = this.#float();
    let customBounds: number[] | undefined;
    let zeroThreshold = 0;
    if (schema === CUSTOM_BUCKETS_SCHEMA) customBounds = Array.from({ length: this.#size(8) }, () => this.#float());
    else zeroThreshold = this.#float();
    const histogram: NativeHistogram = {
      schema,
      zeroThreshold,
      customBounds,
      sum,
      count: this.#number(whole),
      zeroCount: this.#number(whole),
      positive: this.#buckets(whole),
      negative: this.#buckets(whole),
      resetHint: HINTS[flags >> HINT_SHIFT] ?? 'unknown',
    };
    return { timestampMs, histogram };
  }

  #buckets(whole: boolean): HistogramBuckets {
    const size = this.#size(1);
    if (size === 0) return NONE;
    const indexes = new Array<number>(size);
    for (let at = 0; at < size; ) {
      const first = this.#float();
      const end = at + this.#varint();
      if (end <= at || end > size) throw new SampleChunkError('a record of histograms is damaged');
      for (let index = first; at < end; at += 1, index += 1) indexes[at] = index;
    }
    const counts = new Array<number>(size);
    for (let i = 0; i < size; i += 1) counts[i] = this.#number(whole);
    return { indexes, counts };
  }

  /** How many follow, each of so many bytes at least. */
  #size(bytesEach: number): number {
    const size = this.#varint();
    this.#need(size * bytesEach);
    return size;
  }

  #number(whole: boolean): number {
    return whole ? this.#varint() : this.#float();
  }

  #byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++] as number;
  }

  #float(): number {
    this.#need(8);
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.#byte();
      if (byte < 128) return value + byte * factor;
      value += (byte & 127) * factor;
    }
    throw new SampleChunkError('a record of histograms is damaged');
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) throw new SampleChunkError('a record of histograms is cut off');
  }
}
