import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer, tempDir } from '../testing/test-server.js';

const SCRIPT = `${'console;'.repeat(400)}`;
let server: TestServer;

beforeAll(async () => {
  const outside = tempDir();
  writeFileSync(path.join(outside, 'secret.txt'), 'outside');
  const folder = path.join(outside, 'dist');
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Vedetta</title>');
  writeFileSync(path.join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(path.join(folder, 'assets', 'index-BX3a91zQ.js'), SCRIPT);
  writeFileSync(path.join(folder, 'assets', 'notes.exe'), 'no type');
  server = await startTestServer({}, { dashboardDir: folder });
});
afterAll(closeTestServers);

describe('the page', () => {
  test.each([
    '/',
    '/monitoring',
    '/requests',
    '/requests/abc-1',
    '/requests/job-4.1',
    '/index.html',
    '/requests?status=failed',
  ])('answers %s', async (url) => {
    const answer = await send(server.url + url);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.body.toString()).toContain('<title>Vedetta</title>');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
  });

  test('is not sent again when the browser has it', async () => {
    const { etag } = (await send(server.url)).headers;
    const again = await send(server.url, { headers: { 'if-none-match': String(etag) } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });
});

describe('assets', () => {
  test('are kept for ever when their name holds a hash', async () => {
    const answer = await send(`${server.url}/assets/index-BX3a91zQ.js`);
    expect(answer.body.toString()).toBe(SCRIPT);
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test('are asked for again otherwise', async () => {
    expect((await send(`${server.url}/favicon.svg`)).headers['cache-control']).toBe('no-cache');
  });

  test('are compressed for browsers that take it', async () => {
    const answer = await send(`${server.url}/assets/index-BX3a91zQ.js`, { headers: { 'accept-encoding': 'gzip' } });
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual(['gzip', 'accept-encoding']);
    expect(gunzipSync(answer.body).toString()).toBe(SCRIPT);
  });

  test('answer HEAD without a body', async () => {
    const answer = await send(`${server.url}/favicon.svg`, { method: 'HEAD' });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  });
});

test.each(['/assets/none.js', '/assets/notes.exe', '/missing.png', '/api/nothing', '/v1/nothing', '/assets/'])(
  '%s is 404 and no page',
  async (url) => {
    const answer = await send(server.url + url);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toMatch(/json/);
  },
);

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//secret.txt',
  '/assets/%00/../../secret.txt',
  '/....//secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/%2E%2E%5Csecret.txt',
  '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  '/%252e%252e%252fsecret.txt',
  '/assets/..%252f..%252fsecret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/%uff0e%uff0e/secret.txt',
  '/..;/secret.txt',
  '/assets/..%00/secret.txt',
  '/assets/..%0d%0a/../secret.txt',
  '\\..\\secret.txt',
  '/assets\\..\\..\\secret.txt',
  '/assets//../..//secret.txt',
  '/./../secret.txt',
  '/api/../../secret.txt',
  '/api/requests/..%2f..%2f..%2fsecret.txt',
  '/api/requests/%2e%2e/timeline',
  'http://localhost/../secret.txt',
])('%s does not lead out of the folder', async (url) => {
  const { hostname, port } = new URL(server.url);
  // The path goes out as it is written: URL parsers would fold it.
  const { request } = await import('node:http');
  const body = await new Promise<string>((resolve, reject) => {
    const outgoing = request({ hostname, port, path: url, agent: false }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk) => {
        text += String(chunk);
      });
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
  expect(body).not.toContain('outside');
});

test('says how to build the pages when they are not built', async () => {
  const bare = await startTestServer();
  const answer = await send(bare.url);
  expect(answer.status).toBe(200);
  expect(answer.body.toString()).toContain('npm run build');
  expect((await send(`${bare.url}/monitoring`)).body.toString()).toContain('npm run build');
});
