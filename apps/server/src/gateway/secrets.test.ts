import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUpstream, Received } from '../testing/fake-upstream.js';
import { startFakeUpstream } from '../testing/fake-upstream.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer, tempDir } from '../testing/test-server.js';

// G7: a key that a client sends reaches the upstream and nothing else. The canary has no form that a detector of secrets knows.
const CANARY = 'canary-violet-umbrella-77';
const OWN_KEY = 'monitor-key-of-this-server';

let upstream: FakeUpstream;
let server: TestServer;
let dataDir: string;
/** The upstream is also asked for its models, which is no call. */
const calls: Received[] = [];

beforeAll(async () => {
  upstream = await startFakeUpstream((request, response) => {
    if (request.method === 'POST') calls.push(request);
    const shown = request.headers.authorization ?? request.headers['x-api-key'] ?? request.url;
    if (request.url.includes('redirect')) {
      response.writeHead(307, { location: `http://127.0.0.1:9/?key=${CANARY}` }).end();
      return;
    }
    response.writeHead(401, { 'content-type': 'application/json', 'x-echo': String(shown) });
    response.end(
      JSON.stringify({ error: { type: 'authentication_error', message: `Incorrect API key provided: ${shown}` } }),
    );
  });
  dataDir = tempDir();
  server = await startTestServer(
    { logLevel: 'trace', content: 'full' },
    {
      dataDir,
      env: {
        VEDETTA_GATEWAY_OPENAI_URL: upstream.url,
        VEDETTA_GATEWAY_GEMINI_URL: upstream.url,
        VEDETTA_API_KEY: OWN_KEY,
      },
    },
  );
});

afterAll(async () => {
  await closeTestServers();
  await upstream.close();
});

const CHAT = '/gateway/openai/v1/chat/completions';
const GEMINI = '/gateway/gemini/v1beta/models/gemini-2.5-flash:generateContent';

function call(url: string, headers: Record<string, string>) {
  return send(server.url + url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: `my key is ${CANARY}` }] }),
  });
}

test.each([
  ['authorization', CHAT, { authorization: `Bearer ${CANARY}` }],
  ['x-api-key', CHAT, { 'x-api-key': CANARY }],
  ['api-key', `${CHAT}?api-version=1`, { 'api-key': CANARY }],
  ['x-goog-api-key', GEMINI, { 'x-goog-api-key': CANARY }],
  ['a cookie', CHAT, { cookie: `a=1; session=${CANARY}` }],
  ['the query', `${GEMINI}?alt=json&key=${CANARY}`, {}],
  ['a redirect', `${CHAT}?redirect=${CANARY}`, { authorization: `Bearer ${CANARY}` }],
])('a key in %s reaches the upstream', async (_where, url, headers) => {
  const before = calls.length;
  const { status } = await call(url, { ...(headers as Record<string, string>), 'x-vedetta-key': OWN_KEY });
  expect([status, calls.length]).toEqual([url.includes('redirect') ? 307 : 401, before + 1]);
  const { rawHeaders, url: sent } = calls.at(-1)!;
  expect(`${rawHeaders.join(' ')} ${sent}`).toContain(CANARY);
  expect(`${rawHeaders.join(' ')} ${sent}`).not.toContain(OWN_KEY);
});

test.each([
  ['no key', {}, 401],
  ['a wrong key', { 'x-vedetta-key': 'not-the-right-one' }, 401],
  ["the upstream's key only", { authorization: `Bearer ${OWN_KEY}` }, 401],
])('a call with %s is refused, and nothing goes upstream', async (_what, headers, status) => {
  const before = calls.length;
  const answer = await call(CHAT, headers as Record<string, string>);
  expect([answer.status, calls.length]).toEqual([status, before]);
});

test('no key is in the answers of the API, the log or the files of the store', async () => {
  await expect.poll(async () => (await server.client.listRequests()).requests.length).toBe(7);
  const { requests } = await server.client.listRequests();
  let masked = 0;
  for (const { request_id } of requests) {
    const timeline = JSON.stringify(await server.client.requestTimeline(request_id));
    expect(timeline).not.toContain(CANARY);
    expect(timeline).toMatch(/Incorrect API key provided|status_code":307/);
    if (timeline.includes('***')) masked += 1;
  }
  expect(masked).toBeGreaterThan(2);
  const auth = { authorization: `Bearer ${OWN_KEY}` };
  for (const url of ['/api/status', '/api/v1/monitoring/health', '/metrics', '/api/models']) {
    expect((await send(server.url + url, { headers: auth })).body.toString()).not.toContain(CANARY);
  }
  await server.close();
  expect(server.logLines.join('')).not.toContain(CANARY);
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(readFileSync(path.join(file.parentPath ?? file.path, file.name)).includes(CANARY)).toBe(false);
  }
});
