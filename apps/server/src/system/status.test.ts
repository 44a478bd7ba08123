import { afterEach, beforeEach, expect, test } from 'vitest';
import { createContext } from '../create-context.js';
import { countFailed, countRefused } from '../ingest/ingest-counters.js';
import type { ServerContext } from '../server-context.js';
import { chat, otlpJson } from '../testing/otlp-json.js';
import { closeTestServers, testConfig } from '../testing/test-server.js';
import { createStatusReader } from './status.js';

let now = Date.parse('2026-11-21T12:00:00Z');
let context: ServerContext;

beforeEach(async () => {
  context = await createContext(await testConfig({ logLevel: 'silent' }), { now: () => now });
});

afterEach(async () => {
  context.liveClients.close();
  await context.store.close();
  await closeTestServers();
});

test('what went wrong is a problem for ten minutes, then only a figure', async () => {
  const read = createStatusReader(context);
  expect(await read()).toMatchObject({ status: 'ok', problems: [] });
  countRefused(context.counters, now);
  countFailed(context.counters, now);
  expect(await read()).toMatchObject({
    status: 'degraded',
    problems: [
      expect.stringContaining('failed in the last minutes (1 in all)'),
      expect.stringContaining('busy (1 in all)'),
    ],
  });
  now += 10 * 60_000;
  expect(await read()).toMatchObject({ status: 'ok', problems: [], ingest: { refused_busy_total: 1 } });
});

test('what was just stored is counted, and as /api/stats counts it', async () => {
  const read = createStatusReader(context);
  expect(await read()).toMatchObject({ has_data: false, total_requests: 0, available_models: [] });
  for (let total = 1; total <= 3; total++) {
    const spans = [{ startMs: now - 1000, attributes: chat(`model-${total}`, 2, 1), failed: total === 2 }];
    await context.pipeline.takeBody(Buffer.from(otlpJson(spans)), 'json');
    const { store, ...status } = await read();
    const stats = await context.store.requests.stats({
      range: { fromUnixMs: now - 86_400_000, toUnixMs: now + 1 },
      filter: { kind: 'all' },
    });
    expect(status).toMatchObject({
      has_data: true,
      total_requests: total,
      failed_requests: stats.failed,
      success_rate: stats.successRate,
      average_response_ms: stats.duration.meanMs,
    });
    expect([stats.total, store.requests, store.spans]).toEqual([total, total, total]);
    expect(status.available_models).toHaveLength(total);
  }
});

test('many pages that ask at once cost one question to the store', async () => {
  let questions = 0;
  const requests = new Proxy(context.store.requests, {
    get(target, name) {
      if (name === 'stats') questions += 1;
      const member = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const read = createStatusReader({ ...context, store: { ...context.store, requests } });
  await Promise.all(Array.from({ length: 50 }, read));
  expect(questions).toBe(1);
  now += 1000;
  await read();
  expect(questions).toBe(2);
});

test('an upstream that nobody asked for is not missed', async () => {
  const state = { kind: 'unreachable', checkedUnixMs: now, responseMs: 1, reason: 'refused' } as const;
  const upstream = { provider: 'ollama', url: 'http://127.0.0.1:1', state };
  context.modelWatch.upstreams = () => [
    { ...upstream, name: 'ollama', isService: false },
    { ...upstream, name: 'gpu-box', isService: true },
  ];
  expect(await createStatusReader(context)()).toMatchObject({ unreachable_upstreams: ['gpu-box'] });
});
