import type { Labels } from './labels.js';
import type { LoggedSeries } from './log-record.js';
import type { SampleChunk } from './sample-head.js';

/** Where chunks of samples are kept for good: what an adapter gives to the sample store. */
export interface ChunkTable {
  /** 16 bytes that no other database has, made when it is first asked. */
  id(): Promise<Uint8Array>;
  /** Hands over every series that is kept, ascending by id, and the time of its last stored sample (-Infinity when it has no chunk). */
  load(take: (id: number, labels: Labels, lastMs: number) => void): Promise<void>;
  /** Adds series and chunks, all or nothing, durable when it resolves. */
  write(series: readonly LoggedSeries[], chunks: readonly SampleChunk[]): Promise<void>;
  /** Chunks of the given series that reach into the time, both ends inclusive; of each series oldest first. */
  read(
    seriesIds: readonly number[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<number, readonly StoredChunk[]>>;
  /** Where the oldest chunk of a tier begins, of those that begin at a time or later and end before another; `undefined` when there is none. */
  oldest(windowMs: number, beforeMs: number, fromMs: number): Promise<number | undefined>;
  /**
   * Puts what `thin` makes of them in the place of chunks of a tier that begin in a block, for some hundred series from `fromId` on.
   * All or nothing. `undefined` when no series is left.
   */
  replace(block: TierBlock, fromId: number, thin: ThinSeries): Promise<ReplacedChunks | undefined>;
  /** Deletes chunks that end before the time, in steps, and with the last one the given series. */
  delete(
    beforeMs: number,
    seriesIds: readonly number[],
  ): Promise<{ readonly chunks: number; readonly samples: number }>;
  /** Ids of series that have a chunk which reaches into the time, both ends inclusive. */
  seriesWithin(fromMs: number, toMs: number): Promise<ReadonlySet<number>>;
}

/** A chunk as it is stored. */
export interface StoredChunk {
  /** 0 for samples as they came, else the width of the windows they were thinned out to. */
  readonly windowMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly bytes: Uint8Array;
}

/** Chunks of one tier by the time of their first samples. */
export interface TierBlock {
  /** Tier of the chunks; 0 for samples as they came. */
  readonly windowMs: number;
  /** Tier they are to be in. */
  readonly toWindowMs: number;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

/** Makes one chunk of some, oldest first. */
export type ThinSeries = (seriesId: number, chunks: readonly Uint8Array[]) => SampleChunk;

export interface ReplacedChunks {
  readonly samplesBefore: number;
  readonly samplesAfter: number;
  /** The series to go on with. */
  readonly nextId: number;
}
