import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerUrls } from '@vedetta/server';
import { CliFailure, errorCode } from '../failure.js';
import { closeLog, logFilePath, openLog, rotateLog } from './log-file.js';
import { endPosition, tailText } from './log-tail.js';
import { parseStartReport, type StartReport } from './start-report.js';

/** A database that was killed replays its log first, which takes seconds when it is large. */
const START_LIMIT_MS = 60_000;

const ENTRY = fileURLToPath(new URL('./entry.js', new URL('../', import.meta.url)));

export interface SpawnedServer {
  readonly pid: number;
  readonly urls: ServerUrls;
}

/**
 * Starts `vedetta start --foreground` with these arguments in a process of its own, detached from this terminal, with its
 * output in the log of the data directory, and waits until it answers. Throws the failure that the server reports, or
 * `notStarted` with the end of its output when it dies without a word.
 */
export async function spawnServer(
  dataDir: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<SpawnedServer> {
  const log = prepareLog(dataDir);
  const logStart = endPosition(logFilePath(dataDir));
  const child = spawn(process.execPath, [ENTRY, 'start', '--foreground', ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeLog(log);
  try {
    const report = await waitForReport(child, logFilePath(dataDir), logStart);
    if (report.kind === 'failed') throw new CliFailure(report.exit, report.message);
    return { pid: child.pid ?? 0, urls: report.urls };
  } finally {
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function waitForReport(child: ChildProcess, logFile: string, logStart: number): Promise<StartReport> {
  return new Promise((resolve) => {
    const fail = (message: string) => settle({ kind: 'failed', exit: 'notStarted', message });
    const timer = setTimeout(() => {
      fail(`Vedetta has not answered within ${START_LIMIT_MS / 1000} seconds; it goes on trying (pid ${child.pid}).`);
    }, START_LIMIT_MS);
    const settle = (report: StartReport): void => {
      clearTimeout(timer);
      resolve(report);
    };
    const failWhenGone = (): void => {
      // A report may still be under way when the process is gone: the channel closes after it.
      if ((child.exitCode === null && child.signalCode === null) || child.connected) return;
      const how = child.signalCode === null ? `with code ${child.exitCode}` : `by ${child.signalCode}`;
      fail(
        `Vedetta ended ${how} while it started. The end of its log (${logFile}):\n${tailText(logFile, 10, logStart)}`,
      );
    };
    child.on('message', (message) => {
      const report = parseStartReport(message);
      if (report !== undefined) settle(report);
    });
    child.on('error', (error) => fail(`Vedetta could not be started: ${error.message}`));
    child.on('exit', failWhenGone);
    child.on('disconnect', failWhenGone);
  });
}

function prepareLog(dataDir: string): number {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    rotateLog(dataDir);
    return openLog(dataDir);
  } catch (error) {
    throw dataDirFailure(dataDir, error);
  }
}

/** The failure that says why a data directory cannot be used. */
export function dataDirFailure(dataDir: string, error: unknown): unknown {
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CliFailure(
        'notPermitted',
        `The data directory ${dataDir} cannot be written (${errorCode(error)}).\nChoose another with --data-dir or VEDETTA_DATA_DIR, or change its owner.`,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new CliFailure(
        'configuration',
        `The data directory ${dataDir} is not a directory. Choose another with --data-dir.`,
      );
    case 'ENOSPC':
      return new CliFailure('notStarted', `The disk of the data directory ${dataDir} is full.`);
    default:
      return error;
  }
}
