import type { Labels } from './labels.js';
import type { SampleBatch } from './log-record.js';
import type { SampleColumns } from './sample-chunk.js';
import { decodeSamples, HIGH_WORD, LOW_WORD, SampleChunkBuilder } from './sample-chunk.js';
import { SeriesIndex } from './series-index.js';

/** Samples in one chunk: long enough to pack well, short enough to unpack for a question about minutes. */
const CHUNK_SAMPLES = 240;
/** A series that is scraped seldom closes its chunk after this time. */
const CHUNK_SPAN_MS = 2 * 60 * 60_000;

/** A finished part of a series. */
export interface SampleChunk {
  readonly seriesId: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** What became of the rows of a batch. */
export interface AppendCounts {
  stored: number;
  /** Already there, with the same value. */
  duplicate: number;
  /** Earlier than what the series has, or at its last time with another value. */
  outOfOrder: number;
}

interface HeadSeries {
  /** `undefined` while nothing came since the last chunk was closed. */
  builder: SampleChunkBuilder | undefined;
  /** Closed, and not yet among the stored chunks. */
  readonly closed: SampleChunk[];
  lastMs: number;
  /** Bits of the value at that time; -1 when they are not known, after a start. */
  lastHigh: number;
  lastLow: number;
}

/** What is recent, in memory: every series by its labels, and of each the samples that are not stored as chunks yet. */
export class SampleHead {
  readonly index = new SeriesIndex();
  readonly #series = new Map<number, HeadSeries>();
  #closedChunks = 0;

  /** Closed chunks that wait to be stored. */
  get closedChunks(): number {
    return this.#closedChunks;
  }

  get sizeBytes(): number {
    let bytes = 0;
    for (const { builder, closed } of this.#series.values()) {
      bytes += builder?.sizeBytes ?? 0;
      for (const chunk of closed) bytes += chunk.bytes.length;
    }
    return bytes;
  }

  /** Adds a series, or answers the id it has. */
  seriesId(labels: Labels): { readonly id: number; readonly isNew: boolean } {
    const known = this.index.idOf(labels);
    return known === undefined ? { id: this.index.add(labels), isNew: true } : { id: known, isNew: false };
  }

  /** Nothing up to this time is taken for the series any more: it is among the stored chunks. */
  setStoredUpTo(seriesId: number, lastMs: number): void {
    const series = this.#of(seriesId);
    series.lastMs = Math.max(series.lastMs, lastMs);
  }

  /**
   * Takes the rows that go on where their series are, as Prometheus does: per series time only grows. Answers the rows that were
   * taken, for the log.
   */
  append({ seriesIds, timestampsMs, values }: SampleBatch, counts: AppendCounts): SampleBatch {
    const rows = seriesIds.length;
    const taken = {
      seriesIds: new Uint32Array(rows),
      timestampsMs: new Float64Array(rows),
      values: new Float64Array(rows),
    };
    const bits = new Uint32Array(values.buffer, values.byteOffset, rows * 2);
    const takenBits = new Uint32Array(taken.values.buffer);
    let count = 0;
    for (let row = 0; row < rows; row += 1) {
      const seriesId = seriesIds[row] as number;
      const timestampMs = timestampsMs[row] as number;
      const high = bits[row * 2 + HIGH_WORD] as number;
      const low = bits[row * 2 + LOW_WORD] as number;
      const series = this.#of(seriesId);
      if (timestampMs > series.lastMs) {
        this.#push(seriesId, series, timestampMs, high, low);
        taken.seriesIds[count] = seriesId;
        taken.timestampsMs[count] = timestampMs;
        takenBits[count * 2 + HIGH_WORD] = high;
        takenBits[count * 2 + LOW_WORD] = low;
        count += 1;
      } else if (timestampMs === series.lastMs && series.lastHigh === high && series.lastLow === low)
        counts.duplicate += 1;
      else counts.outOfOrder += 1;
    }
    counts.stored += count;
    return {
      seriesIds: taken.seriesIds.subarray(0, count),
      timestampsMs: taken.timestampsMs.subarray(0, count),
      values: taken.values.subarray(0, count),
    };
  }

  /** Takes the samples of a chunk that are later than what the series has. */
  appendChunk(seriesId: number, chunk: Uint8Array): void {
    const { timestampsMs, values } = decodeSamples(chunk);
    const seriesIds = new Uint32Array(timestampsMs.length).fill(seriesId);
    this.append({ seriesIds, timestampsMs, values }, { stored: 0, duplicate: 0, outOfOrder: 0 });
  }

  /** Closes the chunks of series of which nothing came since the given time, so that they can be stored and their memory freed. */
  closeIdle(sinceMs: number): void {
    for (const [seriesId, series] of this.#series) if (series.lastMs < sinceMs) this.#close(seriesId, series);
  }

  /** All closed chunks; they stay until {@link forget}. */
  closed(): readonly SampleChunk[] {
    const chunks: SampleChunk[] = [];
    for (const { closed } of this.#series.values()) for (const chunk of closed) chunks.push(chunk);
    return chunks;
  }

  /** Open chunks as they are now. */
  *open(): Iterable<{ readonly seriesId: number; readonly bytes: Uint8Array }> {
    for (const [seriesId, { builder }] of this.#series) {
      if (builder !== undefined) yield { seriesId, bytes: builder.toBytes() };
    }
  }

  /** Lets go of chunks that are stored now. */
  forget(chunks: readonly SampleChunk[]): void {
    const stored = new Set(chunks);
    for (const seriesId of new Set(chunks.map((chunk) => chunk.seriesId))) {
      const series = this.#series.get(seriesId);
      if (series === undefined) continue;
      const left = series.closed.filter((chunk) => !stored.has(chunk));
      this.#closedChunks -= series.closed.length - left.length;
      series.closed.splice(0, series.closed.length, ...left);
    }
  }

  /** Chunks of a series that reach into the time from `fromMs` to `toMs`, both inclusive, oldest first. */
  chunksOf(seriesId: number, fromMs: number, toMs: number): readonly Uint8Array[] {
    const series = this.#series.get(seriesId);
    if (series === undefined) return [];
    const chunks = series.closed
      .filter(({ firstMs, lastMs }) => firstMs <= toMs && lastMs >= fromMs)
      .map(({ bytes }) => bytes);
    const { builder } = series;
    if (builder !== undefined && builder.firstMs <= toMs && builder.lastMs >= fromMs) chunks.push(builder.toBytes());
    return chunks;
  }

  /** Time of the last sample; `undefined` when none is known. */
  lastMsOf(seriesId: number): number | undefined {
    const lastMs = this.#series.get(seriesId)?.lastMs;
    return lastMs === undefined || lastMs === Number.NEGATIVE_INFINITY ? undefined : lastMs;
  }

  /** Takes series away with what is in memory of them. */
  remove(seriesIds: ReadonlySet<number>): void {
    for (const id of seriesIds) {
      this.#closedChunks -= this.#series.get(id)?.closed.length ?? 0;
      this.#series.delete(id);
    }
    this.index.remove(seriesIds);
  }

  #of(seriesId: number): HeadSeries {
    let series = this.#series.get(seriesId);
    if (series === undefined) {
      series = { builder: undefined, closed: [], lastMs: Number.NEGATIVE_INFINITY, lastHigh: -1, lastLow: -1 };
      this.#series.set(seriesId, series);
    }
    return series;
  }

  #push(seriesId: number, series: HeadSeries, timestampMs: number, high: number, low: number): void {
    const { builder } = series;
    if (builder !== undefined && (builder.count >= CHUNK_SAMPLES || timestampMs - builder.firstMs > CHUNK_SPAN_MS)) {
      this.#close(seriesId, series);
    }
    series.builder ??= new SampleChunkBuilder();
    series.builder.append(timestampMs, high, low);
    series.lastMs = timestampMs;
    series.lastHigh = high;
    series.lastLow = low;
  }

  #close(seriesId: number, series: HeadSeries): void {
    const { builder } = series;
    if (builder === undefined) return;
    series.closed.push({
      seriesId,
      firstMs: builder.firstMs,
      lastMs: builder.lastMs,
      count: builder.count,
      bytes: builder.toBytes(),
    });
    this.#closedChunks += 1;
    series.builder = undefined;
  }
}

/**
 * The samples of consecutive chunks between two times, both inclusive, as one. A chunk that is there twice, or reaches into
 * the one before, gives its samples once.
 */
export function joinChunks(chunks: readonly Uint8Array[], fromMs: number, toMs: number): SampleColumns {
  const parts: SampleColumns[] = [];
  let count = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const chunk of chunks) {
    const { timestampsMs, values } = decodeSamples(chunk);
    let start = 0;
    while (
      start < timestampsMs.length &&
      ((timestampsMs[start] as number) < fromMs || (timestampsMs[start] as number) <= lastMs)
    ) {
      start += 1;
    }
    let end = timestampsMs.length;
    while (end > start && (timestampsMs[end - 1] as number) > toMs) end -= 1;
    if (start === end) continue;
    parts.push({ timestampsMs: timestampsMs.subarray(start, end), values: values.subarray(start, end) });
    count += end - start;
    lastMs = timestampsMs[end - 1] as number;
  }
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const joined = { timestampsMs: new Float64Array(count), values: new Float64Array(count) };
  const bytes = new Uint8Array(joined.values.buffer);
  let at = 0;
  for (const { timestampsMs, values } of parts) {
    joined.timestampsMs.set(timestampsMs, at);
    // As bits: a number that is copied may lose those of a marker of staleness.
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at * 8);
    at += timestampsMs.length;
  }
  return joined;
}
