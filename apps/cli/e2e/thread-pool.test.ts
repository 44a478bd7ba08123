import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readPidFile } from '../src/daemon/pid-file.js';
import { freePort, Sandbox } from './vedetta-process.js';

const THREAD_POOL = fileURLToPath(new URL('../bin/thread-pool.cjs', import.meta.url));
const ROOT = new URL('../../../', import.meta.url);

/** Hashes on more threads than Node's own four and prints how many threads that started. */
const COUNT_THREADS = `
  const { readdirSync } = require('node:fs');
  const { pbkdf2 } = require('node:crypto');
  const count = () => readdirSync('/proc/self/task').length;
  const before = count();
  for (let i = 0; i < 16; i++) pbkdf2('a', 'b', 1000, 32, 'sha256', () => {});
  console.log(count() - before);
`;

it.skipIf(process.platform !== 'linux')('gives the pool eight threads, or as many as the user says', () => {
  const threads = (env: NodeJS.ProcessEnv): string =>
    execFileSync(process.execPath, ['--require', THREAD_POOL, '-e', COUNT_THREADS], { env, encoding: 'utf8' }).trim();
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  expect(threads(env)).toBe('8');
  expect(threads({ ...env, UV_THREADPOOL_SIZE: '12' })).toBe('12');
});

it('is loaded first by npm start and npm run demo', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'demo']) {
    expect(scripts[name]).toContain('node --require ./apps/cli/bin/thread-pool.cjs scripts/');
  }
  expect(existsSync(THREAD_POOL)).toBe(true);
});

it.skipIf(process.platform !== 'linux')('reaches the server in the background', async () => {
  await using sandbox = new Sandbox();
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  const started = await sandbox.run(['start', String(await freePort())], { env });
  expect(started.code).toBe(0);
  const state = readPidFile(sandbox.dataDir);
  if (state.kind !== 'live') throw new Error(`the server is ${state.kind}`);
  expect(readFileSync(`/proc/${state.record.pid}/environ`, 'latin1').split('\0')).toContain('UV_THREADPOOL_SIZE=8');
});
