import type { NativeHistogram } from '@vedetta/model';
import { CHUNK_HEADER_BYTES, writeChunkHeader } from '../sample-chunk.js';
import { BitWriter } from './bit-writer.js';
import { sizeOfHistogram } from './check-histogram.js';
import { areSameClass, hasFallen } from './compare-histograms.js';
import type { HistogramLayout } from './histogram-layout.js';
import { fitsLayout, layoutOf, writeLayout } from './histogram-layout.js';
import { NumberTracks } from './number-tracks.js';

/** Of a bucket in memory: its index and its count. */
const BUCKET_BYTES = 16;
/** The first byte of a chunk of histograms. */
export const HISTOGRAM_CHUNK_VERSION = 2;
/** Tracks of numbers that every histogram has; those of its buckets follow, positive ones first. */
export const TIME = 0;
export const COUNT = 1;
export const ZERO_COUNT = 2;
export const SUM = 3;
export const FIRST_BUCKET = 4;
/** What is special about a sample: two bits after a one; a zero is a sample about which nothing is. */
export const SPECIAL = { layout: 0, stale: 1, reset: 2, layoutAndReset: 3 } as const;

/** Histograms of one series in the order of time, packed as they come: the open end of a chunk. */
export class HistogramPacker {
  readonly #writer = new BitWriter();
  readonly #tracks = new NumberTracks(FIRST_BUCKET);
  #layout: HistogramLayout | undefined;
  #last: NativeHistogram | undefined;
  #count = 0;
  #firstMs = 0;
  #lastMs = 0;

  /** Samples so far. */
  get count(): number {
    return this.#count;
  }

  get firstMs(): number {
    return this.#firstMs;
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  /** The latest histogram; `undefined` before the first. */
  get last(): NativeHistogram | undefined {
    return this.#last;
  }

  /** Length of what is packed. */
  get packedBytes(): number {
    return this.#writer.length;
  }

  /** Memory, the latest histogram included. */
  get sizeBytes(): number {
    const last = this.#last === undefined ? 0 : sizeOfHistogram(this.#last) * BUCKET_BYTES;
    return this.#writer.capacity + this.#tracks.sizeBytes + last;
  }

  /** A histogram that is later than the latest sample. */
  append(timestampMs: number, histogram: NativeHistogram): void {
    const writer = this.#writer;
    const layout = this.#layout;
    const isKnown = layout !== undefined && fitsLayout(histogram, layout);
    const isReset = histogram.resetHint === 'reset' || this.#showsReset(histogram);
    if (isKnown && !isReset) writer.write(0, 1);
    else {
      const special = isKnown ? SPECIAL.reset : isReset ? SPECIAL.layoutAndReset : SPECIAL.layout;
      writer.write(0b100 | special, 3);
    }
    this.#writeTime(timestampMs);
    const now = isKnown ? layout : this.#begin(histogram);
    const tracks = this.#tracks;
    const { positive, negative } = histogram;
    if (now.isWhole) {
      tracks.writeWhole(writer, ZERO_COUNT, histogram.zeroCount);
      tracks.writeAny(writer, SUM, histogram.sum);
      let total = histogram.zeroCount;
      let at = FIRST_BUCKET;
      for (let i = 0; i < positive.counts.length; i += 1) {
        total += positive.counts[i] as number;
        tracks.writeWhole(writer, at++, positive.counts[i] as number);
      }
      for (let i = 0; i < negative.counts.length; i += 1) {
        total += negative.counts[i] as number;
        tracks.writeWhole(writer, at++, negative.counts[i] as number);
      }
      // Observations that are NaN are in no bucket: mostly there are none.
      tracks.writeWhole(writer, COUNT, histogram.count - total);
    } else {
      let at = COUNT;
      for (const value of [histogram.count, histogram.zeroCount, histogram.sum]) {
        tracks.writeAny(writer, at++, value);
      }
      for (const value of positive.counts) tracks.writeAny(writer, at++, value);
      for (const value of negative.counts) tracks.writeAny(writer, at++, value);
    }
    this.#last = histogram;
  }

  /** A marker of staleness that is later than the latest sample. */
  appendStale(timestampMs: number): void {
    this.#writer.write(0b100 | SPECIAL.stale, 3);
    this.#writeTime(timestampMs);
  }

  /** All of it as a chunk. */
  toChunk(): Uint8Array {
    const chunk = new Uint8Array(CHUNK_HEADER_BYTES + this.#writer.length);
    writeChunkHeader(chunk, this.#count, this.#firstMs, HISTOGRAM_CHUNK_VERSION);
    this.#writer.copyTo(chunk, CHUNK_HEADER_BYTES);
    return chunk;
  }

  /** As before the first sample. */
  clear(): void {
    this.#writer.clear();
    this.#layout = undefined;
    this.#last = undefined;
    this.#count = 0;
  }

  /** Begins a layout; what counts the same as before goes on. */
  #begin(histogram: NativeHistogram): HistogramLayout {
    const layout = layoutOf(histogram);
    writeLayout(this.#writer, layout, this.#layout);
    this.#tracks.rearrange(sourcesOf(layout, this.#layout));
    this.#layout = layout;
    return layout;
  }

  /** Whether the counter began anew since the histogram before, as far as the two can be compared. */
  #showsReset(histogram: NativeHistogram): boolean {
    const before = this.#last;
    if (before === undefined || histogram.resetHint === 'gauge' || before.resetHint === 'gauge') return false;
    return areSameClass(before, histogram) && hasFallen(before, histogram);
  }

  #writeTime(timestampMs: number): void {
    if (this.#count === 0) {
      this.#firstMs = timestampMs;
      this.#tracks.rearrange(new Int32Array(FIRST_BUCKET).fill(-1));
      this.#tracks.set(TIME, timestampMs);
    }
    this.#tracks.writeWhole(this.#writer, TIME, timestampMs);
    this.#lastMs = timestampMs;
    this.#count += 1;
  }
}

/** For each track of a layout the one that it goes on from: -1 for a bucket that is new or counts other values than before. */
export function sourcesOf(layout: HistogramLayout, before: HistogramLayout | undefined): Int32Array {
  const sources = new Int32Array(FIRST_BUCKET + layout.positive.length + layout.negative.length).fill(-1);
  for (let i = 0; i < FIRST_BUCKET; i += 1) sources[i] = i;
  if (before === undefined || !areSameClass(layout, before)) return sources;
  link(sources, FIRST_BUCKET, layout.positive, FIRST_BUCKET, before.positive);
  link(
    sources,
    FIRST_BUCKET + layout.positive.length,
    layout.negative,
    FIRST_BUCKET + before.positive.length,
    before.negative,
  );
  return sources;
}

function link(
  sources: Int32Array,
  at: number,
  indexes: readonly number[],
  atBefore: number,
  before: readonly number[],
): void {
  let from = 0;
  for (let i = 0; i < indexes.length; i += 1) {
    const index = indexes[i] as number;
    while (from < before.length && (before[from] as number) < index) from += 1;
    if (before[from] === index) sources[at + i] = atBefore + from;
  }
}
