import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { makeRequest } from '../contract/span-maker.js';
import { openDuckDbStore } from './open-store.js';

const folder = mkdtempSync(join(tmpdir(), 'vedetta-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = (): string => join(folder, `${++files}`, 'vedetta.duckdb');
const engine = JSON.stringify(createRequire(import.meta.url).resolve('@duckdb/node-api'));

async function makeStore(path: string, requests = 1): Promise<void> {
  const store = await openDuckDbStore({ path, groupCommitMs: 1 });
  for (let n = 1; n <= requests; n++) await store.writer.write([makeRequest(`r${n}`, { trace: n, span: 1, atMs: n })]);
  await store.close();
}

describe('opening a store', () => {
  it('makes missing folders, and leaves one file when it is closed', async () => {
    const path = join(folder, 'a', 'b c', "it's", 'vedetta.duckdb');
    await makeStore(path);
    expect(existsSync(path)).toBe(true);
    expect(existsSync(`${path}.wal`)).toBe(false);
  });

  it('lets go of the file, however soon it is closed', async () => {
    for (let round = 0; round < 12; round++) {
      const path = newPath();
      const store = await openDuckDbStore({ path, groupCommitMs: 1 });
      if (round % 2 === 1) await store.writer.write([makeRequest('r', { trace: 1, span: 1 })]);
      await store.close();
      expect(existsSync(`${path}.wal`)).toBe(false);
    }
  });

  it('says who has it open', async () => {
    const path = newPath();
    await makeStore(path);
    const holder = spawn(process.execPath, [
      '-e',
      `require(${engine}).DuckDBInstance.create(process.argv[1]).then(() => { console.log('open'); setInterval(() => {}, 1000); })`,
      path,
    ]);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    try {
      await expect(openDuckDbStore({ path })).rejects.toMatchObject({
        name: 'StoreOpenError',
        code: 'locked',
        message: expect.stringContaining(`PID ${holder.pid}`),
      });
    } finally {
      holder.kill('SIGKILL');
      await new Promise((resolve) => holder.once('close', resolve));
    }
    const store = await openDuckDbStore({ path });
    expect(await store.requests.get('r1')).toBeDefined();
    await store.close();
  });

  it('refuses to open a file twice in one process', async () => {
    const path = newPath();
    const store = await openDuckDbStore({ path });
    await expect(openDuckDbStore({ path })).rejects.toMatchObject({ code: 'locked' });
    await store.close();
    await (await openDuckDbStore({ path })).close();
  });

  it('refuses a file of a later version and leaves it as it is', async () => {
    const path = newPath();
    await makeStore(path);
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("UPDATE data.meta SET value = '99' WHERE key = 'schema_version'");
    connection.closeSync();
    instance.closeSync();
    await expect(openDuckDbStore({ path })).rejects.toMatchObject({
      code: 'newer_schema',
      message: expect.stringContaining('schema version 99'),
    });
  });

  it('refuses a file whose tables another build made, before the first write', async () => {
    const path = newPath();
    await makeStore(path);
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run('DROP VIEW main.scores; ALTER TABLE data.scores DROP COLUMN comment');
    connection.closeSync();
    instance.closeSync();
    await expect(openDuckDbStore({ path })).rejects.toMatchObject({
      name: 'StoreOpenError',
      message: expect.stringContaining('data.scores'),
    });
  });

  it.each([
    ['is something else', (path: string) => writeFileSync(path, 'not a database '.repeat(2000))],
    ['was cut off', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 3))],
    ['is nearly empty', (path: string) => truncateSync(path, 10)],
  ])('says that a file is damaged that %s', async (_, damage) => {
    const path = newPath();
    await makeStore(path, 50);
    damage(path);
    await expect(openDuckDbStore({ path })).rejects.toMatchObject({
      name: 'StoreOpenError',
      code: 'damaged',
      message: expect.stringMatching(/^The store .*vedetta\.duckdb cannot be read: .+ Move the file/),
    });
  });

  it('says that a folder cannot be written', async () => {
    const file = join(folder, 'plain-file');
    writeFileSync(file, '');
    await expect(openDuckDbStore({ path: join(file, 'vedetta.duckdb') })).rejects.toMatchObject({
      code: 'not_writable',
    });
  });
});
