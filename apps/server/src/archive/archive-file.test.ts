import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeTestServers, tempDir } from '../testing/test-server.js';
import { appendGzip } from './archive-file.js';

let file: string;
beforeEach(() => {
  file = path.join(tempDir(), 'archive', 'day.jsonl.gz');
});
afterEach(closeTestServers);

async function* lines(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield `${text}\n`;
}

async function* failing(): AsyncGenerator<string> {
  yield 'x'.repeat(1_000_000);
  throw new Error('no more');
}

const text = () => gunzipSync(readFileSync(file)).toString();
const names = () => readdirSync(path.dirname(file));

test('appends members that are one gzip file, readable by its owner only', async () => {
  await appendGzip(file, lines('a', 'b'));
  await appendGzip(file, lines('c'));
  expect(text()).toBe('a\nb\nc\n');
  expect(names()).toEqual(['day.jsonl.gz']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
});

test('a failed append leaves what was there, or nothing', async () => {
  await expect(appendGzip(file, failing())).rejects.toThrow('no more');
  expect(names()).toEqual([]);
  await appendGzip(file, lines('a'));
  await expect(appendGzip(file, failing())).rejects.toThrow('no more');
  expect(text()).toBe('a\n');
  expect(names()).toEqual(['day.jsonl.gz']);
});

test.skipIf(!existsSync('/dev/full'))('fails when the disk is full, and goes on when there is room', async () => {
  mkdirSync(path.dirname(file));
  symlinkSync('/dev/full', file);
  await expect(appendGzip(file, lines('a'))).rejects.toThrow('ENOSPC');
  rmSync(file);
  await appendGzip(file, lines('b'));
  expect(text()).toBe('b\n');
  expect(names()).toEqual(['day.jsonl.gz']);
});

test('cuts off what a crash left half-written', async () => {
  await appendGzip(file, lines('a'));
  writeFileSync(`${file}.size`, String(statSync(file).size));
  appendFileSync(file, readFileSync(file).subarray(0, 12));
  expect(text).toThrow();
  await appendGzip(file, lines('b'));
  expect(text()).toBe('a\nb\n');
  expect(names()).toEqual(['day.jsonl.gz']);
});

test('a size that was not written yet cuts nothing off', async () => {
  await appendGzip(file, lines('a'));
  writeFileSync(`${file}.size`, '');
  await appendGzip(file, lines('b'));
  expect(text()).toBe('a\nb\n');
});
