import * as schemas from '@vedetta/client/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

// A fixed clock: days and buckets fall where the test expects them.
const NOW = Date.parse('2026-11-21T12:00:30Z');
const HOUR = 3_600_000;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({}, { now: () => NOW });
  const spans = [
    { durationMs: 100, startMs: NOW - 10_000, attributes: chat('small', 10, 1) },
    { durationMs: 200, startMs: NOW - 20_000, attributes: chat('small', 10, 1) },
    { durationMs: 300, startMs: NOW - 30_000, attributes: chat('small', 10, 1) },
    { durationMs: 400, startMs: NOW - 5 * HOUR, attributes: chat('large', 1000, 100), failed: true },
    { durationMs: 500, startMs: NOW - 40 * HOUR, attributes: chat('large', 1000, 100) },
  ];
  const headers = { 'content-type': 'application/json' };
  const answer = await send(`${server.url}/v1/traces`, { method: 'POST', headers, body: otlpJson(spans) });
  expect(answer.status).toBe(200);
});
afterAll(closeTestServers);

test('GET /api/stats counts the last day', async () => {
  const stats = schemas.statsSchema.strict().parse(await server.client.stats());
  expect(stats).toMatchObject({
    total: 4,
    completed: 3,
    failed: 1,
    success_rate: 0.75,
    input_tokens: 1030,
    output_tokens: 103,
    total_tokens: 1133,
    llm_calls: 4,
    duration: { mean_ms: 250, p50_ms: 250, max_ms: 400 },
    cost_usd: null,
    unpriced_calls: 4,
    usage_estimated_requests: 0,
    cost_estimated_requests: 0,
  });
});

test('GET /api/stats keeps to the range and the filter', async () => {
  expect(await server.client.stats({ from: '2d' })).toMatchObject({ total: 5 });
  expect(await server.client.stats({ model: 'small' })).toMatchObject({ total: 3, success_rate: 1 });
  expect(await server.client.stats({ model: 'nobody' })).toMatchObject({
    total: 0,
    success_rate: null,
    duration: { mean_ms: null },
  });
});

test('GET /api/stats/timeline has buckets of one width, empty ones too', async () => {
  const timeline = schemas.timelineSchema.strict().parse(await server.client.timeline({ from: '6h', step_ms: HOUR }));
  expect(timeline.step_ms).toBe(HOUR);
  expect(timeline.buckets.map(({ start, total }) => [start.slice(11, 16), total])).toEqual([
    ['06:00', 0],
    ['07:00', 1],
    ['08:00', 0],
    ['09:00', 0],
    ['10:00', 0],
    ['11:00', 0],
    ['12:00', 3],
  ]);
});

test('GET /api/stats/timeline starts at a stated time exactly, and chooses a width', async () => {
  const timeline = await server.client.timeline({ from: '2026-11-21T12:00:05Z', to: '2026-11-21T12:00:25Z' });
  expect(timeline).toMatchObject({ from: '2026-11-21T12:00:05.000Z', step_ms: 1000, buckets: { length: 20 } });
  expect(timeline.buckets.reduce((sum, bucket) => sum + bucket.total, 0)).toBe(2);
});

test('GET /api/stats/daily has one row a day, newest first', async () => {
  const daily = schemas.dailySchema.strict().parse(await server.client.daily());
  expect(daily.days.map(({ day, total, failed }) => [day, total, failed])).toEqual([
    ['2026-11-21', 4, 1],
    ['2026-11-19', 1, 0],
  ]);
});

test('GET /api/stats/daily counts the days of a time zone', async () => {
  const { days } = await server.client.daily({ time_zone: 'Pacific/Kiritimati' });
  expect(days.map(({ day }) => day)).toEqual(['2026-11-22', '2026-11-21', '2026-11-20']);
});

test.each(['model', 'modality', 'provider', 'status', 'service', 'user', 'session', 'name'] as const)(
  'GET /api/distribution/%s shares out all requests',
  async (by) => {
    const distribution = schemas.distributionSchema
      .strict()
      .parse(await server.client.distribution(by, { from: '2d' }));
    expect(distribution.rows.reduce((sum, row) => sum + row.count, 0)).toBe(5);
    expect(distribution.rows.reduce((sum, row) => sum + row.share, 0)).toBeCloseTo(1);
  },
);

test('GET /api/distribution/model has figures of each', async () => {
  const { rows } = await server.client.distribution('model', { from: '2d' });
  expect(rows).toMatchObject([
    { value: 'small', count: 3, share: 0.6, failed: 0, input_tokens: 30 },
    { value: 'large', count: 2, share: 0.4, failed: 1, success_rate: 0.5 },
  ]);
});

test('GET /api/models tells how the calls of each model went, and that nobody asked whether it answers', async () => {
  const { models } = schemas.modelsSchema.strict().parse(await server.client.models());
  expect(models).toMatchObject([
    {
      model: 'small',
      availability: 'unknown',
      requests: 3,
      success_rate: 1,
      average_response_ms: 200,
      total_tokens: 33,
    },
    { model: 'large', requests: 1, failed: 1, success_rate: 0 },
  ]);
});
