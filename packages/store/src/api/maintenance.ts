/** Keeping the store small, healthy and known. */
export interface MaintenanceStore {
  /**
   * Deletes traces whose last request started before the given time, with all their requests, spans, phases, events and
   * scores; and events and scores before it that stand alone. In small steps: the writer is never held up for long. Disk
   * space is freed in the background; {@link freeDiskSpace} waits for it. A span of a deleted request that arrives later is
   * taken for a new, partial request.
   */
  deleteBefore(unixMs: number): Promise<DeletedCounts>;
  /** Gives space that deleted data held back to the disk, as far as that is worth the work. Resolves when nothing is left to do. */
  freeDiskSpace(): Promise<void>;
  /** Real write and real read of a probe row: what readiness asks. Throws with the engine's reason. */
  probe(): Promise<void>;
  info(): Promise<StoreInfo>;
  /** Marks running requests that were last heard of before the given time as `timeout`; answers how many. */
  expireRunning(lastSeenBeforeUnixMs: number): Promise<number>;
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
