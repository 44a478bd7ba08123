import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createContext } from './create-context.js';
import { createPipeline } from './pipeline.js';
import type { ServerContext } from './server-context.js';
import { chat, newTraceId, otlpJson } from './testing/otlp-json.js';
import { closeTestServers, testConfig } from './testing/test-server.js';

let context: ServerContext;

beforeEach(async () => {
  context = await createContext(await testConfig({ logLevel: 'silent' }), {});
});

afterEach(async () => {
  context.liveClients.close();
  await context.store.close();
  await closeTestServers();
});

const body = (traceId: string, spans: number) =>
  Buffer.from(otlpJson(Array.from({ length: spans }, () => ({ traceId, attributes: chat('gpt-4o', 1, 2) }))));

test('a batch of many slices is stored whole, and once however often it comes', async () => {
  const traceId = newTraceId();
  const batch = body(traceId, 5000);
  expect(await context.pipeline.takeBody(batch, 'json')).toEqual({ kind: 'stored', rejected: 0, rejectedReason: '' });
  await context.pipeline.takeBody(batch, 'json');
  expect(context.counters).toMatchObject({ receivedSpans: 10_000, storedSpans: 5000, duplicateSpans: 5000 });
  expect((await context.store.maintenance.info()).spans).toBe(5000);
});

test('a batch that is stored in part is not acknowledged, and complete after it is sent again', async () => {
  let writes = 0;
  const store = {
    ...context.store,
    writer: {
      onCommit: () => () => undefined,
      state: () => context.store.writer.state(),
      write: (spans: Parameters<typeof context.store.writer.write>[0]) => {
        writes += 1;
        return writes === 3
          ? Promise.resolve({ kind: 'busy', retryAfterMs: 5 } as const)
          : context.store.writer.write(spans);
      },
    },
  };
  const content = { mode: 'preview' } as const;
  const { DEFAULT_DECODE_LIMITS: limits } = await import('@vedetta/receive');
  const pipeline = createPipeline({
    estimate: () => undefined,
    price: () => undefined,
    store,
    counters: context.counters,
    limits,
    content,
    log: context.log,
    running: () => {},
    announce: () => undefined,
    now: Date.now,
  });
  const batch = body(newTraceId(), 5000);
  expect(await pipeline.takeBody(batch, 'json')).toEqual({ kind: 'busy', retryAfterMs: 5 });
  expect(await pipeline.takeBody(batch, 'json')).toMatchObject({ kind: 'stored' });
  expect((await context.store.maintenance.info()).spans).toBe(5000);
  expect(context.counters).toMatchObject({ refusedBusy: 1, storedSpans: 5000, duplicateSpans: 2048 });
});

test('other requests are answered while a large batch is taken', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  await context.pipeline.takeBody(body(newTraceId(), 10_000), 'json');
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

test('what is announced is what was committed', async () => {
  const traceId = newTraceId();
  await context.pipeline.takeBody(body(traceId, 3), 'json');
  expect(context.feed.recent(10)).toMatchObject([
    { requestId: traceId, spanCount: 3, inputTokens: 3, outputTokens: 6 },
  ]);
});

test('the log says why spans are not stored, not more often than every ten seconds', async () => {
  const lines: string[] = [];
  let now = 1_000_000_000_000;
  const writer = {
    onCommit: () => () => undefined,
    state: () => context.store.writer.state(),
    write: async () => ({ kind: 'failed', message: 'the disk is gone' }) as const,
  };
  const { DEFAULT_DECODE_LIMITS: limits } = await import('@vedetta/receive');
  const pipeline = createPipeline({
    estimate: () => undefined,
    price: () => undefined,
    store: { ...context.store, writer },
    counters: context.counters,
    limits,
    content: { mode: 'preview' },
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    running: () => {},
    announce: () => undefined,
    now: () => now,
  });
  for (const passedMs of [0, 9999, 1]) {
    now += passedMs;
    expect(await pipeline.takeBody(body(newTraceId(), 1), 'json')).toMatchObject({ kind: 'failed' });
  }
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 50, reason: 'the disk is gone', failedWrites: 1 },
    { level: 50, reason: 'the disk is gone', failedWrites: 3 },
  ]);
});
