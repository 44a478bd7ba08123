import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';
import { spanAttributes } from './span-record.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const live = memorySink({ announcements: true });
  const plain = memorySink();
  const monitor = createMonitor({ sinks: [live, plain], flushOnExit: false, openTelemetry: false });
  return { live, plain, monitor };
}

test('a request is announced when it runs longer than 250 ms, under the ids of its end', () => {
  const { live, plain, monitor } = setUp();
  const request = monitor.startRequest({ name: 'long', model: 'gpt-4o' });
  request.startPhase('generation');
  vi.advanceTimersByTime(249);
  expect(live.spans).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(live.spans).toHaveLength(1);
  const [announcement] = live.spans;
  expect(announcement).toMatchObject({ kind: 'request', name: 'long', endUnixMs: 0, requestId: request.id });
  expect(spanAttributes(announcement as (typeof live.spans)[0])).toEqual({
    'vedetta.span.kind': 'request',
    'vedetta.request.id': request.id,
    'vedetta.running': true,
    'gen_ai.request.model': 'gpt-4o',
    'vedetta.phase.current': 'generation',
  });
  request.end();
  const end = live.spans.at(-1);
  expect(end).toMatchObject({ traceId: announcement?.traceId, spanId: announcement?.spanId });
  expect(end?.endUnixMs).toBeGreaterThan(0);
  expect(plain.spans.map((span) => span.name)).toEqual(['generation', 'long']);
});

test('short requests are never announced, however many there are', () => {
  const { live, monitor } = setUp();
  for (let i = 0; i < 100; i += 1) {
    const request = monitor.startRequest();
    vi.advanceTimersByTime(10);
    request.end();
  }
  vi.advanceTimersByTime(60_000);
  expect(live.spans.filter((span) => span.endUnixMs === 0)).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('requests that overlap are each announced when they are due', () => {
  const { live, monitor } = setUp();
  monitor.startRequest({ name: 'a' });
  vi.advanceTimersByTime(100);
  monitor.startRequest({ name: 'b' });
  const short = monitor.startRequest({ name: 'short' });
  vi.advanceTimersByTime(151);
  expect(live.spans.map((span) => span.name)).toEqual(['a']);
  short.end();
  vi.advanceTimersByTime(100);
  expect(live.spans.map((span) => span.name)).toEqual(['a', 'short', 'b']);
});

test('an announced request is repeated every ten seconds, and sooner when its phase changes, with what it finished', () => {
  const { live, plain, monitor } = setUp();
  const request = monitor.startRequest({ name: 'r' });
  vi.advanceTimersByTime(260);
  request.recordPhase('retrieval', 50);
  const phase = request.startPhase('generation');
  vi.advanceTimersByTime(500);
  expect(live.spans).toHaveLength(1);
  vi.advanceTimersByTime(760);
  expect(live.spans.map((span) => span.name)).toEqual(['r', 'retrieval', 'r']);
  expect(live.spans[2]?.attributes).toContainEqual(['vedetta.phase.current', 'generation']);
  expect(plain.spans.map((span) => span.name)).toEqual(['retrieval']);
  vi.advanceTimersByTime(9_000);
  expect(live.spans).toHaveLength(3);
  vi.advanceTimersByTime(1_300);
  expect(live.spans).toHaveLength(4);
  phase.end();
  request.end();
  vi.advanceTimersByTime(60_000);
  expect(live.spans.map((span) => span.name).slice(4)).toEqual(['generation', 'r']);
  expect(vi.getTimerCount()).toBe(0);
});

test('durations do not follow the wall clock, and later requests do', () => {
  const { live, monitor } = setUp();
  const request = monitor.startRequest({ name: 'across' });
  const startUnixMs = request.startUnixMs;
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(11_000);
  const later = monitor.startRequest();
  expect(later.startUnixMs - startUnixMs).toBeCloseTo(3_611_000, -2);
  expect(request.end().totalMs).toBeCloseTo(11_000, 0);
  expect(live.spans.at(-1)?.startUnixMs).toBe(startUnixMs);
});

test('requests that are never ended do not add up without bound', () => {
  const { monitor } = setUp();
  const first = monitor.startRequest({ name: 'first' });
  for (let i = 0; i < 10_000; i += 1) monitor.startRequest();
  expect(monitor.stats().activeRequests).toBe(10_000);
  expect(monitor.active().some(({ requestId }) => requestId === first.id)).toBe(false);
  expect(first.end()).toMatchObject({ name: 'first', status: 'completed' });
});
