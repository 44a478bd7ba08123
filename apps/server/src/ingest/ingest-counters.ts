/** What the server counts about itself; shown in `/api/status`. Every span received ends in exactly one of the others. */
export interface IngestCounters {
  receivedSpans: number;
  storedSpans: number;
  duplicateSpans: number;
  /** Spans that can never be accepted (bad ids, over a limit). */
  rejectedSpans: number;
  /** Bodies refused with 503 because the queue or the memory for bodies was full. */
  refusedBusy: number;
  /** Bodies that could not be decoded. */
  invalidBodies: number;
  /** Writes that the store failed. */
  failedWrites: number;
  /** Secrets and personal data replaced in texts. */
  redactions: number;
  /** Deletions that ended because the archive could not be written. */
  archiveFailures: number;
  /** Why the latest could not; `''` when it could. */
  archiveFailure: string;
  /** When a body was refused or a write failed last, milliseconds since the epoch; 0 before the first. */
  lastRefusedUnixMs: number;
  lastFailedUnixMs: number;
}

export function createIngestCounters(): IngestCounters {
  return {
    receivedSpans: 0,
    storedSpans: 0,
    duplicateSpans: 0,
    rejectedSpans: 0,
    refusedBusy: 0,
    invalidBodies: 0,
    failedWrites: 0,
    redactions: 0,
    archiveFailures: 0,
    archiveFailure: '',
    lastRefusedUnixMs: 0,
    lastFailedUnixMs: 0,
  };
}

/** Counts a body that was refused because there was no room for it. */
export function countRefused(counters: IngestCounters, nowUnixMs: number): void {
  counters.refusedBusy += 1;
  counters.lastRefusedUnixMs = nowUnixMs;
}

/** Counts a write that the store failed. */
export function countFailed(counters: IngestCounters, nowUnixMs: number): void {
  counters.failedWrites += 1;
  counters.lastFailedUnixMs = nowUnixMs;
}
