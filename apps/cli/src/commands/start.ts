import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { logFilePath } from '../daemon/log-file.js';
import { readPidFile } from '../daemon/pid-file.js';
import { dataDirFailure, spawnServer } from '../daemon/spawn-server.js';
import { runningBlock } from '../running-block.js';
import { serve } from '../serve.js';
import { addServerOptions, parsePort, resolveConfig, type ServerFlags, toServerArguments } from '../settings.js';
import { alreadyRunning } from '../start-failures.js';
import type { DefineCommand } from './command.js';

/** `vedetta start [PORT]` */
export const startCommand: DefineCommand = (context) =>
  addServerOptions(
    new Command('start')
      .description('start the server, in the background unless told otherwise')
      .argument('[port]', 'port of page, API and OTLP (VEDETTA_PORT, 8080)', parsePort),
  )
    .option('--foreground', 'run in this terminal until Ctrl-C, for supervisors and containers')
    .action(async (port: number | undefined, options: ServerFlags & { foreground?: boolean }) => {
      const { foreground, ...rest } = options;
      const flags: ServerFlags = { ...rest, ...(port === undefined ? {} : { port }) };
      if (foreground) await serve(context, await resolveConfig(context, flags));
      else await startInBackground(context, flags);
    });

/** Starts a server in a process of its own and prints where it is; a stale PID file is told of and replaced. */
export async function startInBackground(context: CliContext, flags: ServerFlags): Promise<void> {
  const config = await resolveConfig(context, flags);
  const state = readState(config.dataDir);
  if (state.kind === 'live') throw alreadyRunning(state.record, config.dataDir);
  if (state.kind === 'stale') context.err(`Removed a stale PID file (${state.reason}).`);
  const server = await spawnServer(config.dataDir, toServerArguments(flags), context.cwd, context.env);
  const details = { pid: server.pid, log: logFilePath(config.dataDir) };
  for (const line of runningBlock(server.urls, config, context.style, details)) context.out(line);
}

function readState(dataDir: string): ReturnType<typeof readPidFile> {
  try {
    return readPidFile(dataDir);
  } catch (error) {
    throw dataDirFailure(dataDir, error);
  }
}
