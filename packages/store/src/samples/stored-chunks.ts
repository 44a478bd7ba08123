import type { ChunkTable, StoredChunk } from './chunk-table.js';
import type { SampleChunk } from './sample-head.js';

/** An object, a buffer and their bookkeeping, beside the bytes of a chunk; likewise of a series. */
const CHUNK_BYTES = 250;
const SERIES_BYTES = 200;

/** A series that is asked about, with what is known of its samples in memory at the time. */
export interface AskedSeries {
  readonly id: number;
  /** Where its samples in memory begin: what is stored lies before. Infinity when it has none there. */
  readonly memoryFromMs: number;
  /** Time of its last sample, -Infinity when it has none: nothing stored is later. */
  readonly lastMs: number;
}

/** The stored chunks of a series that reach into a time, without gaps. */
interface Kept {
  fromMs: number;
  /** Infinity where all that follows is here, and will be when more is stored. */
  toMs: number;
  chunks: StoredChunk[];
  sizeBytes: number;
}

/**
 * Reads stored chunks, and keeps those that were stored or read last, packed as they are, up to so many bytes: questions of a dashboard
 * ask for the same time again and again. Whoever changes stored chunks otherwise than by adding later ones calls {@link forget}.
 */
export class StoredChunks {
  readonly #table: Pick<ChunkTable, 'read'>;
  readonly #maxBytes: number;
  /** The series asked about last is the last one. */
  readonly #kept = new Map<number, Kept>();
  #sizeBytes = 0;
  /** Counts what makes answers that are under way incomplete, or wrong. */
  #additions = 0;
  #changes = 0;

  constructor(table: Pick<ChunkTable, 'read'>, maxBytes: number) {
    this.#table = table;
    this.#maxBytes = maxBytes;
  }

  /** Memory of what is kept. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Chunks of the series that reach into the time, both ends inclusive, oldest first. Those that are in memory too may be among them. */
  async read(
    series: readonly AskedSeries[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<number, readonly StoredChunk[]>> {
    const found = new Map<number, readonly StoredChunk[]>();
    const missing: AskedSeries[] = [];
    for (const one of series) {
      // Nothing of it is stored in that time.
      if (one.memoryFromMs <= fromMs || one.lastMs < fromMs) continue;
      const kept = this.#kept.get(one.id);
      if (kept === undefined || fromMs < kept.fromMs || Math.min(toMs, one.lastMs) > kept.toMs) {
        missing.push(one);
        continue;
      }
      this.#kept.delete(one.id);
      this.#kept.set(one.id, kept);
      found.set(
        one.id,
        kept.chunks.filter((chunk) => chunk.firstMs <= toMs && chunk.lastMs >= fromMs),
      );
    }
    if (missing.length === 0) return found;
    const [additions, changes] = [this.#additions, this.#changes];
    const read = await this.#table.read(
      missing.map(({ id }) => id),
      fromMs,
      toMs,
    );
    for (const [id, chunks] of read) found.set(id, chunks);
    if (changes === this.#changes && sizeOf(read.values()) <= this.#maxBytes) {
      for (const one of missing) {
        this.#keep(one, read.get(one.id) ?? [], fromMs, toMs, additions === this.#additions);
      }
      this.#evict();
    }
    return found;
  }

  /** Tells that chunks were stored, of each series the earlier ones first. */
  add(chunks: readonly SampleChunk[]): void {
    this.#additions += 1;
    for (const { seriesId, firstMs, lastMs, bytes } of chunks) {
      const chunk = { windowMs: 0, firstMs, lastMs, bytes };
      const kept = this.#kept.get(seriesId);
      if (kept === undefined) this.#set(seriesId, { fromMs: firstMs, toMs: Number.POSITIVE_INFINITY }, [chunk]);
      else if (kept.toMs === Number.POSITIVE_INFINITY) {
        kept.chunks.push(chunk);
        kept.sizeBytes += sizeOfChunk(chunk);
        this.#sizeBytes += sizeOfChunk(chunk);
      }
    }
    this.#evict();
  }

  /** Lets go of everything. */
  forget(): void {
    this.#changes += 1;
    this.#kept.clear();
    this.#sizeBytes = 0;
  }

  #keep(one: AskedSeries, read: readonly StoredChunk[], fromMs: number, toMs: number, isComplete: boolean): void {
    // What came to be stored meanwhile may be among the chunks or not.
    const storedToMs = Math.min(one.lastMs, one.memoryFromMs - 1);
    const untilMs = isComplete && toMs >= storedToMs ? Number.POSITIVE_INFINITY : Math.min(toMs, storedToMs);
    if (untilMs < fromMs) return;
    const chunks = read.filter(({ firstMs }) => firstMs <= untilMs);
    const kept = this.#kept.get(one.id);
    if (kept === undefined || kept.fromMs > untilMs || kept.toMs < fromMs) {
      this.#set(one.id, { fromMs, toMs: untilMs }, chunks);
      return;
    }
    // Both touch: together they have no gap.
    const known = new Map(kept.chunks.map(({ firstMs, lastMs }) => [firstMs, lastMs]));
    const all = [...kept.chunks, ...chunks.filter(({ firstMs, lastMs }) => known.get(firstMs) !== lastMs)];
    all.sort((a, b) => a.firstMs - b.firstMs);
    this.#set(one.id, { fromMs: Math.min(fromMs, kept.fromMs), toMs: Math.max(untilMs, kept.toMs) }, all);
  }

  #set(id: number, times: { readonly fromMs: number; readonly toMs: number }, chunks: StoredChunk[]): void {
    this.#drop(id);
    const sizeBytes = SERIES_BYTES + sizeOf([chunks]);
    this.#kept.set(id, { ...times, chunks, sizeBytes });
    this.#sizeBytes += sizeBytes;
  }

  #drop(id: number): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#sizeBytes -= kept.sizeBytes;
    this.#kept.delete(id);
  }

  #evict(): void {
    for (const id of this.#kept.keys()) {
      if (this.#sizeBytes <= this.#maxBytes) return;
      this.#drop(id);
    }
  }
}

function sizeOf(lists: Iterable<readonly StoredChunk[]>): number {
  let sizeBytes = 0;
  for (const chunks of lists) for (const chunk of chunks) sizeBytes += sizeOfChunk(chunk);
  return sizeBytes;
}

function sizeOfChunk({ bytes }: StoredChunk): number {
  return bytes.length + CHUNK_BYTES;
}
