import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBody } from './read-body.js';

const PLAIN = randomBytes(100_000);

async function* chunksOf(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

describe('readBody', () => {
  it.each([
    ['absent', undefined, PLAIN],
    ['empty', '', PLAIN],
    ['identity', 'identity', PLAIN],
    ['gzip', 'gzip', gzipSync(PLAIN)],
    ['GZIP', ' GZIP ', gzipSync(PLAIN)],
    ['deflate', 'deflate', deflateSync(PLAIN)],
  ])('gives the plain bytes of %s', async (_, contentEncoding, bytes) => {
    const result = await readBody(chunksOf(bytes), { contentEncoding });
    expect(result.kind === 'ok' && Buffer.from(result.body).equals(PLAIN)).toBe(true);
  });

  it('gives an empty body', async () => {
    expect(await readBody(chunksOf(new Uint8Array()))).toMatchObject({ kind: 'ok', body: { length: 0 } });
    expect(await readBody(chunksOf(gzipSync('')), { contentEncoding: 'gzip' })).toMatchObject({ kind: 'ok' });
  });

  it.each([
    ['plain', undefined, PLAIN],
    ['gzip', 'gzip', gzipSync(PLAIN)],
  ])('takes %s of exactly the limit and stops one byte over it', async (_, contentEncoding, bytes) => {
    const exact = Math.max(PLAIN.length, bytes.length);
    expect(await readBody(chunksOf(bytes), { contentEncoding, maxBytes: exact })).toMatchObject({ kind: 'ok' });
    expect(await readBody(chunksOf(bytes), { contentEncoding, maxBytes: PLAIN.length - 1 })).toEqual({
      kind: 'too_large',
      maxBytes: PLAIN.length - 1,
    });
  });

  it('stops a bomb at the limit without reading the rest of it', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < bomb.length; i += 1024) {
        taken += 1;
        yield bomb.subarray(i, i + 1024);
      }
    }
    expect(await readBody(endless(), { contentEncoding: 'gzip', maxBytes: 1024 * 1024 })).toMatchObject({
      kind: 'too_large',
    });
    // 64 MiB of zeros are about 64 chunks; 1 MiB needs one or two, and zlib may be given a few ahead.
    expect(taken).toBeLessThan(bomb.length / 1024 / 2);
  });

  it.each([
    ['is cut short', gzipSync(PLAIN).subarray(0, 50_000)],
    ['is no gzip', Buffer.from('hello world, this is not gzip')],
    ['has a wrong checksum', Buffer.concat([gzipSync(PLAIN).subarray(0, -8), Buffer.alloc(8, 7)])],
    ['is empty', Buffer.alloc(0)],
  ])('refuses a body that %s', async (_, bytes) => {
    expect(await readBody(chunksOf(bytes), { contentEncoding: 'gzip' })).toEqual({
      kind: 'invalid',
      message: 'the body is not valid gzip, or it is cut short',
    });
  });

  it('names an encoding it does not know', async () => {
    expect(await readBody(chunksOf(PLAIN), { contentEncoding: 'zstd' })).toEqual({
      kind: 'unsupported_encoding',
      encoding: 'zstd',
    });
  });

  it('ends when the client goes away or the reading is given up', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzipSync(PLAIN).subarray(0, 100);
      throw new Error('aborted');
    }
    for (const contentEncoding of ['gzip', undefined]) {
      expect(await readBody(broken(), { contentEncoding })).toMatchObject({ kind: 'invalid' });
    }
    const signal = AbortSignal.abort();
    expect(await readBody(chunksOf(PLAIN), { signal })).toEqual({
      kind: 'invalid',
      message: 'the request was given up while its body was read',
    });
  });
});
