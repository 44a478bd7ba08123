import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { afterEach, describe, expect, test } from 'vitest';
import type { MemorySink } from '../memory-sink.js';
import { memorySink } from '../memory-sink.js';
import { createMonitor, type Monitor } from '../monitor.js';
import type { SpanRecord } from '../span-record.js';
import { spanAttributes } from '../span-record.js';
import { expressErrors, expressMiddleware } from './express.js';
import { fastifyPlugin } from './fastify.js';
import { honoMiddleware } from './hono.js';
import type { HttpTrackingOptions } from './http-tracking.js';
import { trackHandler } from './node-http.js';

/** What the same small app answers in each framework; `chat` runs inside the request's context. */
type Chat = (prompt: unknown) => Promise<string>;

interface Running {
  readonly url: string;
  close(): Promise<unknown>;
}

interface Framework {
  readonly name: string;
  readonly knowsRoutes: boolean;
  start(monitor: Monitor, chat: Chat, options: HttpTrackingOptions): Promise<Running>;
}

const frameworks: readonly Framework[] = [
  {
    name: 'node:http',
    knowsRoutes: false,
    async start(monitor, chat, options) {
      const handler = trackHandler(
        monitor,
        async (request, response) => {
          try {
            if (request.url === '/stream') {
              response.write('data: 1\n\n');
              return;
            }
            let body = '';
            for await (const chunk of request) body += chunk;
            const answer = await chat(body === '' ? undefined : JSON.parse(body).prompt);
            response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ answer }));
          } catch (error) {
            monitor.current()?.end({ success: false, error });
            response.writeHead(500).end('failed');
          }
        },
        options,
      );
      return listen(createServer(handler).listen(0, '127.0.0.1'));
    },
  },
  {
    name: 'Express',
    knowsRoutes: true,
    async start(monitor, chat, options) {
      const app = express();
      app.use(expressMiddleware(monitor, options));
      app.use(express.json());
      app.post('/chat/:kind', async (request, response) => {
        response.json({ answer: await chat(request.body.prompt) });
      });
      app.get('/stream', (_request, response) => {
        response.write('data: 1\n\n');
      });
      app.use(expressErrors());
      app.use((_error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
        response.status(500).send('failed');
      });
      return listen(app.listen(0, '127.0.0.1'));
    },
  },
  {
    name: 'Fastify',
    knowsRoutes: true,
    async start(monitor, chat, options) {
      const app = fastify();
      await app.register(fastifyPlugin(monitor, options));
      app.post<{ Body: { prompt: string } }>('/chat/:kind', async (request) => ({
        answer: await chat(request.body.prompt),
      }));
      app.get('/stream', (_request, reply) => {
        reply.hijack();
        reply.raw.write('data: 1\n\n');
      });
      const url = await app.listen({ port: 0, host: '127.0.0.1' });
      return {
        url,
        close: () => {
          app.server.closeAllConnections();
          return app.close();
        },
      };
    },
  },
  {
    name: 'Hono',
    knowsRoutes: false,
    async start(monitor, chat, options) {
      const app = new Hono();
      app.use(honoMiddleware(monitor, options));
      app.post('/chat/:kind', async (context) => {
        const { prompt } = await context.req.json();
        return context.json({ answer: await chat(prompt) });
      });
      app.get('/stream', (context) =>
        streamSSE(context, async (stream) => {
          await stream.writeSSE({ data: '1' });
          await new Promise<void>((resolve) => stream.onAbort(resolve));
        }),
      );
      app.onError((_error, context) => context.text('failed', 500));
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
      return listen(server);
    },
  },
];

async function listen(server: Server): Promise<Running> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      const closed = new Promise((resolve) => server.close(resolve));
      (server as { closeAllConnections?: () => void }).closeAllConnections?.();
      return closed;
    },
  };
}

/** A sink that can be waited for: the end of a call is seen a moment after its answer. */
function waitingSink(): MemorySink & { root(): Promise<SpanRecord> } {
  const sink = memorySink();
  let wake = () => {};
  const { write } = sink;
  const isRoot = (span: SpanRecord) => span.kind === 'request';
  return Object.assign(sink, {
    write(spans: readonly SpanRecord[]) {
      write.call(sink, spans);
      wake();
    },
    async root() {
      while (!sink.spans.some(isRoot)) await new Promise<void>((resolve) => (wake = resolve));
      return sink.spans.find(isRoot) as SpanRecord;
    },
  });
}

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
