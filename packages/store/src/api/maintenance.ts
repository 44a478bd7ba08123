import type { CallCost, CustomEventRow, LlmCallRow, ScoreRow, TimeRange } from '@vedetta/model';
import type { RequestKey } from './request-reader.js';

/** Keeping the store small, healthy and known. */
export interface MaintenanceStore {
  /**
   * Deletes traces whose last request started before the given time, with all their requests, spans, phases, LLM
   * calls, events and scores; and events and scores before it that stand alone. In small steps: the writer is never held up for long. Disk
   * space is freed in the background; {@link freeDiskSpace} waits for it. A span of a deleted request that arrives later is
   * taken for a new, partial request. One deletion runs at a time, others wait.
   *
   * With an archive, everything is handed to it before it is deleted, a step at a time, while writes go on. What a write
   * changes or adds meanwhile is not deleted; the next deletion hands it over anew. When the archive rejects, so does this,
   * and nothing of that step or a later one is deleted.
   */
  deleteBefore(unixMs: number, archive?: Archive): Promise<DeletedCounts>;
  /**
   * Sets anew what stored LLM calls cost, of those that start in the range, and with it the costs of their requests. `price` is
   * asked for some thousands at a time, oldest first, and answers one cost a call, `undefined` when it is not known; costs that a
   * sender supplied are neither asked for nor changed. In small steps, each whole: the writer is never held up for long, and
   * when `price` throws, or the process dies, the steps before it stay. Running it again gives the same. Listeners of commits
   * are not told. One runs at a time, others wait. Throws RangeError when `price` answers another number of costs than it was asked for.
   */
  recost(range: TimeRange, price: PriceCalls): Promise<RecostCounts>;
  /** Gives space that deleted data held back to the disk, as far as that is worth the work. Resolves when nothing is left to do. */
  freeDiskSpace(): Promise<void>;
  /** Real write and real read of a probe row: what readiness asks. Throws with the engine's reason. */
  probe(): Promise<void>;
  info(): Promise<StoreInfo>;
  /** Marks running requests that were last heard of before the given time as `timeout`; answers how many. */
  expireRunning(lastSeenBeforeUnixMs: number): Promise<number>;
}

/** Says what calls cost, one answer a call in their order; `undefined` when that is not known. */
export type PriceCalls = (calls: readonly LlmCallRow[]) => readonly (CallCost | undefined)[];

/** What {@link MaintenanceStore.recost} did. */
export interface RecostCounts {
  /** LLM calls in the range whose cost no sender supplied. */
  readonly calls: number;
  /** Those whose cost is another than before. */
  readonly changed: number;
}

/** Keeps what is about to be deleted; it may be deleted as soon as the promise resolves. */
export type Archive = (batch: DoomedBatch) => Promise<void>;

/** What a step is about to delete: whole traces with requests, or events and scores that stand alone. Some hundreds, by time. */
export interface DoomedBatch {
  /** All requests of the traces, for `RequestReader.detailOf`. */
  readonly requests: readonly RequestKey[];
  readonly customEvents: readonly CustomEventRow[];
  /** They may name a request, also one that was deleted or never came. */
  readonly scores: readonly ScoreRow[];
}

export interface DeletedCounts {
  readonly requests: number;
  readonly spans: number;
  readonly phases: number;
  readonly customEvents: number;
}

export interface StoreInfo {
  readonly engine: string;
  readonly engineVersion: string;
  readonly schemaVersion: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly requests: number;
  readonly spans: number;
  readonly oldestRequestUnixMs: number | undefined;
}
