import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { announceRunning, claimPidFile, pidFilePath, readPidFile, releasePidFile } from './pid-file.js';
import { processIdentity } from './process-identity.js';
import { stopServer } from './stop-server.js';

let dir: string;
/** A process that has nothing to do with Vedetta. */
let bystander: ChildProcess;

beforeAll(async () => {
  bystander = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  if (bystander.stdout !== null) await once(bystander.stdout, 'data');
});

afterAll(() => bystander.kill('SIGKILL'));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedetta-pid-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const record = {
  identity: 'boot:1',
  host: '127.0.0.1',
  port: 8080,
  startedAt: new Date(0).toISOString(),
  state: 'running',
};

describe('a PID file that lies', () => {
  it.each<[string, (pid: number) => string]>([
    ['is empty', () => ''],
    ['holds garbage', () => 'not json \u0000\u0001'],
    ['holds null', () => 'null'],
    ['holds a number only', (pid) => String(pid)],
    ['names a process that has another identity', (pid) => JSON.stringify({ ...record, pid })],
    ['names no process', () => JSON.stringify({ ...record, pid: 4_000_000 })],
    ['names process 0', () => JSON.stringify({ ...record, pid: 0 })],
    ['names a group of processes', (pid) => JSON.stringify({ ...record, pid: -pid })],
    ['names the first process', () => JSON.stringify({ ...record, pid: 1 })],
    ['has no identity', (pid) => JSON.stringify({ ...record, pid, identity: '' })],
  ])('and %s makes nobody a target and is replaced', async (_name, content) => {
    writeFileSync(pidFilePath(dir), content(bystander.pid ?? 0));
    await expect(stopServer(dir, { force: true, say: () => {} })).rejects.toMatchObject({ exit: 'notRunning' });
    expect(existsSync(pidFilePath(dir))).toBe(false);
    expect(processIdentity(bystander.pid ?? 0)).toBeDefined();
    expect(bystander.signalCode).toBe(null);

    writeFileSync(pidFilePath(dir), content(bystander.pid ?? 0));
    expect(await claimPidFile(dir, '127.0.0.1', 8080)).toMatchObject({ kind: 'claimed', cleaned: expect.any(String) });
    expect(readPidFile(dir)).toMatchObject({ kind: 'live', record: { pid: process.pid } });
  });
});

describe('the PID file', () => {
  it('belongs to who claims it first, and says when it runs', async () => {
    expect(await claimPidFile(dir, '127.0.0.1', 0)).toEqual({ kind: 'claimed', cleaned: undefined });
    expect(await claimPidFile(dir, '127.0.0.1', 0)).toMatchObject({ kind: 'running', record: { state: 'starting' } });
    announceRunning(dir, '127.0.0.1', 4321);
    expect(readPidFile(dir)).toMatchObject({
      kind: 'live',
      record: { state: 'running', port: 4321, pid: process.pid },
    });
    releasePidFile(dir);
    expect(readPidFile(dir)).toEqual({ kind: 'absent' });
  });

  it('is not released by another process', () => {
    const foreign = JSON.stringify({ ...record, pid: bystander.pid });
    writeFileSync(pidFilePath(dir), foreign);
    releasePidFile(dir);
    expect(readFileSync(pidFilePath(dir), 'utf8')).toBe(foreign);
  });

  it('is claimed although a process died while it claimed', async () => {
    writeFileSync(`${pidFilePath(dir)}.claim`, '');
    utimesSync(`${pidFilePath(dir)}.claim`, new Date(0), new Date(0));
    expect(await claimPidFile(dir, '127.0.0.1', 0)).toMatchObject({ kind: 'claimed' });
  });

  it('makes its folder', async () => {
    const deep = join(dir, 'a/b');
    expect(await claimPidFile(deep, '127.0.0.1', 0)).toMatchObject({ kind: 'claimed' });
  });
});

describe('processIdentity', () => {
  it('stays the same and differs between processes', () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect(processIdentity(process.pid)).not.toBe(processIdentity(bystander.pid ?? 0));
  });

  it.each([0, -1, 1.5, Number.NaN, 4_000_000])('is unknown for %d', (pid) => {
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('is unknown once the process has ended, waited for or not', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(processIdentity(child.pid ?? 0)).toBeUndefined();
  });
});
