import * as schemas from '@vedetta/client/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat, newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

let server: TestServer;
const traceId = newTraceId();

beforeAll(async () => {
  server = await startTestServer();
  const body = otlpJson([{ traceId, startMs: Date.now() - 1000, attributes: chat('gpt-4o', 2, 1) }]);
  await send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
});
afterAll(closeTestServers);

test('an event on a request shows in its timeline, with its data', async () => {
  const timestamp = new Date(Date.now() - 500).toISOString();
  const posted = await server.client.postEvent({
    event_name: 'cache_hit',
    request_id: traceId,
    timestamp,
    data: { key: [1, { a: 'b' }] },
  });
  schemas.postEventResponseSchema.strict().parse(posted);
  expect(posted).toMatchObject({ request_id: traceId, timestamp });
  const { events, request } = await server.client.requestTimeline(traceId);
  expect(events).toMatchObject([
    { event_id: posted.event_id, event_name: 'cache_hit', data: { key: [1, { a: 'b' }] } },
  ]);
  expect(events[0]?.timestamp.slice(0, 23)).toBe(timestamp.slice(0, 23));
  expect(request).toMatchObject({ status: 'completed', input_tokens: 2 });
});

test('an event may come before the request it names, and shows when that comes', async () => {
  const [late, own] = [newTraceId(), 'order-17'];
  for (const request_id of [late, own]) {
    const posted = await server.client.postEvent({ event_name: 'early', request_id });
    expect(posted.request_id).toBe(request_id);
    await expect(server.client.request(request_id)).rejects.toMatchObject({ status: 404 });
  }
  const attributes = { 'vedetta.span.kind': 'request', 'vedetta.request.id': own };
  const body = otlpJson([{ traceId: late, attributes: chat('gpt-4o', 2, 1) }, { attributes }]);
  await send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  for (const request_id of [late, own]) {
    const { events, request } = await server.client.requestTimeline(request_id);
    expect(events).toMatchObject([{ event_name: 'early', request_id }]);
    expect(request).toMatchObject({ status: 'completed', span_count: 1 });
  }
});

test('an event that stands alone is in custom_events and makes no request', async () => {
  const before = (await server.client.listRequests()).requests.length;
  const posted = await server.client.postEvent({ event_name: 'deploy', data: { version: '1.2' } });
  expect(posted.request_id).toBe('');
  const { rows } = await server.client.sql({
    sql: "select event_name, request_id, data from custom_events where event_name = 'deploy'",
  });
  expect(rows).toMatchObject([{ event_name: 'deploy', data: { version: '1.2' } }]);
  expect((await server.client.listRequests()).requests.length).toBe(before);
});

test.each([
  [{ thumb: 'up' as const }, { name: 'satisfaction', value: 1, label: 'up' }],
  [
    { thumb: 'down' as const, comment: 'wrong' },
    { value: 0, label: 'down', comment: 'wrong' },
  ],
  [
    { name: 'relevance', value: 0.7 },
    { name: 'relevance', value: 0.7, label: '' },
  ],
  [
    { name: 'verdict', label: 'correct' },
    { name: 'verdict', value: null, label: 'correct' },
  ],
])('a score %j shows on its request', async (score, expected) => {
  const posted = await server.client.postScore(traceId, score);
  schemas.postScoreResponseSchema.strict().parse(posted);
  const { scores } = await server.client.requestTimeline(traceId);
  expect(scores.find((candidate) => candidate.score_id === posted.score_id)).toMatchObject({
    request_id: traceId,
    ...expected,
  });
});
