import { closeSync, copyFileSync, openSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'vedetta.log';

/** A log is cut when it reaches this size, and as many old ones are kept: at most 50 MB on disk. */
const MAX_LOG_BYTES = 10_000_000;
const KEPT_LOGS = 4;

/** How often the size is looked at. */
const CHECK_INTERVAL_MS = 2000;

/** Path of the log of a background server in its data directory. */
export function logFilePath(dataDir: string): string {
  return join(dataDir, NAME);
}

/** Opens the log for appending, for a child's standard output and error. The caller closes it. */
export function openLog(dataDir: string): number {
  return openSync(logFilePath(dataDir), 'a', 0o600);
}

/**
 * Copies the log away and empties it when it has grown too large; answers whether it did. The file stays the same one, so
 * that everything that holds it open (this process' standard output, also when it crashes) goes on writing to it.
 */
export function rotateLog(dataDir: string, maxBytes = MAX_LOG_BYTES): boolean {
  const file = logFilePath(dataDir);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < maxBytes) return false;
  rmSync(`${file}.${KEPT_LOGS}`, { force: true });
  for (let i = KEPT_LOGS - 1; i >= 1; i--) {
    if (statSync(`${file}.${i}`, { throwIfNoEntry: false })) renameSync(`${file}.${i}`, `${file}.${i + 1}`);
  }
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
  return true;
}

/** Keeps the log bounded while this process runs; the answered function stops that. */
export function keepLogBounded(dataDir: string): () => void {
  const timer = setInterval(() => {
    try {
      rotateLog(dataDir);
    } catch {
      // A full or read-only disk: the next look tries again, and the server reports the disk itself.
    }
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Closes what {@link openLog} opened. */
export function closeLog(descriptor: number): void {
  closeSync(descriptor);
}
