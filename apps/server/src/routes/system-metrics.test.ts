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

test('a range is stated by its ends, or by its length and its end', async () => {
  const requests = async (query: string) => {
    const answer = await send(`${server.url}/api/metrics/summary?${query}`);
    expect([query, answer.status]).toEqual([query, 200]);
    const { from, to, hours, api } = metricsSummarySchema.parse(answer.json());
    return { from, to, hours, requests: api.requests, perSecond: api.requests_per_second };
  };
  // The requests began ten seconds before now.
  const at = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
  expect(await requests(`from=${at(20)}&to=${at(10)}`)).toMatchObject({ requests: 0 });
  expect(await requests(`from=${at(10)}&to=${at(0)}`)).toEqual({
    from: at(10),
    to: at(0),
    hours: 10 / 3600,
    requests: 5,
    perSecond: 0.5,
  });
  expect(await requests(`to=${at(10)}`)).toMatchObject({ from: at(10 + 86_400), hours: 24, requests: 0 });
  expect(await requests(`hours=1&to=${at(5)}`)).toMatchObject({ from: at(3605), hours: 1, requests: 5 });
  expect(await requests('from=9s')).toMatchObject({ requests: 0 });
  expect(await requests('from=11s')).toMatchObject({ requests: 5 });

  const system = async (query: string) =>
    systemMetricsSchema.parse((await send(`${server.url}/api/metrics/system?${query}`)).json());
  await expect.poll(async () => (await system('from=5m')).metrics.length).toBe(1);
  expect(await system(`minutes=5&to=${at(0)}`)).toMatchObject({ from: at(300), to: at(0), minutes: 5, metrics: [] });
});

test.each([
  ['system?minutes=0', 'minutes'],
  ['system?minutes=x', 'minutes'],
  ['system?minutes=5&from=1h', 'minutes: 5 cannot stand beside from'],
  ['system?from=1800000000000', 'swap from and to'],
  ['system?from=32d', 'from: the range is 46080 minutes long, at most 44640 are answered; narrow it'],
  ['summary?hours=-1', 'hours'],
  ['summary?days=1', 'days'],
  ['summary?from=soon', 'from: "soon" is no time; write an ISO 8601 time'],
  ['summary?to=2026-99-01', 'to: "2026-99-01" is no time'],
  ['summary?from=366d', 'from: the range is 8784 hours long, at most 8760 are answered; narrow it'],
])('400 for %s, with what is wrong and what to do', async (query, message) => {
  const answer = await send(`${server.url}/api/metrics/${query}`);
  expect([answer.status, answer.json().detail]).toEqual([400, expect.stringContaining(message)]);
});
