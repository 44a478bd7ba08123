import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createContext } from './create-context.js';
import { DAY_MS } from './http/time-query.js';
import { eventSpan } from './ingest/recorded-span.js';
import { Retention } from './retention.js';
import type { ServerContext } from './server-context.js';
import { otlpJson } from './testing/otlp-json.js';
import { closeTestServers, testConfig } from './testing/test-server.js';

let now = Date.parse('2026-11-21T12:00:00Z');
let context: ServerContext;
const lines: string[] = [];

beforeEach(async () => {
  context = await createContext(await testConfig({ retentionDays: 2, runningTimeoutMinutes: 10 }), {
    now: () => now,
    logStream: { write: (line) => void lines.push(line) },
  });
});

afterEach(async () => {
  vi.useRealTimers();
  context.liveClients.close();
  await context.store.close();
  await closeTestServers();
});

const take = (spans: Parameters<typeof otlpJson>[0]) => context.pipeline.takeBody(Buffer.from(otlpJson(spans)), 'json');
const everything = {
  range: { fromUnixMs: 0, toUnixMs: Date.parse('2030-01-01') },
  filter: { kind: 'all' },
  limit: 100,
  cursor: undefined,
} as const;

test('deletes what is older than the days of the configuration', async () => {
  await take([
    { name: 'old', startMs: now - 3 * DAY_MS },
    { name: 'young', startMs: now - DAY_MS },
  ]);
  await context.pipeline.takeSpans([
    eventSpan({ name: 'old event', data: {}, timeUnixMs: now - 3 * DAY_MS, request: undefined, requestId: '' }).span,
  ]);
  await new Retention(context).deleteExpired();
  const { requests } = await context.store.requests.list(everything);
  expect(requests.map(({ name }) => name)).toEqual(['young']);
  expect(await context.store.requests.customEvents(everything.range, 10)).toEqual([]);
  expect(lines.join('')).toContain('deleted what is past its retention');
});

test('deletes samples that are older than the days of the metrics', async () => {
  const labels = [['__name__', 'm']] as const;
  const startMs = now;
  await context.store.samples.write([{ labels, timestampsMs: Float64Array.of(now), values: Float64Array.of(1) }]);
  now += 29 * DAY_MS;
  const retention = new Retention(context);
  await retention.deleteExpiredSamples();
  expect(context.store.samples.labelValues('__name__', [])).toEqual(['m']);
  now += 2 * DAY_MS;
  await retention.deleteExpiredSamples();
  expect(context.store.samples.labelValues('__name__', [])).toEqual([]);
  expect(lines.join('')).toContain('deleted metric samples');
  now = startMs;
});

test('times out a running request that fell silent', async () => {
  const body = JSON.parse(
    otlpJson([{ startMs: now, attributes: { 'vedetta.span.kind': 'request', 'vedetta.running': true } }]),
  );
  body.resourceSpans[0].scopeSpans[0].spans[0].endTimeUnixNano = '0';
  await context.pipeline.takeBody(Buffer.from(JSON.stringify(body)), 'json');
  const retention = new Retention(context);
  await retention.expireRunning();
  expect((await context.store.requests.active(10)).length).toBe(1);
  now += 11 * 60_000;
  await retention.expireRunning();
  expect(await context.store.requests.active(10)).toEqual([]);
  expect((await context.store.requests.list(everything)).requests).toMatchObject([{ status: 'timeout' }]);
});

test('runs a minute after the start and then each hour, and stops', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  const deletions: number[] = [];
  const maintenance = {
    deleteBefore: async (beforeUnixMs: number) => {
      deletions.push(beforeUnixMs);
      return { requests: 0, spans: 0, phases: 0, customEvents: 0 };
    },
    expireRunning: async () => 0,
  };
  const retention = new Retention({
    ...context,
    store: {
      ...context.store,
      maintenance,
      samples: { deleteBefore: async () => ({ samples: 0, chunks: 0, series: 0 }) },
    } as unknown as ServerContext['store'],
  });
  retention.start();
  await vi.advanceTimersByTimeAsync(59_999);
  expect(deletions).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(deletions).toEqual([now - 2 * DAY_MS]);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(deletions.length).toBe(2);
  await retention.stop();
  await vi.advanceTimersByTimeAsync(7_200_000);
  expect(deletions.length).toBe(2);
});

test('a deletion that fails is logged and tried again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  let calls = 0;
  let samplesCalls = 0;
  const maintenance = {
    deleteBefore: async () => {
      calls += 1;
      throw new Error('disk full');
    },
    expireRunning: async () => 0,
  };
  const retention = new Retention({
    ...context,
    store: {
      ...context.store,
      maintenance,
      samples: {
        deleteBefore: async () => {
          samplesCalls += 1;
          return { samples: 0, chunks: 0, series: 0 };
        },
      },
    } as unknown as ServerContext['store'],
  });
  retention.start();
  await vi.advanceTimersByTimeAsync(3_600_000);
  await retention.stop();
  expect([calls, samplesCalls]).toEqual([2, 2]);
  expect(lines.join('')).toContain('scheduled maintenance failed');
});
