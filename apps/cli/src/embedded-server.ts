import type { ResolvedConfig, RunningServer } from '@vedetta/server';
import { openLogWriter } from './daemon/log-file.js';
import { CliFailure, errorMessage } from './failure.js';
import { portTaken } from './start-failures.js';

/**
 * Where the server's log goes: the log `file` of the data directory (in the background, and in a terminal, where it would
 * bury what matters), or `standard-error` (under a supervisor or in a container).
 */
export type LogTarget = 'file' | 'standard-error';

/** Starts the server in this process. Throws the {@link CliFailure} that says why it cannot. */
export async function startEmbedded(config: ResolvedConfig, log: LogTarget): Promise<RunningServer> {
  const { startServer } = await import('@vedetta/server');
  try {
    const logStream = log === 'file' ? openLogWriter(config.dataDir) : process.stderr;
    return await startServer(config, { logStream });
  } catch (error) {
    throw await toFailure(error, config);
  }
}

async function toFailure(error: unknown, config: ResolvedConfig): Promise<unknown> {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const message = `Vedetta did not start: ${errorMessage(error)}`;
  if (error.name === 'ServerStartError') {
    switch (error.code) {
      case 'port_taken':
        return portTaken(config.host, config.port);
      case 'port_not_permitted':
        return new CliFailure('notPermitted', message);
      default:
        return new CliFailure('configuration', message);
    }
  }
  // The store's own class is not for this package: apps/server hands it through, name and code are its contract.
  if (error.name !== 'StoreOpenError') return error;
  switch (error.code) {
    case 'locked':
      return new CliFailure('storeLocked', message);
    case 'not_writable':
      return new CliFailure('notPermitted', message);
    case 'newer_schema':
      return new CliFailure('newerData', message);
    default:
      return new CliFailure('notStarted', message);
  }
}
