import { ApiError } from '@vedetta/client';
import * as schemas from '@vedetta/client/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, sendJson, startTestServer } from '../testing/test-server.js';

const NOW = Date.now();
let server: TestServer;
const slow = newTraceId();
const failed = newTraceId();

/** Ten fast requests a second apart, one slow one with two steps, one that failed. */
beforeAll(async () => {
  server = await startTestServer();
  const root = '00f067aa0ba902b7';
  const spans = [
    ...Array.from({ length: 10 }, (_, i) => ({
      name: 'fast',
      startMs: NOW - 60_000 + i * 1000,
      durationMs: 100,
      attributes: { ...chat('gpt-4o', 10, 5), 'user.id': `user-${i % 2}`, 'session.id': 's1' },
    })),
    { traceId: slow, spanId: root, name: 'slow', startMs: NOW - 30_000, durationMs: 5000 },
    { traceId: slow, parentSpanId: root, name: 'retrieval', startMs: NOW - 30_000, durationMs: 1000 },
    {
      traceId: slow,
      parentSpanId: root,
      name: 'generation',
      startMs: NOW - 29_000,
      durationMs: 4000,
      attributes: chat('mistral-x', 1000, 200),
    },
    {
      traceId: failed,
      name: 'broken',
      startMs: NOW - 10_000,
      durationMs: 50,
      failed: true,
      attributes: chat('gpt-4o', 3, 0),
    },
  ];
  const answer = await send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpJson(spans, 'shop'),
  });
  expect(answer.status).toBe(200);
});

afterAll(closeTestServers);

describe('GET /api/requests', () => {
  test('lists newest first, in the shape of the contract', async () => {
    const page = schemas.requestPageSchema.strict().parse(await server.client.listRequests());
    expect(page.requests.map(({ name }) => name).slice(0, 3)).toEqual(['broken', 'slow', 'fast']);
    expect(page).toMatchObject({ next_cursor: null, requests: { length: 12 } });
    for (const request of page.requests) schemas.requestSchema.strict().parse(request);
  });

  test.each([
    ['duration:desc', ['slow', 'fast']],
    ['duration:asc', ['broken', 'fast']],
    ['tokens:desc', ['slow', 'fast']],
    ['tokens:asc', ['broken', 'fast']],
    ['cost:desc', ['fast', 'fast']],
    ['ttft:asc', ['broken', 'slow']],
    ['start:asc', ['fast', 'fast']],
    ['start:desc', ['broken', 'slow']],
  ] as const)('sorts by %s, unknown figures last and newest first', async (sort, names) => {
    const page = await server.client.listRequests({ sort, limit: 2 });
    expect(page.requests.map(({ name }) => name)).toEqual(names);
    const cursor = page.next_cursor ?? '';
    const next = await server.client.listRequests({ sort, cursor });
    expect(next.requests).toHaveLength(10);
    const error = await server.client.listRequests({ cursor, sort: 'cost:asc' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 400, problem: { errors: [{ field: 'cursor' }] } });
  });

  test('refuses a sort it does not know', async () => {
    const answer = await send(`${server.url}/api/requests?sort=duration`);
    expect([answer.status, answer.json()]).toMatchObject([400, { errors: [{ field: 'sort' }] }]);
  });

  test('pages through everything once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.client.listRequests({ limit: 5, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.requests.map((request) => request.request_id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.length).toBe(12);
    expect(new Set(seen).size).toBe(12);
  });

  test.each<[Record<string, string | number>, number]>([
    [{ model: 'gpt-4o' }, 11],
    [{ model: 'mistral-x' }, 1],
    [{ status: 'failed' }, 1],
    [{ status: 'failed,completed' }, 12],
    [{ user: 'user-1' }, 5],
    [{ session: 's1' }, 10],
    [{ service: 'shop' }, 12],
    [{ service: 'other' }, 0],
    [{ min_duration_ms: 1000 }, 1],
    [{ max_duration_ms: 60 }, 1],
    [{ q: 'latency:>2s' }, 1],
    [{ q: '-status:completed' }, 1],
    [{ q: 'broken' }, 1],
    [{ q: 'tokens:>=1200', model: 'gpt-4o' }, 0],
    [{ from: '20s' }, 1],
    [{ to: new Date(NOW - 45_000).toISOString() }, 10],
    [{ from: NOW - 55_000, to: NOW - 52_000 }, 3],
  ])('filters by %j', async (query, count) => {
    expect((await server.client.listRequests(query as { model?: string })).requests.length).toBe(count);
  });
});

describe('one request', () => {
  test('is found by its trace id, with the totals of its spans', async () => {
    const request = schemas.requestSchema.strict().parse(await server.client.request(slow));
    expect(request).toMatchObject({
      request_id: slow,
      name: 'slow',
      service: 'shop',
      model: 'mistral-x',
      status: 'completed',
      duration_ms: 5000,
      input_tokens: 1000,
      output_tokens: 200,
      llm_calls: 1,
      span_count: 3,
      elapsed_ms: null,
      start_time: new Date(NOW - 30_000).toISOString().replace('Z', '000Z'),
    });
  });

  test('has a timeline with phases, their shares, and the bottlenecks', async () => {
    const timeline = schemas.requestTimelineSchema.strict().parse(await server.client.requestTimeline(slow));
    expect(timeline.phases.map(({ phase, offset_ms, share }) => ({ phase, offset_ms, share }))).toEqual([
      { phase: 'retrieval', offset_ms: 0, share: 0.2 },
      { phase: 'generation', offset_ms: 1000, share: 0.8 },
    ]);
    expect(timeline.bottlenecks).toEqual([
      { phase: 'generation', duration_ms: 4000, share: 0.8 },
      { phase: 'retrieval', duration_ms: 1000, share: 0.2 },
    ]);
    expect(timeline.spans.map(({ name, kind }) => [name, kind])).toContainEqual(['generation', 'client']);
    expect(timeline.spans.find(({ name }) => name === 'generation')?.gen_ai).toMatchObject({
      request_model: 'mistral-x',
      usage: { input_tokens: 1000, output_tokens: 200 },
    });
    expect(timeline.llm_calls).toMatchObject([
      {
        request_id: slow,
        model: 'mistral-x',
        status: 'completed',
        duration_ms: 4000,
        tokens_per_second: 50,
        input_tokens: 1000,
        output_tokens: 200,
        reasoning_tokens: null,
        usage_source: 'reported',
        time_to_first_token_ms: null,
      },
    ]);
    for (const call of timeline.llm_calls) schemas.llmCallSchema.strict().parse(call);
    for (const span of timeline.spans) schemas.spanSchema.strict().parse(span);
  });

  test.each(['/api/requests/nope', '/api/requests/nope/timeline'])('%s is 404 with a sentence', async (path) => {
    const answer = await send(server.url + path);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'there is no request "nope"; it was deleted, or its first span has not arrived yet',
      instance: path,
    });
  });
});

test.each(['a/b c?d#e', '100%', '../../etc', 'ünïcode ✓', 'x'.repeat(200), '"><script>alert(1)</script>'])(
  'a request under the id %j of its caller is found',
  async (id) => {
    const attributes = { 'vedetta.span.kind': 'request', 'vedetta.request.id': id };
    await sendJson(`${server.url}/v1/traces`, JSON.parse(otlpJson([{ attributes, startMs: Date.now() - 1000 }])));
    expect((await server.client.request(id)).request_id).toBe(id);
    expect((await server.client.requestTimeline(id)).request.request_id).toBe(id);
  },
);

test.each([undefined, 'duration:desc'] as const)(
  'pages past ids as long as they may be, sorted by %s',
  async (sort) => {
    const spans = ['ü', 'û'].map((letter) => ({
      attributes: {
        'vedetta.span.kind': 'request',
        'vedetta.request.id': letter.repeat(200),
        'session.id': `long ${sort}`,
      },
      startMs: NOW - 1000,
    }));
    await sendJson(`${server.url}/v1/traces`, JSON.parse(otlpJson(spans)));
    const query = { session: `long ${sort}`, limit: 1, ...(sort !== undefined && { sort }) };
    const first = await server.client.listRequests(query);
    const second = await server.client.listRequests({ ...query, cursor: first.next_cursor ?? '' });
    const ids = [...first.requests, ...second.requests].map(({ request_id }) => request_id);
    expect(ids.sort()).toEqual(['û'.repeat(200), 'ü'.repeat(200)]);
  },
);

test('GET /api/active shows a request that runs, with elapsed time and phase, until it ends', async () => {
  const span = { traceId: newTraceId(), spanId: '1111111111111111', name: 'long', startMs: Date.now() - 3000 };
  const kind = { 'vedetta.span.kind': 'request' };
  const announced = JSON.parse(
    otlpJson([{ ...span, attributes: { ...kind, 'vedetta.running': true, 'vedetta.phase.current': 'generation' } }]),
  );
  announced.resourceSpans[0].scopeSpans[0].spans[0].endTimeUnixNano = '0';
  await sendJson(`${server.url}/v1/traces`, announced);
  const active = schemas.activeRequestsSchema.strict().parse(await server.client.active());
  expect(active.requests).toMatchObject([
    { name: 'long', status: 'running', current_phase: 'generation', duration_ms: null },
  ]);
  expect(active.requests[0]?.elapsed_ms).toBeGreaterThanOrEqual(3000);

  await sendJson(`${server.url}/v1/traces`, JSON.parse(otlpJson([{ ...span, durationMs: 3000, attributes: kind }])));
  expect((await server.client.active()).requests).toEqual([]);
  expect(await server.client.request(span.traceId)).toMatchObject({
    status: 'completed',
    duration_ms: 3000,
    elapsed_ms: null,
  });
});

test('GET /api/errors groups by cause and lists the latest', async () => {
  const errors = schemas.errorsSchema.strict().parse(await server.client.errors());
  expect(errors.groups).toMatchObject([
    { count: 1, error_message: 'it failed', last_request_id: failed, models: ['gpt-4o'] },
  ]);
  expect(errors.recent.map(({ request_id }) => request_id)).toEqual([failed]);
});

test('the typed client throws the problem of an answer', async () => {
  const error = await server.client.request('nope').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, problem: { title: 'Not Found' } });
});

test('a request that nests its data without end leaves the pages of the others readable', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const message = `[{"role":"user","parts":[{"type":"tool_call","name":"x","arguments":${deep}}]}]`;
  const span = { traceId: newTraceId(), startMs: Date.now() - 500 };
  const root = { ...span, spanId: '2222222222222222' };
  const step = { ...span, parentSpanId: root.spanId };
  const kind = 'vedetta.span.kind';
  const sent = otlpJson([
    { ...root, name: 'deep', attributes: { [kind]: 'request', 'vedetta.custom_data': `{"a":${deep}}` } },
    { ...step, name: 'step', attributes: { [kind]: 'phase', 'vedetta.data': deep } },
    { ...step, name: 'moment', attributes: { [kind]: 'event', 'vedetta.data': deep } },
    {
      ...step,
      name: 'call',
      attributes: {
        ...chat('m', 1, 1),
        'gen_ai.input.messages': message,
        'gen_ai.tool.call.arguments': deep,
        'input.value': deep,
      },
    },
  ]);
  const answer = await sendJson(`${server.url}/v1/traces`, JSON.parse(sent));
  expect([answer.status, answer.body.toString()]).toEqual([200, '{}']);
  expect((await server.client.listRequests()).requests[0]?.name).toBe('deep');
  const timeline = await server.client.requestTimeline(span.traceId);
  expect([timeline.phases.length, timeline.events.length, timeline.spans.length]).toEqual([1, 1, 4]);
  for (const view of ['custom_events', 'time_logs', 'request_phases']) {
    expect((await server.client.sql({ sql: `select * from ${view}` })).row_count).toBeGreaterThan(0);
  }
});
