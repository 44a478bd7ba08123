import { afterAll, expect, test } from 'vitest';
import { newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, sendJson, startTestServer } from '../testing/test-server.js';

afterAll(closeTestServers);

async function sendAs(server: TestServer, user: string): Promise<void> {
  const span = { traceId: newTraceId(), name: user, startMs: Date.now() - 1000, attributes: { 'user.id': user } };
  const answer = await sendJson(`${server.url}/v1/traces`, JSON.parse(otlpJson([span])));
  expect(answer.status).toBe(200);
}

test('users whose ids are e-mail addresses stay apart, over a restart too, and no address is stored', async () => {
  let server = await startTestServer();
  const { dataDir } = server.config;
  await sendAs(server, 'ada@example.org');
  await sendAs(server, 'grace@example.org');
  await server.close();
  server = await startTestServer({}, { dataDir });
  await sendAs(server, 'ada@example.org');

  const { requests } = await server.client.listRequests();
  expect(JSON.stringify(requests)).not.toContain('@example.org');
  expect(new Set(requests.map((request) => request.user_id)).size).toBe(2);
  expect((await server.client.stats()).users).toBe(2);
  expect((await server.client.listRequests({ user: 'ada@example.org' })).requests).toHaveLength(2);
  expect((await server.client.listRequests({ q: 'user:Grace@Example.org' })).requests).toHaveLength(1);
});
