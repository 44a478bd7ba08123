import { createServer, request as httpRequest } from 'node:http';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import { createMonitor, type Monitor } from '../monitor.js';
import { spanAttributes } from '../span-record.js';
import { fastifyPlugin } from './fastify.js';
import { honoMiddleware } from './hono.js';
import type { HttpTrackingOptions } from './http-tracking.js';
import { trackHandler } from './node-http.js';
import type { Chat } from './testing/frameworks.js';
import { frameworks, listen, waitingSink } from './testing/frameworks.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describe.each(frameworks)('$name', ({ knowsRoutes, start }) => {
  async function setUp(chat: (monitor: Monitor) => Chat, options: HttpTrackingOptions = {}) {
    const sink = waitingSink();
    const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
    const app = await start(monitor, chat(monitor), options);
    cleanUps.push(() => app.close());
    return { sink, monitor, url: app.url };
  }

  function post(url: string, headers: { readonly [name: string]: string } = {}): Promise<Response> {
    const body = JSON.stringify({ prompt: 'hi' });
    return fetch(`${url}/chat/quick?key=secret`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  test('a call becomes a request with its phases, sizes, status and trace', async () => {
    const { sink, url } = await setUp((monitor) => async (prompt) => {
      const request = monitor.current();
      request?.set({ model: 'gpt-4o', modality: 'text' });
      await new Promise((resolve) => setTimeout(resolve, 1));
      return monitor.current()?.phase('generation', () => `${prompt}!`) ?? 'no request';
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const response = await post(url, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    const text = await response.text();
    expect(text).toBe('{"answer":"hi!"}');

    const root = await sink.root();
    expect(root).toMatchObject({
      name: 'POST /chat/quick',
      success: true,
      traceId,
      parentSpanId: 'b7ad6b7169203331',
    });
    expect(spanAttributes(root)).toMatchObject({
      'http.request.method': 'POST',
      'url.path': '/chat/quick',
      'http.response.status_code': 200,
      'vedetta.request.size_bytes': 15,
      'vedetta.response.size_bytes': text.length,
      'gen_ai.request.model': 'gpt-4o',
      'vedetta.modality': 'text',
      ...(knowsRoutes ? { 'http.route': '/chat/:kind' } : {}),
    });
    expect(JSON.stringify(spanAttributes(root))).not.toContain('secret');
    const phases = root.summary?.phases.map((phase) => phase.name);
    expect(phases).toEqual(['request_received', 'generation', 'total_request']);
    const total = root.summary?.phases.at(-1);
    expect(total?.share).toBeGreaterThan(0.5);
  });

  test('an error in the handler is the error of the request', async () => {
    const { sink, url } = await setUp(() => async () => {
      throw new RangeError('model overloaded');
    });
    const response = await post(url);
    expect(response.status).toBe(500);
    const root = await sink.root();
    expect(root).toMatchObject({ success: false, errorType: 'RangeError', errorMessage: 'model overloaded' });
    expect(root.summary?.status).toBe('failed');
  });

  test('a client that goes away cancels the request', async () => {
    const { sink, url } = await setUp(() => async () => 'unused');
    await new Promise<void>((resolve, reject) => {
      const call = httpRequest(`${url}/stream`, (response) => {
        response.once('data', () => {
          call.destroy();
          resolve();
        });
      });
      call.once('error', reject);
      call.end();
    });
    const root = await sink.root();
    expect(root.summary?.status).toBe('cancelled');
    expect(root).toMatchObject({ success: false, errorType: 'client_disconnected' });
  });

  test('calls can be left out, described and judged by status', async () => {
    const { sink, url, monitor } = await setUp(() => async () => 'fine', {
      track: ({ path }) => path !== '/health',
      describe: ({ path }) => ({ name: `chat via ${path}`, tags: ['web'] }),
      isFailure: (status) => status >= 400,
    });
    await (await fetch(`${url}/health`)).text();
    await (await post(url)).text();
    expect(await sink.root()).toMatchObject({ name: 'chat via /chat/quick', success: true });
    expect(monitor.stats().totalRequests).toBe(1);
  });

  test('concurrent calls keep their own request', async () => {
    const { url, monitor, sink } = await setUp((own) => async () => {
      const before = own.current()?.id;
      await new Promise((resolve) => setTimeout(resolve, 2));
      return before !== undefined && before === own.current()?.id ? before : 'mixed up';
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(url).then((response) => response.json() as Promise<{ answer: string }>)),
    );
    expect(new Set(answers.map(({ answer }) => answer)).size).toBe(20);
    await sink.root();
    while (monitor.stats().totalRequests < 20) await new Promise((resolve) => setImmediate(resolve));
    expect(new Set(monitor.recent().map(({ requestId }) => requestId))).toEqual(
      new Set(answers.map(({ answer }) => answer)),
    );
  });
});

test('Hono without a Node server ends the request with the body of its answer', async () => {
  const sink = waitingSink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  const app = new Hono();
  app.use(honoMiddleware(monitor));
  app.get('/', (context) => context.text('hello'));
  app.get(
    '/stream',
    () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4)) })),
  );
  const response = await app.request('/');
  expect(sink.spans).toEqual([]);
  expect(await response.text()).toBe('hello');
  expect(spanAttributes(await sink.root())).toMatchObject({ 'vedetta.response.size_bytes': 5 });

  sink.spans.length = 0;
  const reader = (await app.request('/stream')).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect((await sink.root()).summary?.status).toBe('cancelled');
});

test('a handler of node:http that throws ends its request, though the call is never answered', async () => {
  const sink = waitingSink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  const error = new TypeError('no such model');
  const handler = trackHandler(monitor, async () => {
    throw error;
  });
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    handler(request, response).catch((reason) => {
      seen.push(reason);
      response.destroy();
    });
  });
  const running = await listen(server.listen(0, '127.0.0.1'));
  cleanUps.push(() => running.close());
  await expect(fetch(running.url)).rejects.toThrow();
  expect(await sink.root()).toMatchObject({ success: false, errorMessage: 'no such model' });
  expect(seen).toEqual([error]);
});

test('calls that Fastify injects are tracked to their end', async () => {
  const sink = waitingSink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  const app = fastify();
  await app.register(fastifyPlugin(monitor));
  app.get('/', async () => 'hello');
  expect((await app.inject('/')).body).toBe('hello');
  expect((await sink.root()).summary).toMatchObject({ status: 'completed' });
  expect((await sink.root()).attributes).toContainEqual(['vedetta.response.size_bytes', 5]);
});

test('a call without a body is received at once, even when nobody reads it', async () => {
  const sink = waitingSink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  const seen: string[] = [];
  const running = await listen(
    createServer(
      trackHandler(monitor, (_request, response) => {
        seen.push(...sink.spans.map((span) => span.name), monitor.active()[0]?.currentPhase ?? '');
        response.end();
      }),
    ).listen(0, '127.0.0.1'),
  );
  cleanUps.push(() => running.close());
  await fetch(running.url);
  await sink.root();
  expect(seen).toEqual(['total_request']);
});
