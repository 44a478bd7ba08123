import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { call } from './testing/raw-call.js';
import { listen } from './testing/replay-upstream.js';
import type { TestGateway } from './testing/test-gateway.js';
import { startTestGateway } from './testing/test-gateway.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let close = open.pop(); close !== undefined; close = open.pop()) await close();
});

async function upstreamOf(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const upstream = await listen(handle);
  open.push(upstream.close);
  return upstream;
}

async function gatewayTo(url: string, options: Parameters<typeof startTestGateway>[1] = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({ openai: url }, options);
  open.push(gateway.close);
  return gateway;
}

const CHAT = '/gateway/openai/v1/chat/completions';
const BODY = JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
const headers = (id: string) => ({ 'content-type': 'application/json', 'x-vedetta-request': id });
const chunk = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const TIMES = { connectMs: 200, headersMs: 200, idleMs: 200 };

/** A promise and what ends it; Node 20 has no `Promise.withResolvers`. */
function deferred() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** A port where nothing listens. */
async function deadUrl(): Promise<string> {
  const { url, close } = await listen(() => {});
  await close();
  return url;
}

describe('an upstream that fails', () => {
  test('is answered for with 502 when nothing listens', async () => {
    const gateway = await gatewayTo(await deadUrl());
    const answer = await call(gateway.url + CHAT, { headers: headers('dead'), body: BODY });
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body.toString()).detail).toMatch(/openai: nothing listens at 127\.0\.0\.1/);
    expect(await gateway.callOf('dead')).toMatchObject({ statusCode: 2, attributes: { 'error.type': 'ECONNREFUSED' } });
  });

  test('is answered for with 504 when it does not begin to answer', async () => {
    const upstream = await upstreamOf(() => {});
    const gateway = await gatewayTo(upstream.url, { timeouts: TIMES });
    const answer = await call(gateway.url + CHAT, { headers: headers('slow'), body: BODY });
    expect(answer.status).toBe(504);
    expect((await gateway.callOf('slow')).attributes).toMatchObject({
      'vedetta.state': 'timeout',
      'error.type': 'timeout',
    });
  });

  test('is cut, not ended, when it stands still in the middle', async () => {
    const upstream = await upstreamOf((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('Hel'));
    });
    const gateway = await gatewayTo(upstream.url, { timeouts: TIMES });
    const answer = await call(gateway.url + CHAT, { headers: headers('still'), body: BODY });
    expect(answer).toMatchObject({ status: 200, aborted: true });
    expect((await gateway.callOf('still')).attributes['vedetta.state']).toBe('timeout');
  });

  test.each(['chunked', 'content-length'])('is passed on as an abort when it breaks off (%s)', async (framing) => {
    const upstream = await upstreamOf((_request, response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        ...(framing === 'chunked' ? {} : { 'content-length': 10_000 }),
      });
      response.write(chunk('Hel'), () => response.socket?.resetAndDestroy());
    });
    const gateway = await gatewayTo(upstream.url);
    const answer = await call(gateway.url + CHAT, { headers: headers('reset'), body: BODY });
    expect(answer).toMatchObject({ status: 200, aborted: true });
    const { attributes, statusCode } = await gateway.callOf('reset');
    expect(statusCode).toBe(2);
    expect(JSON.stringify(attributes['gen_ai.output.messages'])).toContain('Hel');
  });

  test.each([
    [429, { 'retry-after': '12' }, '{"error":{"type":"rate_limit_error","message":"slow down"}}', 2],
    [500, {}, 'not json', 2],
    [307, { location: 'http://127.0.0.1:9/elsewhere' }, '', 0],
  ])('passes its %i on, sends nothing again, and says which it was', async (status, extra, body, spanStatus) => {
    let count = 0;
    const upstream = await upstreamOf((_request, response) => {
      count += 1;
      response.writeHead(status, extra).end(body);
    });
    const gateway = await gatewayTo(upstream.url);
    const answer = await call(gateway.url + CHAT, { headers: headers('error'), body: BODY });
    expect(answer).toMatchObject({ status, headers: extra });
    expect(answer.body.toString()).toBe(body);
    expect(count).toBe(1);
    const { attributes, statusCode } = await gateway.callOf('error');
    expect([statusCode, attributes['http.response.status_code']]).toEqual([spanStatus, status]);
  });

  test('ends a stream in good order but before its answer: recorded as cut short', async () => {
    const upstream = await upstreamOf((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(chunk('Hel'));
    });
    const gateway = await gatewayTo(upstream.url);
    const answer = await call(gateway.url + CHAT, { headers: headers('short'), body: BODY });
    expect(answer).toMatchObject({ status: 200, aborted: false });
    expect((await gateway.callOf('short')).attributes['error.type']).toBe('stream_cut_short');
  });
});

describe('a client that leaves', () => {
  test.each([
    ['before the first token', []],
    ['in the middle', [chunk('Hel'), chunk('lo')]],
  ])('%s closes the upstream, and what came is kept', async (when, chunks) => {
    const closed = deferred();
    const upstream = await upstreamOf((_request, response) => {
      response.once('close', () => closed.resolve());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      for (const each of chunks) response.write(each);
    });
    const gateway = await gatewayTo(upstream.url);
    const outgoing = request(gateway.url + CHAT, { method: 'POST', headers: headers('left') });
    outgoing.on('error', () => {});
    outgoing.end(BODY);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    incoming.on('error', () => {});
    let text = '';
    incoming.on('data', (data: Buffer) => {
      text += data.toString();
    });
    if (chunks.length > 0) await expect.poll(() => text).toBe(chunks.join(''));
    incoming.destroy();
    await closed.promise;
    const { attributes, statusCode } = await gateway.callOf('left');
    expect([statusCode, attributes['vedetta.state']]).toEqual([0, 'cancelled']);
    expect(attributes['gen_ai.output.messages'] === undefined).toBe(when !== 'in the middle');
  });

  test('in the middle of its upload closes the upstream', async () => {
    const reached = deferred();
    const closed = deferred();
    const upstream = await upstreamOf((incoming) => {
      incoming.resume();
      reached.resolve();
      incoming.once('close', () => closed.resolve());
      incoming.on('error', () => {});
    });
    const gateway = await gatewayTo(upstream.url);
    const { port } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 100000000\r\n\r\n{"model":`);
    await expect.poll(() => gateway.gateway.activeCalls).toBe(1);
    socket.write('x'.repeat(100_000));
    await reached.promise;
    socket.destroy();
    await closed.promise;
    await expect.poll(() => gateway.gateway.activeCalls).toBe(0);
  });
});

test('a client whose body does not come is let go', async () => {
  const gateway = await gatewayTo('http://127.0.0.1:9', { timeouts: TIMES });
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write(`POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`);
  await once(socket, 'close');
  await expect.poll(() => gateway.gateway.activeCalls).toBe(0);
});

describe('recording that fails', () => {
  const answer = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}');
  };

  test('a sink that throws stops no call', async () => {
    const upstream = await upstreamOf(answer);
    const gateway = await gatewayTo(upstream.url, {
      sink: () => {
        throw new Error('disk full');
      },
    });
    for (let i = 0; i < 1000; i += 1) {
      expect((await call(gateway.url + CHAT, { headers: headers(`${i}`), body: BODY })).status).toBe(200);
    }
    await gateway.gateway.flush();
    expect(gateway.gateway.counters.captureErrors).toBeGreaterThan(0);
  });

  test('a provider that throws wherever it can stops no call', async () => {
    const upstream = await upstreamOf(answer);
    const fail = (): never => {
      throw new Error('a bug');
    };
    const thrower = (match: () => never) => ({ name: 'broken', match });
    const broken = {
      name: 'broken',
      match: () => ({
        operation: 'chat',
        modality: 'text',
        streamFraming: 'sse' as const,
        readRequest: fail,
        readResponse: fail,
        usageOption: fail,
      }),
    };
    const gateway = await gatewayTo(upstream.url, {
      upstreams: [
        { name: 'reads', url: upstream.url, provider: broken },
        { name: 'matches', url: upstream.url, provider: thrower(fail) },
      ],
    });
    for (const name of ['reads', 'matches']) {
      const got = await call(`${gateway.url}/gateway/${name}/v1/chat/completions`, {
        headers: headers(name),
        body: BODY,
      });
      expect([got.status, got.body.toString()]).toEqual([200, '{"choices":[]}']);
    }
    await gateway.gateway.flush();
    expect(gateway.gateway.counters.captureErrors).toBeGreaterThanOrEqual(3);
  });

  test('bodies that are no JSON pass and are recorded as such', async () => {
    const upstream = await upstreamOf((incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      incoming.pipe(response);
    });
    const gateway = await gatewayTo(upstream.url);
    const got = await call(gateway.url + CHAT, { headers: headers('text'), body: '{"stream": no json' });
    expect(got.body.toString()).toBe('{"stream": no json');
    expect((await gateway.callOf('text')).attributes).toMatchObject({
      'vedetta.gateway.request_body': 'not_json',
      'vedetta.gateway.response_body': 'not_json',
    });
  });
});

test('usage is asked for in a body with a picture too', async () => {
  let length = 0;
  let tail = '';
  const upstream = await upstreamOf((incoming, response) => {
    incoming.on('data', (data: Buffer) => {
      length += data.length;
      tail = (tail + data.toString()).slice(-60);
    });
    incoming.on('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n'));
  });
  const gateway = await gatewayTo(upstream.url);
  const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'x'.repeat(3_000_000) }] });
  await call(gateway.url + CHAT, { headers: { ...headers('big'), 'content-length': body.length }, body });
  expect(tail).toMatch(/"stream_options":\{"include_usage":true\}\}$/);
  expect(length).toBe(body.length + ',"stream_options":{"include_usage":true}'.length);
});

test('a header of the upstream that HTTP does not allow is answered for with 502', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nx-bad: a\x01b\r\ncontent-length: 0\r\n\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => void server.close());
  const gateway = await gatewayTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answer = await call(gateway.url + CHAT, { headers: headers('bad'), body: BODY });
  expect(answer.status).toBe(502);
});

test('an upstream that refuses stream_options is asked for usage no longer', async () => {
  const bodies: string[] = [];
  const upstream = await upstreamOf((incoming, response) => {
    let body = '';
    incoming.on('data', (data: Buffer) => {
      body += data.toString();
    });
    incoming.on('end', () => {
      bodies.push(body);
      if (!body.includes('stream_options')) return void response.writeHead(200).end('data: [DONE]\n\n');
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"unknown field stream_options","type":"invalid_request_error"}}');
    });
  });
  const refused: string[] = [];
  const gateway = await gatewayTo(upstream.url, { onUsageRefused: (name) => refused.push(name) });
  expect((await call(gateway.url + CHAT, { headers: headers('1'), body: BODY })).status).toBe(400);
  await gateway.gateway.flush();
  expect((await call(gateway.url + CHAT, { headers: headers('2'), body: BODY })).status).toBe(200);
  expect([refused, bodies[1]]).toEqual([['openai'], BODY]);
});

test('an address that takes no connection is answered for with 504', async () => {
  // An address of TEST-NET-1 (RFC 5737) goes nowhere, or is refused at once where there is no route.
  const gateway = await gatewayTo('http://192.0.2.1:81', { timeouts: TIMES });
  const answer = await call(gateway.url + CHAT, { headers: headers('nowhere'), body: BODY });
  expect([502, 504]).toContain(answer.status);
});
