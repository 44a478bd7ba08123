import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { MemorySink } from '../../memory-sink.js';
import { memorySink } from '../../memory-sink.js';
import type { Monitor } from '../../monitor.js';
import type { SpanRecord } from '../../span-record.js';
import { expressErrors, metricsHandler as expressMetrics, expressMiddleware } from '../express.js';
import { metricsHandler as fastifyMetrics, fastifyPlugin } from '../fastify.js';
import { metricsHandler as honoMetrics, honoMiddleware } from '../hono.js';
import type { HttpTrackingOptions } from '../http-tracking.js';
import { metricsHandler as nodeMetrics, trackHandler } from '../node-http.js';

/** What the same small app answers in each framework; `chat` runs inside the request's context. */
export type Chat = (prompt: unknown) => Promise<string>;

export interface Running {
  readonly url: string;
  close(): Promise<unknown>;
}

export interface Framework {
  readonly name: string;
  readonly knowsRoutes: boolean;
  start(monitor: Monitor, chat: Chat, options: HttpTrackingOptions): Promise<Running>;
}

export const frameworks: readonly Framework[] = [
  {
    name: 'node:http',
    knowsRoutes: false,
    async start(monitor, chat, options) {
      const serveMetrics = nodeMetrics(monitor);
      const handler = trackHandler(
        monitor,
        async (request, response) => {
          try {
            if (request.url === '/metrics') {
              serveMetrics(request, response);
              return;
            }
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
      app.get('/metrics', expressMetrics(monitor));
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
      app.get('/metrics', fastifyMetrics(monitor));
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
    knowsRoutes: true,
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
      app.get('/metrics', honoMetrics(monitor));
      app.onError((_error, context) => context.text('failed', 500));
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
      return listen(server);
    },
  },
];

export async function listen(server: Server): Promise<Running> {
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
export function waitingSink(): MemorySink & { root(): Promise<SpanRecord> } {
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
