import { StoreOpenError } from '../api/store.js';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The engine invalidated itself: it refuses everything until the process opens the file anew. */
export function isFatal(error: unknown): boolean {
  return /^(?:FATAL|INTERNAL) Error|database has been invalidated/m.test(messageOf(error));
}

/** Turns what the engine says when it cannot open a file into the sentence a user reads. */
export function toOpenError(path: string, cause: unknown): StoreOpenError {
  if (cause instanceof StoreOpenError) return cause;
  const message = messageOf(cause);
  const options = { cause };
  if (/lock on file|already open|being used by another process/i.test(message)) {
    const pid = /PID (\d+)/.exec(message)?.[1];
    const holder = pid === undefined ? 'Another process' : `Another process (PID ${pid})`;
    return new StoreOpenError(
      'locked',
      `${holder} has the store ${path} open. Stop it first (\`vedetta stop\`), or start this one with another data directory.`,
      options,
    );
  }
  if (/permission denied|read-only file system|EACCES|EROFS|EPERM/i.test(message)) {
    return new StoreOpenError('not_writable', `The store ${path} cannot be written: ${message}`, options);
  }
  if (
    /not a valid DuckDB|could not read enough bytes|corrupt|checksum|serializ|replaying WAL|WAL file|version number|INTERNAL Error|FATAL|does not match/i.test(
      message,
    )
  ) {
    return new StoreOpenError(
      'damaged',
      `The store ${path} cannot be read: ${firstLine(message)} Move the file and its .wal away to start empty, or restore a backup.`,
      options,
    );
  }
  return new StoreOpenError('failed', `The store ${path} cannot be opened: ${firstLine(message)}`, options);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
