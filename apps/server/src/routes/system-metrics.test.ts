import { metricsSummarySchema, systemMetricsSchema } from '@vedetta/client/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, sendJson, startTestServer } from '../testing/test-server.js';

const NOW = Date.parse('2026-11-21T12:00:30Z');
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({}, { now: () => NOW });
  const answered = (status: number, durationMs: number, more: Record<string, string | number> = {}) => ({
    startMs: NOW - 10_000,
    durationMs,
    failed: status >= 500,
    attributes: {
      'vedetta.span.kind': 'request',
      'http.request.method': 'POST',
      'http.route': '/v1/chat/:id',
      'http.response.status_code': status,
      ...more,
    },
  });
  const body = otlpJson([
    answered(200, 100, { 'http.request.body.size': 10, 'http.response.body.size': 50 }),
    answered(200, 200),
    answered(500, 300),
    answered(404, 5, { 'http.route': '/missing' }),
    { name: 'no server', attributes: { 'http.request.method': 'GET' }, startMs: NOW - 10_000 },
    answered(200, 1, { 'http.route': '/it"s, odd' }),
  ]);
  await send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
});
afterAll(closeTestServers);

test('the machine is sampled from the start, seen by the API, by SQL and at /metrics', async () => {
  const rows = async () =>
    systemMetricsSchema.parse((await send(`${server.url}/api/metrics/system?minutes=5`)).json()).metrics;
  await expect.poll(async () => (await rows()).length).toBe(1);
  const [row] = await rows();
  expect(row?.timestamp).toBe(new Date(NOW).toISOString());
  expect(row?.memory_percent).toBeGreaterThan(0);
  const sql = 'select memory_percent from system_metrics';
  expect((await sendJson(`${server.url}/api/sql`, { sql })).json().rows).toEqual([
    { memory_percent: row?.memory_percent },
  ]);
  const page = (await send(`${server.url}/metrics`)).body.toString('utf8');
  expect(page).toContain(`\nmemory_usage_percent ${row?.memory_percent}\n`);
  for (const name of [
    'disk_free_percent',
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_p99_seconds',
  ])
    expect(page).toMatch(new RegExp(`^${name} \\S+$`, 'm'));
});

test('api_metrics has a row for each answer of a server', async () => {
  const sql = 'select * exclude (timestamp) from api_metrics where response_time_ms = 100';
  expect((await sendJson(`${server.url}/api/sql`, { sql })).json().rows).toEqual([
    {
      endpoint: '/v1/chat/:id',
      method: 'POST',
      status_code: 200,
      response_time_ms: 100,
      request_size_bytes: 10,
      response_size_bytes: 50,
      error_count: 0,
    },
  ]);
});

test('the summary sums requests by endpoint', async () => {
  const answer = metricsSummarySchema.parse((await send(`${server.url}/api/metrics/summary?hours=1`)).json());
  expect(answer.api).toMatchObject({
    requests: 5,
    errors: 1,
    requests_per_second: 5 / 3600,
    statuses: { 200: 3, 404: 1, 500: 1 },
  });
  expect(answer.api.endpoints.map(({ endpoint }) => endpoint)).toEqual(['/v1/chat/:id', '/it"s, odd', '/missing']);
  expect(answer.api.endpoints[0]).toMatchObject({
    requests: 3,
    average_ms: 200,
    p50_ms: 200,
    average_request_bytes: 10,
    average_response_bytes: 50,
    statuses: { 200: 2, 500: 1 },
  });
  expect(answer.system.memory_percent.latest).toBeGreaterThan(0);
});

test.each(['system?minutes=0', 'system?minutes=x', 'summary?hours=-1', 'summary?days=1'])(
  '400 for %s',
  async (query) => {
    expect((await send(`${server.url}/api/metrics/${query}`)).status).toBe(400);
  },
);
