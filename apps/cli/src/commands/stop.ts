import { Command } from 'commander';
import { stopServer } from '../daemon/stop-server.js';
import { addPlaceOptions, type PlaceFlags, resolveConfig } from '../settings.js';
import type { DefineCommand } from './command.js';

/** `vedetta stop` */
export const stopCommand: DefineCommand = (context) =>
  addPlaceOptions(new Command('stop').description('stop the server, after it has stored what it received'))
    .option('--force', 'kill it when it has not stopped after 12 seconds')
    .action(async (flags: PlaceFlags & { force?: boolean }) => {
      const { dataDir } = await resolveConfig(context, flags);
      const stopped = await stopServer(dataDir, { force: flags.force === true, say: context.err });
      context.out(`Stopped Vedetta (pid ${stopped.pid})${stopped.killed ? ', by force' : ''}.`);
    });
