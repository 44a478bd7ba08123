import * as schemas from '@vedetta/client/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

let server: TestServer;
let now = Date.now();
beforeAll(async () => {
  server = await startTestServer({ otlpPort: 0, retentionDays: 7, content: 'full' }, { now: () => now });
});
afterAll(closeTestServers);

const ingest = (body: string) =>
  send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

test('GET /api/status before and after the first request', async () => {
  const empty = schemas.statusSchema.strict().parse(await server.client.status());
  expect(empty).toMatchObject({
    status: 'ok',
    problems: [],
    has_data: false,
    total_requests: 0,
    success_rate: null,
    endpoints: server.urls,
    store: { retention_days: 7 },
    privacy: { content: 'full', preview_characters: 200 },
  });

  await ingest(otlpJson([{ attributes: chat('gpt-4o', 1, 1) }, { failed: true, attributes: chat('gpt-4o', 1, 1) }]));
  // Past the time for which an answer is used again.
  now += 10_000;
  const status = schemas.statusSchema.strict().parse(await server.client.status());
  expect(status).toMatchObject({
    has_data: true,
    total_requests: 2,
    failed_requests: 1,
    success_rate: 0.5,
    average_response_ms: 100,
    available_models: ['gpt-4o'],
    uptime_seconds: 10,
    ingest: { received_spans_total: 2, stored_spans_total: 2, queued_spans: 0 },
    store: { requests: 2, spans: 2 },
  });
  expect(status.endpoints.otlp).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), server.url]);
});

test('GET /api/v1/monitoring/health in the shape of a dependency check', async () => {
  const health = schemas.healthSchema.strict().parse(await server.client.health());
  expect(Object.keys(health.checks).sort()).toEqual(['disk', 'memory', 'store']);
  expect(health.checks.store).toMatchObject({ status: 'healthy' });
});

test.each(['/healthz', '/readyz'])('%s answers a supervisor', async (path) => {
  const answer = await send(server.url + path);
  expect([answer.status, answer.json()]).toEqual([200, { status: 'ok' }]);
});

test('DELETE /api/logs/clear deletes what is older, and says how much', async () => {
  await ingest(otlpJson([{ startMs: now - 3 * 86_400_000, name: 'old' }]));
  const cleared = schemas.clearLogsResponseSchema.strict().parse(await server.client.clearLogs(2));
  expect(cleared).toMatchObject({ deleted: 1, requests: 1, spans: 1 });
  expect((await server.client.listRequests({ from: '30d' })).requests.length).toBe(2);
  expect(await server.client.clearLogs(0)).toMatchObject({ deleted: 2 });
  expect((await server.client.listRequests({ from: '30d' })).requests).toEqual([]);
});

test('metric samples have an age of their own there, or that of the requests', async () => {
  const own = await startTestServer({ 'metrics-interval-seconds': 3600 });
  const push = (name: string, ageDays: number) => {
    const timeUnixNano = `${Date.now() - ageDays * 86_400_000}000000`;
    const metrics = [{ name, gauge: { dataPoints: [{ timeUnixNano, asDouble: 1 }] } }];
    return send(`${own.url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    });
  };
  for (const ageDays of [2, 4, 6]) expect((await push(`old_${ageDays}`, ageDays)).json()).toEqual({});
  const clear = async (query: string) =>
    schemas.clearLogsResponseSchema.parse(
      (await send(`${own.url}/api/logs/clear?${query}`, { method: 'DELETE' })).json(),
    );
  // As the requests, where nothing else is said; else by its own days.
  expect(await clear('days=5')).toMatchObject({ requests: 0, samples: 1, series: 1 });
  expect(await clear('days=0&samples_days=5')).toMatchObject({ samples: 0, series: 0 });
  expect(await clear('days=100&samples_days=3')).toMatchObject({ samples: 1, series: 1 });
  expect(await own.client.clearLogs(100, 1)).toMatchObject({ samples: 1, series: 1 });
  const wrong = await send(`${own.url}/api/logs/clear?days=1&samples_days=-1`, { method: 'DELETE' });
  expect([wrong.status, wrong.json().detail]).toEqual([400, expect.stringMatching(/^samples_days: /)]);
});

test('the log holds no prompt and no secret', async () => {
  const key = 'sk-proj-0123456789abcdefABCDEF';
  await ingest(otlpJson([{ attributes: { ...chat('m', 1, 1), 'gen_ai.prompt': `tell me about ${key}` } }]));
  await ingest(`{"resourceSpans": "tell me about ${key}"`);
  await send(`${server.url}/api/requests?q=${key}`);
  expect(server.logLines.join('')).not.toContain(key);
  expect(server.logLines.join('')).not.toContain('tell me');
});
