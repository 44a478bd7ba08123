import { setMaxListeners } from 'node:events';
import type { ResolvedConfig, RunningServer } from '@vedetta/server';
import type { CliContext } from './context.js';
import { logFilePath } from './daemon/log-file.js';
import { announceRunning, claimPidFile, releasePidFile } from './daemon/pid-file.js';
import { dataDirFailure } from './daemon/spawn-server.js';
import { hasStarter, tellStarter } from './daemon/start-report.js';
import { type LogTarget, startEmbedded } from './embedded-server.js';
import { CliFailure } from './failure.js';
import { runningBlock } from './running-block.js';
import { alreadyRunning, requireUsablePort } from './start-failures.js';

/** Time that is left to what still holds the process after the server has closed. */
const LINGER_MS = 1000;

/** One Ctrl-C arrives twice under npm: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 1000;

/** What is done besides serving, such as the traffic of `vedetta demo`; ends when `stopping` fires. */
export type WhileRunning = (server: RunningServer, stopping: AbortSignal) => Promise<void>;

/**
 * Runs the server in this process until it is told to stop, then stores what is under way and ends. Owns the PID file while
 * it runs. Throws the failure when the server cannot start; a command that waits for this process is told it too.
 */
export async function serve(context: CliContext, config: ResolvedConfig, whileRunning?: WhileRunning): Promise<void> {
  const inBackground = hasStarter();
  const log: LogTarget = inBackground || context.columns !== undefined ? 'file' : 'standard-error';
  const stopping = stopSignal();
  let server: RunningServer;
  try {
    server = await startClaimed(context, config, log);
  } catch (error) {
    if (error instanceof CliFailure) await tellStarter({ kind: 'failed', exit: error.exit, message: error.message });
    throw error;
  }
  try {
    if (inBackground) await tellStarter({ kind: 'ready', urls: server.urls });
    else {
      const file = log === 'file' ? logFilePath(config.dataDir) : undefined;
      for (const line of runningBlock(server.urls, config, context.style, { log: file })) context.out(line);
    }
    await whileRunning?.(server, stopping);
    await aborted(stopping);
    if (!inBackground) context.out('Stopping: storing what is under way…');
  } finally {
    await server.close();
    releasePidFile(config.dataDir);
  }
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

async function startClaimed(context: CliContext, config: ResolvedConfig, log: LogTarget): Promise<RunningServer> {
  const claim = await claimPidFile(config.dataDir, config.host, config.port).catch((error) => {
    throw dataDirFailure(config.dataDir, error);
  });
  if (claim.kind === 'running') throw alreadyRunning(claim.record, config.dataDir);
  if (claim.cleaned !== undefined) context.err(`Removed a stale PID file (${claim.cleaned}).`);
  try {
    // Before the database is opened, which may take long: a wrong port is told of at once.
    await requireUsablePort(config.host, config.port);
    const server = await startEmbedded(config, log);
    announceRunning(config.dataDir, config.host, Number(new URL(server.urls.page).port));
    return server;
  } catch (error) {
    releasePidFile(config.dataDir);
    throw error;
  }
}

/** Aborted by the first SIGINT, SIGTERM or SIGHUP (the terminal was closed); a later one ends the process where it stands. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  // What runs besides the server listens once for each thing it waits for; the demo has hundreds under way.
  setMaxListeners(0, controller.signal);
  let abortedAtMs = 0;
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) {
        abortedAtMs = performance.now();
        controller.abort();
      } else if (performance.now() - abortedAtMs > SAME_SIGNAL_MS) process.exit(128 + number);
    });
  }
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A promise alone keeps no process alive; the server's sockets do.
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
