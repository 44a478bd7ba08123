import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { chat, newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

afterEach(closeTestServers);

function connect(server: TestServer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${server.url}/api/live`, { agent: false, headers: { 'accept-encoding': 'gzip' } }, resolve).on(
      'error',
      reject,
    );
  });
}

/** Reads the stream until the text shows. */
async function readUntil(stream: IncomingMessage, text: string): Promise<string> {
  let seen = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    if (seen.includes(text)) return seen;
  }
  throw new Error(`the stream ended without ${text}: ${seen}`);
}

const ingest = (server: TestServer, traceId: string) =>
  send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpJson([{ traceId, attributes: chat('gpt-4o', 1, 1) }]),
  });

test('GET /api/live tells of a request that was stored', async () => {
  const server = await startTestServer();
  const stream = await connect(server);
  expect(stream.statusCode).toBe(200);
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(stream.headers['content-encoding']).toBeUndefined();
  await readUntil(stream, 'event: hello');
  const traceId = newTraceId();
  await ingest(server, traceId);
  const text = await readUntil(stream, traceId);
  const data = /^data: (.+)$/m.exec(text.slice(text.indexOf('event: requests')))?.[1] ?? '';
  expect(JSON.parse(data)).toMatchObject({
    more: 0,
    requests: [{ request_id: traceId, model: 'gpt-4o', status: 'completed' }],
  });
  expect(server.recentRequests().map((row) => row.requestId)).toEqual([traceId]);
  stream.destroy();
});

test('closing the server ends the stream at once', async () => {
  const server = await startTestServer();
  const stream = await connect(server);
  await readUntil(stream, 'event: hello');
  const ended = new Promise((resolve) => stream.once('end', resolve));
  stream.resume();
  await server.close();
  await ended;
});

test('more pages than the limit are told to come back', async () => {
  const server = await startTestServer({ maxLiveClients: 1 });
  const stream = await connect(server);
  await readUntil(stream, 'event: hello');
  const answer = await send(`${server.url}/api/live`);
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10']);
  stream.destroy();
});
