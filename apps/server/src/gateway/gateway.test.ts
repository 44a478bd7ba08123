import type { ServerResponse } from 'node:http';
import type { RequestTimeline } from '@vedetta/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUpstream } from '../testing/fake-upstream.js';
import { CHAT_ANSWER, chatEvents, startFakeUpstream } from '../testing/fake-upstream.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

const KEY = 'sk-canary-1234567890';

let upstream: FakeUpstream;
let server: TestServer;
/** The answer to a call of the model `slow`, which the test gives. */
let held: ServerResponse | undefined;

beforeAll(async () => {
  upstream = await startFakeUpstream((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"object":"list","data":[]}');
      return;
    }
    const body = JSON.parse(request.body) as {
      model?: string;
      stream?: boolean;
      stream_options?: { include_usage?: boolean };
    };
    if (body.model === 'slow') {
      held = response;
      return;
    }
    if (body.stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json', 'X-Request-Id': 'req_1' });
      response.end(CHAT_ANSWER);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of chatEvents(body.stream_options?.include_usage === true)) response.write(event);
    response.end();
  });
  server = await startTestServer({}, { env: { VEDETTA_GATEWAY_OPENAI_URL: upstream.url } });
});

afterAll(async () => {
  await closeTestServers();
  await upstream.close();
});

function call(body: object, headers: Record<string, string> = {}) {
  return send(`${server.url}/gateway/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
    body: JSON.stringify(body),
  });
}

/** The request that a call became, once it is stored. */
async function recorded(id: string): Promise<RequestTimeline> {
  const find = () => server.client.requestTimeline(id).catch(() => undefined);
  await expect.poll(async () => (await find())?.request.status).toMatch(/completed|failed|timeout|cancelled/);
  return (await find()) as RequestTimeline;
}

test('a chat call passes as it is and is recorded with its usage and phases', async () => {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };
  const answer = await call(body, {
    'x-vedetta-request': 'plain-1',
    'x-vedetta-user': 'u1',
    'x-vedetta-tag-team': 'search',
  });

  expect(answer.status).toBe(200);
  expect(answer.body.toString()).toBe(CHAT_ANSWER);
  expect(answer.headers['x-request-id']).toBe('req_1');
  const got = upstream.received.at(-1);
  expect(got).toMatchObject({ url: '/v1/chat/completions', body: JSON.stringify(body) });
  expect(got?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(got?.rawHeaders.join(' ')).not.toMatch(/x-vedetta/i);

  const { request, llm_calls, phases } = await recorded('plain-1');
  expect(request).toMatchObject({
    status: 'completed',
    user_id: 'u1',
    tags: ['team=search'],
    model: 'gpt-4o-2024-08-06',
  });
  expect(llm_calls).toMatchObject([
    { input_tokens: 9, output_tokens: 3, provider: 'openai', usage_source: 'reported' },
  ]);
  expect(phases.map(({ phase }) => phase)).toContain('first_byte');
});

test('a stream gives the client what it would get directly, and usage is recorded all the same', async () => {
  const answer = await call(
    { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] },
    { 'x-request-id': 'stream-1' },
  );

  expect(answer.body.toString()).toBe(chatEvents(false).join(''));
  expect(JSON.parse(upstream.received.at(-1)?.body ?? '')).toMatchObject({ stream_options: { include_usage: true } });

  const { llm_calls, phases } = await recorded('stream-1');
  expect(llm_calls).toMatchObject([{ input_tokens: 11, output_tokens: 2, stream: true }]);
  expect(llm_calls[0]?.time_to_first_token_ms).toBeGreaterThan(0);
  expect(phases.map(({ phase }) => phase)).toContain('generation');
});

test('a call that states its trace is a step of that trace', async () => {
  const traceId = '0af7651916cd43dd8448eb211c803199';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  await call({ model: 'gpt-4o', messages: [] }, { traceparent });

  const { spans } = await recorded(traceId);
  expect(spans.find(({ name }) => name === 'chat gpt-4o')?.parent_span_id).toBe('b7ad6b7169203331');
  expect(upstream.received.at(-1)?.headers.traceparent).toBe(traceparent);
});

test('a call that runs shows among the active requests with its phase', async () => {
  const calling = call({ model: 'slow', messages: [] }, { 'x-vedetta-request': 'slow-1' });
  await expect
    .poll(async () => (await server.client.active()).requests.map((each) => [each.request_id, each.current_phase]), {
      timeout: 5000,
    })
    .toContainEqual(['slow-1', 'first_byte']);
  held?.writeHead(200, { 'content-type': 'application/json' }).end(CHAT_ANSWER);
  await calling;
  expect((await recorded('slow-1')).request.status).toBe('completed');
  await expect
    .poll(async () => (await server.client.status()).gateway)
    .toMatchObject({ active_calls: 0, capture_errors_total: 0 });
});

test('a route that calls no model passes and is counted, not recorded', async () => {
  const answer = await send(`${server.url}/gateway/openai/v1/models?limit=2`);
  expect([answer.status, answer.body.toString()]).toEqual([200, '{"object":"list","data":[]}']);
  expect(upstream.received.at(-1)?.url).toBe('/v1/models?limit=2');
});

test('an unknown upstream is refused by naming those there are', async () => {
  const answer = await send(`${server.url}/gateway/nowhere/v1/models`);
  expect(answer.status).toBe(404);
  expect(answer.json().detail).toMatch(/"nowhere".*openai.*ollama/);
});

test('an upstream without an address is refused by naming the setting', async () => {
  const answer = await send(`${server.url}/gateway/azure/openai/v1/models`);
  expect(answer.status).toBe(404);
  expect(answer.json().detail).toContain('VEDETTA_GATEWAY_AZURE_URL');
});

test.each(['/gateway/openai/../x', '/gateway/openai/v1/%2e%2e/x'])(
  '%s does not lead out of the upstream',
  async (path) => {
    const { status } = await send(server.url, { headers: {} }).then(() => sendRaw(path));
    expect(status).toBe(400);
  },
);

async function sendRaw(path: string): Promise<{ status: number }> {
  const { request } = await import('node:http');
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['a foreign host', { host: 'evil.example' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
])('%s is refused and nothing goes upstream', async (_what, headers) => {
  const before = upstream.received.length;
  expect((await call({ model: 'gpt-4o' }, headers as Record<string, string>)).status).toBe(403);
  expect(upstream.received.length).toBe(before);
});
