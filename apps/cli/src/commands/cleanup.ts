import { statSync } from 'node:fs';
import { Command } from 'commander';
import { CliFailure } from '../failure.js';
import { formatBytes, formatCount } from '../output/units.js';
import { findServer } from '../server-address.js';
import { addPlaceOptions, type PlaceFlags, parseDays } from '../settings.js';
import type { DefineCommand } from './command.js';

/** `vedetta cleanup` */
export const cleanupCommand: DefineCommand = (context) =>
  addPlaceOptions(
    new Command('cleanup').description('delete requests and metric samples older than their retention times'),
  )
    .option('--days <n>', "delete what is older than this many days (the server's retention.days)", parseDays)
    .option('--yes', 'needed with --days 0, which deletes everything')
    .action(async (flags: PlaceFlags & { days?: number; yes?: boolean }) => {
      if (flags.days === 0 && !flags.yes) {
        throw new CliFailure('usage', '--days 0 deletes every request. Add --yes if that is what you want.');
      }
      const { client } = await findServer(context, flags);
      const { store, samples } = await client.status();
      const days = flags.days ?? store.retention_days;
      const samplesDays = flags.days ?? samples.retention_days;
      const sizeBefore = databaseBytes(store.path);
      const deleted = await client.clearLogs(days, samplesDays);
      const freed = Math.max(0, sizeBefore - databaseBytes(store.path));
      context.out(
        `Deleted ${formatCount(deleted.requests)} requests older than ${inDays(days)} ` +
          `(${formatCount(deleted.spans)} spans, ${formatCount(deleted.phases)} phases, ${formatCount(deleted.events)} events); ` +
          `${formatBytes(freed)} of disk freed.`,
      );
      context.out(
        `Deleted ${formatCount(deleted.samples)} metric samples older than ${inDays(samplesDays)} ` +
          `(${formatCount(deleted.series)} series ended).`,
      );
      if (deleted.archive_dir !== null) {
        context.out(`Archived ${formatCount(deleted.archived)} requests before, in ${deleted.archive_dir}`);
      }
    });

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

/** Size of the database with its log; 0 when it is on another machine. The server's own figure may be seconds old. */
function databaseBytes(path: string): number {
  const sizes = [path, `${path}.wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
