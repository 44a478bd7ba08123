import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../failure.js';

const NAME = 'vedetta.log';

/** A log is cut when it reaches this size, and as many old ones are kept: at most 50 MB on disk. */
const MAX_LOG_BYTES = 10_000_000;
const KEPT_LOGS = 4;

const LOST_MESSAGE = 'lines of the log are lost: the disk did not take them';

/** Path of the log of a server in its data directory. */
export function logFilePath(dataDir: string): string {
  return join(dataDir, NAME);
}

/** Opens the log for appending, for a child's standard output and error. The caller closes it. */
export function openLog(dataDir: string): number {
  return openSync(logFilePath(dataDir), 'a', 0o600);
}

/**
 * Copies the log away and empties it when it has grown too large; answers whether it did. The file stays the same one, so
 * that everything that holds it open (this process' standard output, also when it crashes) goes on writing to it. Nothing
 * that this process writes is lost: copying and emptying leave it no turn in between.
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

/** Where a server writes its log, a line at a time. */
export interface LogWriter {
  write(line: string): void;
}

/**
 * Writes lines to the log of a data directory, each before `write` returns, and keeps the log bounded. Holds the file open as
 * long as the process lives. A disk that takes no line ends nothing: the lines are counted, and told of by the next one it takes.
 */
export function openLogWriter(dataDir: string, maxBytes = MAX_LOG_BYTES): LogWriter {
  const descriptor = openLog(dataDir);
  let sizeBytes = fstatSync(descriptor).size;
  const lost = { lines: 0, reason: '' };
  const append = (line: string): void => {
    writeSync(descriptor, line);
    sizeBytes += Buffer.byteLength(line);
  };
  return {
    write(line) {
      try {
        if (lost.lines > 0) append(`${JSON.stringify({ level: 40, time: Date.now(), ...lost, msg: LOST_MESSAGE })}\n`);
        lost.lines = 0;
        append(line);
      } catch (error) {
        lost.lines += 1;
        lost.reason = errorMessage(error);
      }
      if (sizeBytes < maxBytes) return;
      // When the disk takes no copy, the next attempt is as many bytes away: not one for each line.
      sizeBytes = 0;
      try {
        rotateLog(dataDir, maxBytes);
      } catch {
        // The log grows on meanwhile, and the server reports a disk that is full.
      }
    },
  };
}

/** Closes what {@link openLog} opened. */
export function closeLog(descriptor: number): void {
  closeSync(descriptor);
}
