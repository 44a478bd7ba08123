import { createConnection } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { App } from '../app.js';
import { createOtlpApp } from '../app.js';
import { createContext } from '../create-context.js';
import { BodyBudget } from '../ingest/body-budget.js';
import type { IngestOutcome } from '../pipeline.js';
import type { ServerContext } from '../server-context.js';
import { otlpJson } from '../testing/otlp-json.js';
import { closeTestServers, testConfig } from '../testing/test-server.js';

let context: ServerContext;
const apps: App[] = [];

beforeEach(async () => {
  context = await createContext(await testConfig({ logLevel: 'silent' }), {});
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.server.close();
  context.liveClients.close();
  await context.store.close();
  await closeTestServers();
});

async function appWith(parts: Partial<ServerContext>): Promise<App> {
  const app = await createOtlpApp({ ...context, ...parts });
  apps.push(app);
  return app;
}

const post = (app: App, payload = otlpJson([{}])) =>
  app.server.inject({
    method: 'POST',
    url: '/v1/traces',
    headers: { host: 'localhost', 'content-type': 'application/json' },
    payload,
  });

test.each<[IngestOutcome, string]>([
  [{ kind: 'busy', retryAfterMs: 1500 }, '2'],
  [{ kind: 'busy', retryAfterMs: 0 }, '1'],
  [{ kind: 'failed', message: 'IO Error: disk full' }, '2'],
])('a store that answers %j is 503 with Retry-After, which exporters retry', async (outcome, retryAfter) => {
  const app = await appWith({ pipeline: { takeBody: async () => outcome, takeSpans: async () => outcome } });
  const answer = await post(app);
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, retryAfter]);
  expect(answer.json()).toMatchObject({ code: 14, message: expect.stringContaining('send the batch again') });
  expect(answer.body).not.toContain('disk full');
});

test('more bodies than there is memory for are 503, counted, and give their memory back', async () => {
  const budget = new BodyBudget(1000);
  const app = await appWith({ bodyBudget: budget });
  expect((await post(app, otlpJson([{ name: 'x'.repeat(2000) }]))).statusCode).toBe(503);
  expect(context.counters.refusedBusy).toBe(1);
  expect(budget.heldBytes).toBe(0);
  expect((await post(app)).statusCode).toBe(200);
});

test('a socket that sends nothing, or half a request, is closed by the time limits', async () => {
  const app = await appWith({});
  const { server } = app.server;
  // The limits as they are set, then shortened so that the test takes no 30 s: the mechanism is Node's own.
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  server.headersTimeout = 50;
  server.requestTimeout = 100;
  const { port } = server.address() as { port: number };
  const halves = [
    '',
    'POST /v1/traces HTTP/1.1\r\nHost: loc',
    'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\nContent-Type: application/json\r\n\r\n{',
  ];
  const sockets = Array.from({ length: 300 }, (_, i) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.write(halves[i % 3] ?? '');
    socket.resume();
    return new Promise((resolve) => {
      socket.once('close', resolve);
      socket.once('error', resolve);
    });
  });
  await Promise.all(sockets);
});
