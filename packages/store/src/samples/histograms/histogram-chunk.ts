import type { HistogramResetHint, NativeHistogram } from '@vedetta/model';
import type { SampleColumns } from '../sample-chunk.js';
import { CHUNK_HEADER_BYTES, SampleChunkError } from '../sample-chunk.js';
import { STALE_HIGH, STALE_LOW, setWords } from '../stale-marker.js';
import { BitWindow } from './bit-window.js';
import { areSameClass } from './compare-histograms.js';
import type { HistogramLayout } from './histogram-layout.js';
import { bucketsOf, readLayout } from './histogram-layout.js';
import {
  COUNT,
  FIRST_BUCKET,
  HISTOGRAM_CHUNK_VERSION,
  HistogramPacker,
  SPECIAL,
  SUM,
  sourcesOf,
  TIME,
  ZERO_COUNT,
} from './histogram-packer.js';
import { NumberTracks } from './number-tracks.js';

/** One for all: its memory is used again. */
const PACKER = new HistogramPacker();

/** Whether a chunk holds histograms rather than numbers. */
export function isHistogramChunk(chunk: Uint8Array): boolean {
  return chunk[0] === HISTOGRAM_CHUNK_VERSION;
}

/** All samples in one chunk: where there is no histogram, a marker of staleness. */
export function encodeHistograms({ timestampsMs, histograms = [] }: Omit<SampleColumns, 'values'>): Uint8Array {
  PACKER.clear();
  for (let i = 0; i < timestampsMs.length; i += 1) {
    const histogram = histograms[i];
    if (histogram === undefined) PACKER.appendStale(timestampsMs[i] as number);
    else PACKER.append(timestampsMs[i] as number, histogram);
  }
  return PACKER.toChunk();
}

/**
 * The samples of a chunk of histograms. Each that follows another it can be compared with says whether its counter began anew;
 * layouts are shared among those that have the same. Throws {@link SampleChunkError} on what is no such chunk.
 */
export function decodeHistograms(chunk: Uint8Array): SampleColumns {
  const header = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const count = chunk.length < CHUNK_HEADER_BYTES ? 0 : header.getUint32(1);
  // A sample takes two bits at least: a count that the chunk cannot hold is refused before memory is taken.
  if (chunk.length < CHUNK_HEADER_BYTES || !isHistogramChunk(chunk) || count > chunk.length * 4) {
    throw new SampleChunkError(`not a chunk of histograms (${chunk.length} bytes, ${count} samples)`);
  }
  const columns = {
    timestampsMs: new Float64Array(count),
    values: new Float64Array(count).fill(Number.NaN),
    histograms: new Array<NativeHistogram | undefined>(count).fill(undefined),
  };
  const unpacker = new Unpacker(new BitWindow(chunk.subarray(CHUNK_HEADER_BYTES)), header.getFloat64(5));
  for (let i = 0; i < count; i += 1) {
    const histogram = unpacker.next();
    columns.timestampsMs[i] = unpacker.timestampMs;
    columns.histograms[i] = histogram;
    if (histogram === undefined) setWords(columns.values, i, STALE_HIGH, STALE_LOW);
  }
  return columns;
}

class Unpacker {
  readonly #reader: BitWindow;
  readonly #tracks = new NumberTracks(FIRST_BUCKET);
  #layout: HistogramLayout | undefined;
  /** Of the histogram before; `undefined` before the first. */
  #before: HistogramLayout | undefined;

  constructor(reader: BitWindow, firstMs: number) {
    this.#reader = reader;
    this.#tracks.set(TIME, firstMs);
  }

  get timestampMs(): number {
    return this.#tracks.valueOf(TIME);
  }

  /** The next sample; `undefined` for a marker of staleness. */
  next(): NativeHistogram | undefined {
    const reader = this.#reader;
    const special = reader.bit() === 0 ? undefined : reader.read(2);
    this.#tracks.readWhole(reader, TIME);
    if (special === SPECIAL.stale) {
      this.#check();
      return undefined;
    }
    if (special === SPECIAL.layout || special === SPECIAL.layoutAndReset) this.#begin();
    const layout = this.#layout;
    if (layout === undefined) throw new SampleChunkError('a chunk of histograms begins without a layout');
    const isReset = special === SPECIAL.reset || special === SPECIAL.layoutAndReset;
    const histogram = this.#histogram(layout, this.#hint(layout, isReset));
    this.#before = layout;
    this.#check();
    return histogram;
  }

  #begin(): void {
    const layout = readLayout(this.#reader, this.#layout);
    this.#check();
    this.#tracks.rearrange(sourcesOf(layout, this.#layout));
    // Where only buckets came or went, the boundaries are the same object.
    this.#layout = layout;
  }

  #hint(layout: HistogramLayout, isReset: boolean): HistogramResetHint {
    if (layout.isGauge) return 'gauge';
    if (isReset) return 'reset';
    const before = this.#before;
    if (before === undefined || before.isGauge) return 'unknown';
    return before === layout || areSameClass(before, layout) ? 'not_reset' : 'unknown';
  }

  #histogram(layout: HistogramLayout, resetHint: HistogramResetHint): NativeHistogram {
    const { schema, zeroThreshold, customBounds, positive, negative, isWhole } = layout;
    const [tracks, reader] = [this.#tracks, this.#reader];
    let count = isWhole ? 0 : tracks.readAny(reader, COUNT);
    const zeroCount = isWhole ? tracks.readWhole(reader, ZERO_COUNT) : tracks.readAny(reader, ZERO_COUNT);
    const sum = tracks.readAny(reader, SUM);
    const positives = this.#counts(isWhole, FIRST_BUCKET, positive.length);
    const negatives = this.#counts(isWhole, FIRST_BUCKET + positive.length, negative.length);
    if (isWhole) {
      count = zeroCount;
      for (let i = 0; i < positives.length; i += 1) count += positives[i] as number;
      for (let i = 0; i < negatives.length; i += 1) count += negatives[i] as number;
      count += tracks.readWhole(reader, COUNT);
    }
    return {
      schema,
      zeroThreshold,
      zeroCount,
      count,
      sum,
      positive: bucketsOf(positive, positives),
      negative: bucketsOf(negative, negatives),
      customBounds,
      resetHint,
    };
  }

  #counts(isWhole: boolean, from: number, length: number): readonly number[] {
    const counts = new Array<number>(length);
    const [tracks, reader] = [this.#tracks, this.#reader];
    if (isWhole) for (let i = 0; i < length; i += 1) counts[i] = tracks.readWhole(reader, from + i);
    else for (let i = 0; i < length; i += 1) counts[i] = tracks.readAny(reader, from + i);
    return counts;
  }

  /** Past its end a chunk reads as zeros: what is damaged is found before it takes memory for many samples. */
  #check(): void {
    if (this.#reader.overrun) throw new SampleChunkError('a chunk of histograms is cut off');
  }
}
