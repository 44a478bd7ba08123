import { setTimeout as delay } from 'node:timers/promises';
import { CliFailure } from '../failure.js';
import { type PidRecord, readPidFile, removeStalePidFile } from './pid-file.js';
import { processIdentity } from './process-identity.js';

/** The server cuts connections after 10 s; then it closes its store. */
const DRAIN_LIMIT_MS = 12_000;
const KILL_LIMIT_MS = 3000;
const POLL_MS = 25;

export interface StopOptions {
  /** Kill the server when it has not ended in time. */
  readonly force: boolean;
  readonly say: (line: string) => void;
}

export interface StoppedServer {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly killed: boolean;
}

/**
 * Asks the server of a data directory to end and waits until it has. Signals nothing but the process that wrote the PID
 * file. Throws `notRunning` or `notStopped`.
 */
export async function stopServer(dataDir: string, options: StopOptions): Promise<StoppedServer> {
  const state = readPidFile(dataDir);
  if (state.kind === 'stale') {
    await removeStalePidFile(dataDir);
    throw new CliFailure(
      'notRunning',
      `Vedetta is not running: the PID file was stale (${state.reason}) and is removed.`,
    );
  }
  if (state.kind === 'absent')
    throw new CliFailure('notRunning', `Vedetta is not running (data directory ${dataDir}).`);
  const { record } = state;
  const answer = { pid: record.pid, host: record.host, port: record.port };

  signal(record, 'SIGTERM');
  if (await hasEnded(record, DRAIN_LIMIT_MS)) return { ...answer, killed: false };
  if (!options.force) {
    throw new CliFailure(
      'notStopped',
      `Vedetta (pid ${record.pid}) has not ended within ${DRAIN_LIMIT_MS / 1000} seconds.\n` +
        'It may still be storing data: try again, or "vedetta stop --force" to kill it (nothing acknowledged is lost).',
    );
  }
  options.say(`Vedetta (pid ${record.pid}) has not ended within ${DRAIN_LIMIT_MS / 1000} seconds: killing it.`);
  signal(record, 'SIGKILL');
  if (!(await hasEnded(record, KILL_LIMIT_MS))) {
    throw new CliFailure(
      'notStopped',
      `Vedetta (pid ${record.pid}) cannot be killed; the system may be waiting for its disk.`,
    );
  }
  await removeStalePidFile(dataDir);
  return { ...answer, killed: true };
}

/** Sends a signal, if the process is still the one that wrote the file. */
function signal(record: PidRecord, name: NodeJS.Signals): void {
  if (processIdentity(record.pid) !== record.identity) return;
  try {
    process.kill(record.pid, name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ESRCH') return;
    if (code === 'EPERM') {
      throw new CliFailure(
        'notPermitted',
        `Vedetta (pid ${record.pid}) runs as another user: stop it as that user or as root.`,
      );
    }
    throw error;
  }
}

async function hasEnded(record: PidRecord, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (processIdentity(record.pid) === record.identity) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
