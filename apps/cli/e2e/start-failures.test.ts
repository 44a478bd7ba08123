import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, isAlive, Sandbox } from './vedetta-process.js';

/** The user that owns nothing. */
const NOBODY = 65_534;
const IS_ROOT = process.getuid?.() === 0;
/** As root every door is open: the program runs as somebody else then. */
const unprivileged = IS_ROOT ? { uid: NOBODY } : {};

function pidFile(sandbox: Sandbox): string {
  return join(sandbox.dataDir, 'vedetta.pid');
}

/** A process that has nothing to do with Vedetta. */
async function startBystander(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  await once(child.stdout, 'data');
  return child;
}

it('replaces a PID file whose number is another program now, in one of eight starts at once', async () => {
  await using sandbox = new Sandbox();
  const bystander = await startBystander();
  mkdirSync(sandbox.dataDir);
  const record = {
    pid: bystander.pid,
    identity: 'boot:1',
    host: '127.0.0.1',
    port: 1,
    startedAt: '',
    state: 'running',
  };
  writeFileSync(pidFile(sandbox), JSON.stringify(record));
  const port = String(await freePort());
  const results = await Promise.all(Array.from({ length: 8 }, () => sandbox.run(['start', port])));
  expect(results.map((result) => result.code).sort()).toEqual([0, 4, 4, 4, 4, 4, 4, 4]);
  expect(results.some((result) => result.stderr.includes('is another program now'))).toBe(true);
  expect((await sandbox.run(['stop'])).code).toBe(0);
  expect(isAlive(bystander.pid ?? 0)).toBe(true);
  bystander.kill('SIGKILL');
});

it('starts after kill -9 with everything that was acknowledged', async () => {
  await using sandbox = new Sandbox();
  const port = String(await freePort());
  await sandbox.run(['start', port]);
  expect((await sandbox.run(['test'])).code).toBe(0);
  process.kill(JSON.parse(readFileSync(pidFile(sandbox), 'utf8')).pid, 'SIGKILL');

  expect((await sandbox.run(['status'])).code).toBe(3);
  const start = await sandbox.run(['start', port]);
  expect(start.code).toBe(0);
  expect(start.stderr).toMatch(/Removed a stale PID file \(process \d+ has ended\)/);
  const count = await sandbox.run(['sql', 'select count(distinct request_id) as requests from time_logs', '--csv']);
  expect(count.stdout).toBe('requests\n1\n');
});

it('says that another process has the database', async () => {
  await using sandbox = new Sandbox();
  await sandbox.run(['start', String(await freePort())]);
  const saved = readFileSync(pidFile(sandbox));
  rmSync(pidFile(sandbox));
  const result = await sandbox.run(['start', String(await freePort())]);
  expect(result).toMatchObject({ code: 7, stdout: '' });
  expect(result.stderr).toContain('Vedetta did not start');
  expect(existsSync(pidFile(sandbox))).toBe(false);
  writeFileSync(pidFile(sandbox), saved);
});

it('refuses data of a newer version and leaves it alone', async () => {
  await using sandbox = new Sandbox();
  const port = String(await freePort());
  await sandbox.run(['start', port]);
  await sandbox.run(['stop']);
  await raiseSchemaVersion(join(sandbox.dataDir, 'vedetta.duckdb'));
  const result = await sandbox.run(['start', port]);
  expect(result).toMatchObject({ code: 8, stdout: '' });
  expect(result.stderr).toMatch(/newer|later/);
});

it('says that the address is one of another machine', async () => {
  await using sandbox = new Sandbox();
  const env = { VEDETTA_API_KEY: 'a-key-that-is-long-enough' };
  const result = await sandbox.run(['start', String(await freePort()), '--host', '192.0.2.1'], { env });
  expect(result).toMatchObject({ code: 9, stdout: '' });
  expect(result.stderr).toContain('192.0.2.1');
});

it('says that the data directory is a file', async () => {
  await using sandbox = new Sandbox();
  writeFileSync(sandbox.dataDir, '');
  const result = await sandbox.run(['start', String(await freePort())]);
  expect(result.code).toBe(9);
  expect(result.stderr).toContain('is not a directory');
});

it.each([[[]], [['--foreground']]])('says that the data directory cannot be written %j', async (args) => {
  await using sandbox = new Sandbox();
  chmodSync(sandbox.dir, 0o755);
  mkdirSync(sandbox.dataDir, { mode: 0o555 });
  const result = await sandbox.run(['start', String(await freePort()), ...args], unprivileged);
  expect(result).toMatchObject({ code: 6, stdout: '' });
  expect(result.stderr).toContain(sandbox.dataDir);
  expect(result.stderr).toContain('--data-dir');
});

it('says that a port needs more rights', async (context) => {
  const firstFree = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  if (firstFree <= 1) context.skip('every port is open to everyone on this machine');
  await using sandbox = new Sandbox();
  chmodSync(sandbox.dir, 0o777);
  const result = await sandbox.run(['start', '1'], unprivileged);
  expect(result).toMatchObject({ code: 6, stdout: '' });
  expect(result.stderr).toContain('Port 1 on 127.0.0.1 needs more rights');
  expect(existsSync(pidFile(sandbox))).toBe(false);
});

/** Makes a database look as if a later version had written it. */
async function raiseSchemaVersion(path: string): Promise<void> {
  const requireFromStore = createRequire(new URL('../../../packages/store/package.json', import.meta.url));
  const { DuckDBInstance } = requireFromStore('@duckdb/node-api');
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("update data.meta set value = '9999' where key = 'schema_version'");
  connection.closeSync();
  instance.closeSync();
}
