import { Command } from 'commander';
import { stopServer } from '../daemon/stop-server.js';
import { CliFailure } from '../failure.js';
import { addServerOptions, parsePort, resolveConfig, type ServerFlags } from '../settings.js';
import type { DefineCommand } from './command.js';
import { startInBackground } from './start.js';

/** `vedetta restart [PORT]` */
export const restartCommand: DefineCommand = (context) =>
  addServerOptions(
    new Command('restart')
      .description('stop the server and start it again, on the same port unless another is given')
      .argument('[port]', 'port of page, API and OTLP', parsePort),
  )
    .option('--force', 'kill it when it has not stopped after 12 seconds')
    .action(async (port: number | undefined, options: ServerFlags & { force?: boolean }) => {
      const { force, ...rest } = options;
      const { dataDir } = await resolveConfig(context, rest);
      const before = await stopServer(dataDir, { force: force === true, say: context.err }).catch((error) => {
        if (error instanceof CliFailure && error.exit === 'notRunning') {
          context.err(`${error.message.split('\n')[0]} Starting it.`);
          return undefined;
        }
        throw error;
      });
      if (before !== undefined) context.err(`Stopped Vedetta (pid ${before.pid})${before.killed ? ', by force' : ''}.`);
      const chosen = port ?? before?.port;
      const host = rest.host ?? before?.host;
      await startInBackground(context, {
        ...rest,
        ...(chosen === undefined ? {} : { port: chosen }),
        ...(host === undefined ? {} : { host }),
      });
    });
