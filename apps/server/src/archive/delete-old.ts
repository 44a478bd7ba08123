import path from 'node:path';
import type { DeletedCounts, DoomedBatch } from '@vedetta/store';
import type { ServerContext } from '../server-context.js';
import { archiveBatch } from './archive-batch.js';

const ARCHIVE_FOLDER = 'archive';

/** What a deletion needs of the server. */
export type DeletionParts = Pick<ServerContext, 'store' | 'config' | 'counters' | 'now'>;

/** What a deletion did. */
export interface Deletion extends DeletedCounts {
  /** Requests written to the archive; more than were deleted when some changed meanwhile. */
  readonly archived: number;
  /** Folder of the archive; `undefined` when it is off. */
  readonly archiveDir: string | undefined;
}

/** The archive could not be written; the message says why. What was not archived is still there. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * Deletes what the store deletes before a time, each step archived first where `retention.archive` says so. An archive that
 * cannot be written ends the deletion with an {@link ArchiveError} and is counted. The signal ends it with its own reason.
 * Nothing is deleted that was not written.
 */
export async function deleteOld(
  { store, config, counters, now }: DeletionParts,
  beforeUnixMs: number,
  signal?: AbortSignal,
): Promise<Deletion> {
  if (!config.retention.archive) {
    return { ...(await store.maintenance.deleteBefore(beforeUnixMs)), archived: 0, archiveDir: undefined };
  }
  const folder = path.join(config.dataDir, ARCHIVE_FOLDER);
  let archived = 0;
  const archive = async (batch: DoomedBatch): Promise<void> => {
    try {
      archived += await archiveBatch(batch, { folder, requests: store.requests, now, signal });
      counters.archiveFailure = '';
    } catch (error) {
      if (signal?.aborted === true) throw error;
      counters.archiveFailures += 1;
      counters.archiveFailure = error instanceof Error ? error.message : String(error);
      throw new ArchiveError(`the archive could not be written to ${folder}: ${counters.archiveFailure}`, {
        cause: error,
      });
    }
  };
  const deleted = await store.maintenance.deleteBefore(beforeUnixMs, archive);
  counters.archiveFailure = '';
  return { ...deleted, archived, archiveDir: folder };
}
