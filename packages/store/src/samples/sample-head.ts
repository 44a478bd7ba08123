import type { NativeHistogram } from '@vedetta/model';
import type { HeadMemory } from '../api/sample-store.js';
import { ClosedChunks } from './closed-chunks.js';
import { decodeChunk } from './decode-chunk.js';
import { OpenHistograms } from './histograms/open-histograms.js';
import type { OpenChunkState } from './open-chunks.js';
import { OpenChunks, toChunk } from './open-chunks.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
import { KIND } from './series-columns.js';
import { SeriesIndex } from './series-index.js';
import { STALE_HIGH, STALE_LOW } from './stale-marker.js';

/** Samples in one chunk: long enough to pack well, short enough to unpack for a question about minutes. */
const CHUNK_SAMPLES = 240;
/**
 * The first chunk of a series is shorter, by its id: series that begin together and are scraped together would else all close
 * their chunks at once.
 */
const FIRST_CHUNK_SAMPLES = 120;
/** Spreads neighbouring ids: a prime below the spread. */
const SPREAD_STEP = 47;
/** A series that is scraped seldom closes its chunk after this time. */
const CHUNK_SPAN_MS = 2 * 60 * 60_000;
const NONE = -1;

/** A finished part of a series. */
export interface SampleChunk {
  readonly seriesId: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/**
 * What became of a sample: taken, already there with the same value, or earlier than what the series has. Taken are also
 * `switched`, where the series had samples of the other kind before, and `ended`, a marker of staleness put among histograms.
 */
export type Appended = 'stored' | 'switched' | 'ended' | 'duplicate' | 'out_of_order';

/** What is not among the stored chunks of some series: for the log. */
export interface UnstoredSeries {
  /** Closed, or of native histograms. */
  readonly closed: readonly SampleChunk[];
  readonly open: readonly (OpenChunkState & { readonly seriesId: number })[];
}

/** What is recent, in memory: every series by its labels, and of each the samples that are not stored as chunks yet. */
export class SampleHead {
  readonly index = new SeriesIndex();
  readonly #open = new OpenChunks();
  /** A series has an open chunk here or there. */
  readonly #histograms = new OpenHistograms();
  /** Slot of each series by its id; -1 while it has none. */
  #slots = new Int32Array(0).fill(NONE);
  readonly #closed = new ClosedChunks();

  /** Closed chunks that wait to be stored. */
  get closedChunks(): number {
    return this.#closed.size;
  }

  /** Memory of closed chunks that wait to be stored. */
  get closedBytes(): number {
    return this.#closed.sizeBytes;
  }

  /** Memory of the samples, without series and labels. */
  get sizeBytes(): number {
    return this.#open.sizeBytes + this.#histograms.sizeBytes + this.#closed.sizeBytes;
  }

  /** Ids of series with samples are below this. */
  get endOfIds(): number {
    return this.#slots.length;
  }

  /** Nothing up to this time is taken for the series any more: it is among the stored chunks. */
  setStoredUpTo(seriesId: number, lastMs: number): void {
    const slot = this.#slotOf(seriesId);
    const { columns } = this.#open;
    if (lastMs > (columns.lastMs[slot] as number)) columns.lastMs[slot] = lastMs;
  }

  /** Takes a sample that goes on where its series is, as Prometheus does: per series time only grows. */
  append(seriesId: number, timestampMs: number, high: number, low: number): Appended {
    const slot = this.#slotOf(seriesId);
    const { columns } = this.#open;
    const lastMs = columns.lastMs[slot] as number;
    if (timestampMs > lastMs) {
      const count = columns.count[slot] as number;
      let appended: Appended = 'stored';
      if (count === 0) {
        if (high === STALE_HIGH && low === STALE_LOW && this.#histograms.has(seriesId)) {
          this.#end(seriesId, slot, timestampMs);
          return 'ended';
        }
        appended = this.#begin(seriesId, slot);
      } else if (
        count >= (columns.limit[slot] as number) ||
        timestampMs - (columns.firstMs[slot] as number) > CHUNK_SPAN_MS
      ) {
        this.#close(seriesId, slot);
        columns.limit[slot] = CHUNK_SAMPLES;
      }
      this.#open.append(slot, timestampMs, high, low);
      return appended;
    }
    return timestampMs === lastMs &&
      columns.valueKnown[slot] === 1 &&
      columns.high[slot] === high &&
      columns.low[slot] === low
      ? 'duplicate'
      : 'out_of_order';
  }

  /** As {@link append}; at the time of a number, or another histogram, it is out of order. */
  appendHistogram(seriesId: number, timestampMs: number, histogram: NativeHistogram): Appended {
    const slot = this.#slotOf(seriesId);
    const { columns } = this.#open;
    const lastMs = columns.lastMs[slot] as number;
    if (timestampMs < lastMs) return 'out_of_order';
    if (timestampMs === lastMs) {
      return columns.valueKnown[slot] === 0 && this.#histograms.endsWith(seriesId, histogram)
        ? 'duplicate'
        : 'out_of_order';
    }
    const hasSwitched = columns.kind[slot] === KIND.number;
    this.#beginHistogram(seriesId, slot, timestampMs);
    this.#histograms.append(seriesId, timestampMs, histogram);
    for (const id of this.#histograms.excess()) this.#closeHistogram(id);
    columns.lastMs[slot] = timestampMs;
    columns.valueKnown[slot] = 0;
    return hasSwitched ? 'switched' : 'stored';
  }

  /** Takes the samples of a chunk that are later than what the series has. */
  appendChunk(seriesId: number, chunk: Uint8Array): void {
    const { timestampsMs, values, histograms } = decodeChunk(chunk);
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    for (let i = 0; i < timestampsMs.length; i += 1) {
      const timestampMs = timestampsMs[i] as number;
      const histogram = histograms?.[i];
      if (histogram !== undefined) this.appendHistogram(seriesId, timestampMs, histogram);
      else this.append(seriesId, timestampMs, bits[i * 2 + HIGH_WORD] as number, bits[i * 2 + LOW_WORD] as number);
    }
  }

  /** Takes an open chunk as the log has it; what the series has already is left out. */
  restoreOpen(seriesId: number, state: OpenChunkState): void {
    const slot = this.#slotOf(seriesId);
    const { columns } = this.#open;
    if (columns.count[slot] === 0 && state.firstMs > (columns.lastMs[slot] as number)) {
      this.#closeHistogram(seriesId);
      columns.kind[slot] = KIND.number;
      this.#open.restore(slot, state);
    } else this.appendChunk(seriesId, toChunk(state));
  }

  /** Closes the chunks of series of which nothing came since the given time, so that they can be stored and their memory freed. */
  closeIdle(sinceMs: number): void {
    const { columns } = this.#open;
    for (let seriesId = 0; seriesId < this.#slots.length; seriesId += 1) {
      const slot = this.#slots[seriesId] as number;
      if (slot === NONE || columns.count[slot] === 0) continue;
      if ((columns.lastMs[slot] as number) < sinceMs) this.#close(seriesId, slot);
    }
    for (const seriesId of this.#histograms.idle(sinceMs)) this.#closeHistogram(seriesId);
  }

  /** All closed chunks; they stay until {@link forget}. */
  closed(): readonly SampleChunk[] {
    return this.#closed.all();
  }

  /** What is not stored of the series with ids from `from` to before `to`. */
  unstored(from: number, to: number): UnstoredSeries {
    const { columns } = this.#open;
    const closed: SampleChunk[] = [];
    const open: (OpenChunkState & { readonly seriesId: number })[] = [];
    for (let seriesId = from; seriesId < Math.min(to, this.#slots.length); seriesId += 1) {
      const slot = this.#slots[seriesId] as number;
      if (slot === NONE) continue;
      for (const chunk of this.#closed.of(seriesId)) closed.push(chunk);
      if (columns.count[slot] !== 0) open.push({ seriesId, ...this.#open.stateOf(slot) });
      const histograms = this.#histograms.has(seriesId) ? this.#histograms.toChunk(seriesId) : undefined;
      if (histograms !== undefined) closed.push(histograms);
    }
    return { closed, open };
  }

  /** Lets go of chunks that are stored now. */
  forget(chunks: readonly SampleChunk[]): void {
    this.#closed.forget(chunks);
  }

  /** Chunks of a series that reach into the time from `fromMs` to `toMs`, both inclusive, oldest first. */
  chunksOf(seriesId: number, fromMs: number, toMs: number): readonly Uint8Array[] {
    const slot = this.#slots[seriesId] ?? NONE;
    if (slot === NONE) return [];
    const chunks: Uint8Array[] = [];
    for (const { firstMs, lastMs, bytes } of this.#closed.of(seriesId)) {
      if (firstMs <= toMs && lastMs >= fromMs) chunks.push(bytes);
    }
    const { columns } = this.#open;
    if (
      columns.count[slot] !== 0 &&
      (columns.firstMs[slot] as number) <= toMs &&
      (columns.lastMs[slot] as number) >= fromMs
    ) {
      chunks.push(this.#open.toChunk(slot));
    }
    if (this.#histogramsReach(seriesId, fromMs, toMs)) {
      const chunk = this.#histograms.toChunk(seriesId);
      if (chunk !== undefined) chunks.push(chunk.bytes);
    }
    return chunks;
  }

  /** Whether {@link chunksOf} would have any. */
  reaches(seriesId: number, fromMs: number, toMs: number): boolean {
    const slot = this.#slots[seriesId] ?? NONE;
    if (slot === NONE) return false;
    const { columns } = this.#open;
    const isOpen = columns.count[slot] !== 0;
    if (isOpen && (columns.firstMs[slot] as number) <= toMs && (columns.lastMs[slot] as number) >= fromMs) return true;
    if (this.#histogramsReach(seriesId, fromMs, toMs)) return true;
    return this.#closed.of(seriesId).some(({ firstMs, lastMs }) => firstMs <= toMs && lastMs >= fromMs);
  }

  /** Where the samples of {@link chunksOf} begin; Infinity when there are none. */
  firstMsOf(seriesId: number): number {
    const slot = this.#slots[seriesId] ?? NONE;
    if (slot === NONE) return Number.POSITIVE_INFINITY;
    const { columns } = this.#open;
    return Math.min(
      this.#closed.of(seriesId)[0]?.firstMs ?? Number.POSITIVE_INFINITY,
      columns.count[slot] === 0 ? Number.POSITIVE_INFINITY : (columns.firstMs[slot] as number),
      (this.#histograms.has(seriesId) ? this.#histograms.firstMs(seriesId) : undefined) ?? Number.POSITIVE_INFINITY,
    );
  }

  /** Time of the last sample; `undefined` when none is known. */
  lastMsOf(seriesId: number): number | undefined {
    const slot = this.#slots[seriesId] ?? NONE;
    const lastMs = slot === NONE ? Number.NEGATIVE_INFINITY : (this.#open.columns.lastMs[slot] as number);
    return lastMs === Number.NEGATIVE_INFINITY ? undefined : lastMs;
  }

  /** How much is in memory, and of which time. */
  memory(): HeadMemory {
    const { columns } = this.#open;
    let chunks = this.#closed.size;
    let firstMs = Number.POSITIVE_INFINITY;
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const slot of this.#slots) {
      if (slot === NONE || columns.count[slot] === 0) continue;
      chunks += 1;
      firstMs = Math.min(firstMs, columns.firstMs[slot] as number);
      lastMs = Math.max(lastMs, columns.lastMs[slot] as number);
    }
    chunks += this.#histograms.size;
    for (const [first, last] of [...this.#histograms.times(), ...this.#closed.times()]) {
      firstMs = Math.min(firstMs, first);
      lastMs = Math.max(lastMs, last);
    }
    return chunks === 0 ? { chunks } : { chunks, firstMs, lastMs };
  }

  /** Takes series away with what is in memory of them; answers how many samples that were. */
  remove(seriesIds: ReadonlySet<number>): number {
    let samples = 0;
    for (const id of seriesIds) {
      samples += this.#closed.remove(id);
      const slot = this.#slots[id] ?? NONE;
      if (slot === NONE) continue;
      samples += (this.#open.columns.count[slot] as number) + this.#histograms.count(id);
      this.#histograms.drop(id);
      this.#open.drop(slot);
      this.#open.columns.giveBack(slot);
      this.#slots[id] = NONE;
    }
    this.index.remove(seriesIds);
    return samples;
  }

  #slotOf(seriesId: number): number {
    if (seriesId >= this.#slots.length) {
      const slots = new Int32Array(Math.max(1024, seriesId + 1, this.#slots.length * 2)).fill(NONE);
      slots.set(this.#slots);
      this.#slots = slots;
    }
    let slot = this.#slots[seriesId] as number;
    if (slot === NONE) {
      slot = this.#open.columns.take();
      this.#open.columns.limit[slot] = 0;
      this.#slots[seriesId] = slot;
    }
    return slot;
  }

  #begin(seriesId: number, slot: number): 'stored' | 'switched' {
    const { columns } = this.#open;
    const hasSwitched = columns.kind[slot] === KIND.histogram;
    if (hasSwitched) this.#closeHistogram(seriesId);
    columns.kind[slot] = KIND.number;
    columns.limit[slot] = this.#limitOf(seriesId, slot);
    return hasSwitched ? 'switched' : 'stored';
  }

  /** Sees to it that a chunk of histograms is open that takes a sample more. */
  #beginHistogram(seriesId: number, slot: number, timestampMs: number): void {
    const { columns } = this.#open;
    if (columns.count[slot] !== 0) this.#close(seriesId, slot);
    columns.kind[slot] = KIND.histogram;
    const firstMs = this.#histograms.firstMs(seriesId);
    if (firstMs !== undefined) {
      if (!this.#histograms.isFull(seriesId) && timestampMs - firstMs <= CHUNK_SPAN_MS) return;
      this.#closeHistogram(seriesId);
    }
    const limit = this.#limitOf(seriesId, slot);
    columns.limit[slot] = limit;
    this.#histograms.begin(seriesId, limit);
  }

  /** A marker of staleness behind histograms. */
  #end(seriesId: number, slot: number, timestampMs: number): void {
    const { columns } = this.#open;
    this.#beginHistogram(seriesId, slot, timestampMs);
    this.#histograms.append(seriesId, timestampMs, undefined);
    columns.lastMs[slot] = timestampMs;
    columns.high[slot] = STALE_HIGH;
    columns.low[slot] = STALE_LOW;
    columns.valueKnown[slot] = 1;
  }

  #limitOf(seriesId: number, slot: number): number {
    return this.#open.columns.limit[slot] === 0
      ? FIRST_CHUNK_SAMPLES + ((seriesId * SPREAD_STEP) % (CHUNK_SAMPLES - FIRST_CHUNK_SAMPLES))
      : CHUNK_SAMPLES;
  }

  #histogramsReach(seriesId: number, fromMs: number, toMs: number): boolean {
    if (!this.#histograms.has(seriesId)) return false;
    const [first, last] = [this.#histograms.firstMs(seriesId), this.#histograms.lastMs(seriesId)];
    return first !== undefined && last !== undefined && first <= toMs && last >= fromMs;
  }

  #close(seriesId: number, slot: number): void {
    const { columns } = this.#open;
    const chunk: SampleChunk = {
      seriesId,
      firstMs: columns.firstMs[slot] as number,
      lastMs: columns.lastMs[slot] as number,
      count: columns.count[slot] as number,
      bytes: this.#open.toChunk(slot),
    };
    this.#open.drop(slot);
    this.#closed.add(chunk);
  }

  #closeHistogram(seriesId: number): void {
    const chunk = this.#histograms.toChunk(seriesId);
    if (chunk === undefined) return;
    this.#histograms.drop(seriesId);
    this.#closed.add(chunk);
  }
}
