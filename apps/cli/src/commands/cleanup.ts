import { Command } from 'commander';
import { CliFailure } from '../failure.js';
import { formatBytes, formatCount } from '../output/units.js';
import { findServer } from '../server-address.js';
import { addPlaceOptions, type PlaceFlags, parseDays } from '../settings.js';
import type { DefineCommand } from './command.js';

/** `vedetta cleanup` */
export const cleanupCommand: DefineCommand = (context) =>
  addPlaceOptions(new Command('cleanup').description('delete requests older than the retention time'))
    .option('--days <n>', "delete what is older than this many days (the server's retention.days)", parseDays)
    .option('--yes', 'needed with --days 0, which deletes everything')
    .action(async (flags: PlaceFlags & { days?: number; yes?: boolean }) => {
      if (flags.days === 0 && !flags.yes) {
        throw new CliFailure('usage', '--days 0 deletes every request. Add --yes if that is what you want.');
      }
      const { client } = await findServer(context, flags);
      const before = (await client.status()).store;
      const days = flags.days ?? before.retention_days;
      const deleted = await client.clearLogs(days);
      const after = (await client.status()).store;
      const freed = Math.max(0, before.size_bytes - after.size_bytes);
      context.out(
        `Deleted ${formatCount(deleted.requests)} requests older than ${days} days ` +
          `(${formatCount(deleted.spans)} spans, ${formatCount(deleted.phases)} phases, ${formatCount(deleted.events)} events); ` +
          `${formatBytes(freed)} freed.`,
      );
      context.out(`${formatCount(after.requests)} requests are left, ${formatBytes(after.size_bytes)} on disk.`);
    });
