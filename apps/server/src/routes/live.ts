import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

/** `GET /api/live`: server-sent events about what is stored. */
export async function liveRoutes(app: TypedApp, { liveClients, config }: ServerContext): Promise<void> {
  app.get(
    '/api/live',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['Live'],
        summary: 'Follow what is stored (server-sent events)',
        description:
          'Events: `hello` at once and every 15 s; `requests` with requests that were created or changed, at most twice a second, the newest 200 (`more` counts the others); `events` with custom events. A client that connects again with Last-Event-ID gets what it missed.',
        produces: ['text/event-stream'],
        querystring: z.strictObject({}),
      },
      config: { problems: [503] },
    },
    async (request, reply) => {
      if (liveClients.counters.clients >= config.limits.liveClients) {
        throw new ProblemError(503, `${config.limits.liveClients} pages follow already (limits.liveClients)`, {
          headers: { 'retry-after': '10' },
        });
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies of the nginx family hold small answers back unless told.
        'x-accel-buffering': 'no',
      });
      const lastEventId = request.headers['last-event-id'];
      liveClients.add(reply.raw, typeof lastEventId === 'string' ? lastEventId : undefined);
    },
  );
}
