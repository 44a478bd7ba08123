/** Keeping the store small, healthy and known. */
export interface MaintenanceStore {
  /** Deletes requests (with spans, phases, events, scores) that started before the given time and frees their disk space. Never stalls the writer. */
  deleteBefore(unixMs: number): Promise<DeletedCounts>;
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
