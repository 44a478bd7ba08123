import type { SampleChunk } from './sample-head.js';

/** An object, a buffer and their bookkeeping, beside the bytes of a closed chunk. */
const CHUNK_BYTES = 250;

/** Chunks that wait to be stored, by series, of each oldest first. */
export class ClosedChunks {
  readonly #bySeries = new Map<number, SampleChunk[]>();
  #size = 0;
  #sizeBytes = 0;

  get size(): number {
    return this.#size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(chunk: SampleChunk): void {
    this.#count(chunk, 1);
    const before = this.#bySeries.get(chunk.seriesId);
    if (before === undefined) this.#bySeries.set(chunk.seriesId, [chunk]);
    else before.push(chunk);
  }

  of(seriesId: number): readonly SampleChunk[] {
    return this.#bySeries.get(seriesId) ?? NONE;
  }

  all(): readonly SampleChunk[] {
    return [...this.#bySeries.values()].flat();
  }

  /** Lets go of chunks that are stored now. */
  forget(chunks: readonly SampleChunk[]): void {
    const stored = new Set(chunks);
    for (const seriesId of new Set(chunks.map((chunk) => chunk.seriesId))) {
      const before = this.#bySeries.get(seriesId);
      if (before === undefined) continue;
      const left = before.filter((chunk) => !stored.has(chunk));
      for (const chunk of before) if (stored.has(chunk)) this.#count(chunk, -1);
      if (left.length === 0) this.#bySeries.delete(seriesId);
      else this.#bySeries.set(seriesId, left);
    }
  }

  /** Lets go of a series; answers how many samples that were. */
  remove(seriesId: number): number {
    let samples = 0;
    for (const chunk of this.of(seriesId)) {
      this.#count(chunk, -1);
      samples += chunk.count;
    }
    this.#bySeries.delete(seriesId);
    return samples;
  }

  /** Of what time each series has chunks. */
  *times(): Generator<readonly [firstMs: number, lastMs: number]> {
    for (const chunks of this.#bySeries.values()) {
      const [first, last] = [chunks[0], chunks.at(-1)];
      if (first !== undefined && last !== undefined) yield [first.firstMs, last.lastMs];
    }
  }

  #count({ bytes }: SampleChunk, by: 1 | -1): void {
    this.#size += by;
    this.#sizeBytes += by * (bytes.length + CHUNK_BYTES);
  }
}

const NONE: readonly SampleChunk[] = [];
