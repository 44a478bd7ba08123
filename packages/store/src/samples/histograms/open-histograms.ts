import type { NativeHistogram } from '@vedetta/model';
import type { SampleChunk } from '../sample-head.js';
import { areSameHistograms } from './compare-histograms.js';
import { HistogramPacker } from './histogram-packer.js';

/** What all open chunks may take: some 25,000 series of 40 buckets. */
const MAX_BYTES = 256 * 1024 * 1024;
/** A chunk is complete when it is so long: unpacking it for a question about minutes must not take long. */
const CHUNK_BYTES = 16 * 1024;

interface OpenChunk {
  readonly packer: HistogramPacker;
  /** At so many samples it is closed. */
  readonly limit: number;
}

/** The open chunks of series whose latest samples are native histograms. They are few: an object for each is no burden. */
export class OpenHistograms {
  readonly #open = new Map<number, OpenChunk>();
  readonly #maxBytes: number;
  #sizeBytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Chunks that are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Memory of what is packed. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  has(seriesId: number): boolean {
    return this.#open.size > 0 && this.#open.has(seriesId);
  }

  firstMs(seriesId: number): number | undefined {
    return this.#open.get(seriesId)?.packer.firstMs;
  }

  lastMs(seriesId: number): number | undefined {
    return this.#open.get(seriesId)?.packer.lastMs;
  }

  /** Samples in the open chunk; 0 when none is open. */
  count(seriesId: number): number {
    return this.#open.get(seriesId)?.packer.count ?? 0;
  }

  /** Whether the chunk must be closed before it takes a sample more. */
  isFull(seriesId: number): boolean {
    const open = this.#open.get(seriesId);
    return open !== undefined && (open.packer.count >= open.limit || open.packer.packedBytes >= CHUNK_BYTES);
  }

  /** Whether the latest sample is this histogram. */
  endsWith(seriesId: number, histogram: NativeHistogram): boolean {
    const last = this.#open.get(seriesId)?.packer.last;
    return last !== undefined && areSameHistograms(last, histogram);
  }

  /** Begins a chunk where none is open. */
  begin(seriesId: number, limit: number): void {
    this.#open.set(seriesId, { packer: new HistogramPacker(), limit });
  }

  /** A sample that is later than the latest; `undefined` is a marker of staleness. A chunk must be open. */
  append(seriesId: number, timestampMs: number, histogram: NativeHistogram | undefined): void {
    const packer = this.#open.get(seriesId)?.packer;
    if (packer === undefined) throw new RangeError(`no chunk of histograms is open for series ${seriesId}`);
    const before = packer.sizeBytes;
    if (histogram === undefined) packer.appendStale(timestampMs);
    else packer.append(timestampMs, histogram);
    this.#sizeBytes += packer.sizeBytes - (packer.count === 1 ? 0 : before);
  }

  /** The open chunk as one of its own; `undefined` when none is open. */
  toChunk(seriesId: number): SampleChunk | undefined {
    const packer = this.#open.get(seriesId)?.packer;
    if (packer === undefined) return undefined;
    const { firstMs, lastMs, count } = packer;
    return { seriesId, firstMs, lastMs, count, bytes: packer.toChunk() };
  }

  /** Lets go of the open chunk. */
  drop(seriesId: number): void {
    const open = this.#open.get(seriesId);
    if (open === undefined) return;
    this.#sizeBytes -= open.packer.sizeBytes;
    this.#open.delete(seriesId);
  }

  /** Series to be closed since all take more memory than they may: those that take most. */
  excess(): readonly number[] {
    if (this.#sizeBytes <= this.#maxBytes) return [];
    const average = this.#sizeBytes / this.#open.size;
    return [...this.#open].filter(([, { packer }]) => packer.sizeBytes >= average).map(([seriesId]) => seriesId);
  }

  /** Of what time each open chunk is. */
  *times(): Generator<readonly [firstMs: number, lastMs: number]> {
    for (const { packer } of this.#open.values()) yield [packer.firstMs, packer.lastMs];
  }

  /** Series of which nothing came since a time. */
  idle(sinceMs: number): readonly number[] {
    return [...this.#open].filter(([, { packer }]) => packer.lastMs < sinceMs).map(([seriesId]) => seriesId);
  }
}
