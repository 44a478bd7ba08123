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
  read(seriesIds: readonly number[], fromMs: number, toMs: number): Promise<ReadonlyMap<number, readonly Uint8Array[]>>;
  /** Deletes chunks that end before the time, in steps, and with the last one the given series. */
  delete(
    beforeMs: number,
    seriesIds: readonly number[],
  ): Promise<{ readonly chunks: number; readonly samples: number }>;
  /** Ids of series that have a chunk which ends at the time or later. */
  seriesSince(unixMs: number): Promise<ReadonlySet<number>>;
}
