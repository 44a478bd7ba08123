import { parseExposition } from '@vedetta/receive';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat, newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

const NOW = Date.parse('2026-11-21T12:00:30Z');
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({}, { now: () => NOW });
  const rag = newTraceId();
  const root = 'a'.repeat(16);
  const spans = [
    {
      durationMs: 100,
      startMs: NOW - 10_000,
      attributes: { ...chat('small', 10, 4), 'user.id': 'ann', 'session.id': 's1' },
    },
    { durationMs: 300, startMs: NOW - 9000, attributes: chat('small', 20, 6), failed: true },
    {
      durationMs: 50,
      startMs: NOW - 8000,
      attributes: {
        'vedetta.span.kind': 'request',
        'http.request.method': 'POST',
        'http.route': '/v1/chat/:id',
        'http.response.status_code': 200,
      },
    },
    { traceId: rag, spanId: root, durationMs: 900, startMs: NOW - 7000, name: 'ask' },
    {
      traceId: rag,
      parentSpanId: root,
      durationMs: 200,
      startMs: NOW - 7000,
      name: 'retrieval',
      attributes: { 'vedetta.span.kind': 'phase' },
    },
    {
      durationMs: 5,
      startMs: NOW - 6000,
      attributes: { 'db.system.name': 'mongodb', 'db.operation.name': 'find', 'db.collection.name': 'docs' },
    },
  ];
  const body = otlpJson(spans);
  // Twice: what is stored once is counted once.
  for (let i = 0; i < 2; i += 1) {
    await send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
});
afterAll(closeTestServers);

async function page(accept: string): Promise<{ type: string; text: string }> {
  const answer = await send(`${server.url}/metrics`, { headers: { accept } });
  expect(answer.status).toBe(200);
  return { type: String(answer.headers['content-type']), text: answer.body.toString('utf8') };
}

async function samples(): Promise<Map<string, number>> {
  const { text } = await page('text/plain');
  const parsed = parseExposition(text, 'text');
  if (parsed.kind === 'invalid') throw new Error(`line ${parsed.line}: ${parsed.message}`);
  return new Map(
    parsed.samples.map(({ name, labels, value }) => [
      `${name}{${labels.map(([of, is]) => `${of}=${is}`).join(',')}}`,
      value,
    ]),
  );
}

test('GET /metrics has what follows from the spans, each counted once', async () => {
  const found = await samples();
  const expected: Record<string, number> = {
    'ai_requests_total{model=small,type=chat}': 2,
    'ai_response_duration_seconds_count{model=small,type=chat}': 2,
    'ai_tokens_used_total{model=small,type=input}': 30,
    'ai_tokens_used_total{model=small,type=output}': 10,
    'ai_errors_total{model=small,type=chat,status=failed}': 1,
    'chat_messages_total{user_type=user}': 2,
    'chat_messages_total{user_type=assistant}': 1,
    'http_requests_total{method=POST,endpoint=/v1/chat/:id,status=200}': 1,
    'http_request_duration_seconds_sum{method=POST,endpoint=/v1/chat/:id}': 0.05,
    'rag_queries_total{}': 1,
    'rag_query_success_rate{}': 1,
    'rag_request_duration_seconds_sum{}': 0.9,
    'rag_stage_duration_seconds_count{stage=retrieval}': 1,
    'vector_search_duration_seconds_sum{}': 0.2,
    'database_operations_total{operation=find,collection=docs}': 1,
    'active_users_total{}': 1,
    'chat_sessions_active{}': 1,
    'vedetta_spans_stored_total{}': 6,
    'vedetta_spans_duplicate_total{}': 6,
  };
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, found.get(key)]))).toEqual(expected);
});

test('GET /metrics speaks OpenMetrics to whoever asks, by its letter, with the traces of measurements', async () => {
  const { type, text } = await page('application/openmetrics-text; version=1.0.0, text/plain;q=0.5');
  expect(type).toContain('application/openmetrics-text; version=1.0.0');
  const parsed = parseExposition(text, 'openmetrics');
  expect(parsed).toMatchObject({ kind: 'parsed' });
  if (parsed.kind !== 'parsed') return;
  const calls = parsed.samples.find(({ name }) => name === 'ai_requests_total');
  expect(calls?.exemplar?.labels.map(([name]) => name)).toEqual(['trace_id', 'span_id']);
  expect((await page('*/*')).type).toContain('text/plain; version=0.0.4');
});

test('a score moves the satisfaction', async () => {
  expect((await samples()).has('user_satisfaction_score{}')).toBe(false);
  const { requests } = await server.client.listRequests({ limit: 1 });
  for (const thumb of ['up', 'up', 'down', 'up'] as const) {
    await server.client.postScore(requests[0]?.request_id ?? '', { name: 'user_satisfaction', thumb });
  }
  expect((await samples()).get('user_satisfaction_score{}')).toBe(0.75);
});
