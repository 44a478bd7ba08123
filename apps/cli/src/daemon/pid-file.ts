import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../failure.js';
import { processIdentity } from './process-identity.js';

const NAME = 'vedetta.pid';

/** The claim holds its lock for a few system calls; one that is older was left by a process that died in between. */
const ABANDONED_CLAIM_MS = 5000;
const CLAIM_POLL_MS = 10;

/** What the PID file says about the server that wrote it. */
export interface PidRecord {
  readonly pid: number;
  /** See {@link processIdentity}: who had the number when the file was written. */
  readonly identity: string;
  readonly host: string;
  readonly port: number;
  readonly startedAt: string;
  readonly state: 'starting' | 'running';
}

/** `stale`: the file is there and its process is not; `reason` says how that is known. */
export type PidFileState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'live'; readonly record: PidRecord }
  | { readonly kind: 'stale'; readonly reason: string };

/** Outcome of {@link claimPidFile}. */
export type Claim =
  | { readonly kind: 'claimed'; readonly cleaned: string | undefined }
  | { readonly kind: 'running'; readonly record: PidRecord };

/** Path of the PID file in a data directory. */
export function pidFilePath(dataDir: string): string {
  return join(dataDir, NAME);
}

/**
 * Reads the PID file and looks whether its process is still the one that wrote it. Whatever the file holds, nothing is
 * signalled. Throws when the file cannot be read for lack of permission.
 */
export function readPidFile(dataDir: string): PidFileState {
  let text: string;
  try {
    text = readFileSync(pidFilePath(dataDir), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return { kind: 'absent' };
    throw error;
  }
  const record = parseRecord(text);
  if (record === undefined) return { kind: 'stale', reason: 'its content is not a PID record' };
  const identity = processIdentity(record.pid);
  if (identity === undefined) return { kind: 'stale', reason: `process ${record.pid} has ended` };
  if (identity !== record.identity) return { kind: 'stale', reason: `process ${record.pid} is another program now` };
  return { kind: 'live', record };
}

/**
 * Makes this process the one server of a data directory, or says who is. A stale file is replaced. Of several processes
 * that claim at once exactly one gets it.
 */
export async function claimPidFile(dataDir: string, host: string, port: number): Promise<Claim> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = await lockClaims(`${pidFilePath(dataDir)}.claim`);
  try {
    const state = readPidFile(dataDir);
    if (state.kind === 'live') return { kind: 'running', record: state.record };
    writeRecord(dataDir, ownRecord(host, port, 'starting'));
    return { kind: 'claimed', cleaned: state.kind === 'stale' ? state.reason : undefined };
  } finally {
    release();
  }
}

/** Notes that the claimed server answers now, and on which port. */
export function announceRunning(dataDir: string, host: string, port: number): void {
  writeRecord(dataDir, ownRecord(host, port, 'running'));
}

/** Removes the PID file if it is this process' own. */
export function releasePidFile(dataDir: string): void {
  try {
    if (parseRecord(readFileSync(pidFilePath(dataDir), 'utf8'))?.pid === process.pid) rmSync(pidFilePath(dataDir));
  } catch {
    // Gone already, or the directory with it.
  }
}

/** Removes a file that {@link readPidFile} called stale, unless a server has claimed it since. */
export async function removeStalePidFile(dataDir: string): Promise<void> {
  const release = await lockClaims(`${pidFilePath(dataDir)}.claim`);
  try {
    if (readPidFile(dataDir).kind === 'stale') rmSync(pidFilePath(dataDir), { force: true });
  } finally {
    release();
  }
}

function ownRecord(host: string, port: number, state: PidRecord['state']): PidRecord {
  const startedAt = new Date(Date.now() - process.uptime() * 1000).toISOString();
  return { pid: process.pid, identity: processIdentity(process.pid) ?? '', host, port, startedAt, state };
}

function writeRecord(dataDir: string, record: PidRecord): void {
  const file = pidFilePath(dataDir);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Waits for the lock of the claims and takes it; answers the function that gives it back. */
async function lockClaims(file: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      if (isAbandoned(file)) rmSync(file, { force: true });
    }
    await delay(CLAIM_POLL_MS);
  }
}

function isAbandoned(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_CLAIM_MS;
}

function parseRecord(text: string): PidRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof PidRecord, unknown>> | null;
    if (value === null || typeof value !== 'object') return undefined;
    const { pid, identity, host, port, startedAt, state } = value;
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || !Number.isInteger(port)) return undefined;
    if (typeof identity !== 'string' || identity === '' || typeof host !== 'string') return undefined;
    if (typeof startedAt !== 'string' || (state !== 'starting' && state !== 'running')) return undefined;
    return { pid: pid as number, identity, host, port: port as number, startedAt, state };
  } catch {
    return undefined;
  }
}
