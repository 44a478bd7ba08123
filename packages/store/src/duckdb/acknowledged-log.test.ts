import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRequest } from '../contract/span-maker.js';
import { assertLogIsWhole, notePath } from './acknowledged-log.js';
import { openDuckDbStore } from './open-store.js';

const folder = mkdtempSync(join(tmpdir(), 'vedetta-log-'));
const crashed = join(folder, 'crashed');
let copies = 0;

/** What a killed process leaves: the files of an open store, with ten requests in the log. */
beforeAll(async () => {
  const path = join(folder, 'live', 'vedetta.duckdb');
  await (await openDuckDbStore({ path })).close();
  const store = await openDuckDbStore({ path, groupCommitMs: 1 });
  for (let n = 1; n <= 10; n++) await store.writer.write([makeRequest(`r${n}`, { trace: n, span: 1, atMs: n })]);
  cpSync(join(folder, 'live'), crashed, { recursive: true });
  await store.close();
  expect(existsSync(notePath(path))).toBe(false);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copyOfCrashed(): { readonly path: string; readonly log: string } {
  const copy = join(folder, String(++copies));
  cpSync(crashed, copy, { recursive: true });
  return { path: join(copy, 'vedetta.duckdb'), log: join(copy, 'vedetta.duckdb.wal') };
}

async function requestsIn(path: string): Promise<number> {
  const store = await openDuckDbStore({ path });
  const { requests } = await store.maintenance.info();
  await store.close();
  return requests;
}

describe('the log that was acknowledged', () => {
  it('is whole after a crash, also with half an entry behind it', async () => {
    const { path, log } = copyOfCrashed();
    writeFileSync(log, Buffer.concat([readFileSync(log), Buffer.from([200, 1, 0, 0, 0, 0, 0, 0, 7])]));
    expect(await requestsIn(path)).toBe(10);
  });

  it.each<readonly [string, (log: string) => void]>([
    ['lost its last byte', (log) => truncateSync(log, statSync(log).size - 1)],
    ['is empty', (log) => truncateSync(log, 0)],
    ['is gone', (log) => rmSync(log)],
    ['has a length that runs past its end', (log) => flip(log, statSync(log).size - 20)],
    ['belongs to another state of the file', (log) => flip(log, 36)],
  ])('is refused when it %s', async (_, damage) => {
    const { path, log } = copyOfCrashed();
    damage(log);
    const before = existsSync(log) ? readFileSync(log) : undefined;
    await expect(openDuckDbStore({ path })).rejects.toMatchObject({ name: 'StoreOpenError', code: 'damaged' });
    // Refusing takes nothing away.
    expect(existsSync(log) ? readFileSync(log) : undefined).toEqual(before);
  });

  it('can be given up: without the note what is left is opened', async () => {
    const { path, log } = copyOfCrashed();
    truncateSync(log, statSync(log).size - 1);
    await expect(openDuckDbStore({ path })).rejects.toMatchObject({ message: expect.stringContaining(notePath(path)) });
    rmSync(notePath(path));
    expect(await requestsIn(path)).toBe(9);
  });

  it('is not missed in a store that was folded since, nor in a new one', async () => {
    const { path } = copyOfCrashed();
    const note = readFileSync(notePath(path));
    expect(await requestsIn(path)).toBe(10);
    writeFileSync(notePath(path), note);
    expect(await requestsIn(path)).toBe(10);
    writeFileSync(notePath(path), note);
    rmSync(path);
    expect(await requestsIn(path)).toBe(0);
  });

  it('is not judged by a note that was not written whole', () => {
    const { path, log } = copyOfCrashed();
    truncateSync(log, 0);
    expect(() => assertLogIsWhole(path)).toThrow('holds 0 that can be read');
    truncateSync(notePath(path), 50);
    expect(() => assertLogIsWhole(path)).not.toThrow();
  });
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 0xff;
  writeFileSync(file, bytes);
}
