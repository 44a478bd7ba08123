import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMonitor, type Monitor } from '../monitor.js';
import { encodePartialSuccess } from '../testing/otlp-proto.js';
import type { Answer, OtlpReceiver } from '../testing/otlp-receiver.js';
import { accept, refuse, startReceiver } from '../testing/otlp-receiver.js';
import type { OtlpSinkOptions } from './otlp-options.js';
import { otlpSink } from './otlp-sink.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function receiver(answer?: Answer): Promise<OtlpReceiver> {
  const started = await startReceiver(answer);
  cleanUps.push(() => started.close());
  return started;
}

function monitorTo(endpoint: string, options: OtlpSinkOptions = {}): Monitor & { readonly lines: string[] } {
  const lines: string[] = [];
  const monitor = createMonitor({
    serviceName: 'shop',
    sinks: [otlpSink({ endpoint, flushIntervalMs: 5, announcements: false, ...options })],
    flushOnExit: false,
    openTelemetry: false,
    log: (line) => lines.push(line),
  });
  cleanUps.push(() => monitor.shutdown(100));
  return Object.assign(monitor, { lines });
}

function record(monitor: Monitor, requests: number): void {
  for (let i = 0; i < requests; i += 1) {
    const request = monitor.startRequest();
    request.recordPhase('generation', 5);
    request.end();
  }
}

test('spans arrive as OTLP protobuf, with the path, the key and the resource', async () => {
  const server = await receiver();
  const monitor = monitorTo(server.endpoint, { apiKey: 'k1', headers: { 'X-Team': 'search' } });
  const request = monitor.startRequest({
    id: 'größe ✓ \u{1f600}',
    name: 'POST /chat',
    tags: ['a', 'b'],
    stream: false,
  });
  request.phase('retrieval', () => {}, { text: 'naïve' });
  request.score({ value: 0.25 });
  request.end({ error: new TypeError('bad ü') });
  await monitor.flush();

  expect(server.calls).toHaveLength(1);
  const [call] = server.calls;
  expect(call?.path).toBe('/v1/traces');
  expect(call?.headers).toMatchObject({
    'content-type': 'application/x-protobuf',
    authorization: 'Bearer k1',
    'x-team': 'search',
  });
  expect(call?.content.resource).toMatchObject({ 'service.name': 'shop', 'telemetry.sdk.name': 'vedetta' });
  const [phase, score, root] = server.spans;
  expect(root).toMatchObject({
    traceId: request.traceId,
    parentSpanId: '',
    name: 'POST /chat',
    kind: 2,
    statusCode: 2,
    statusMessage: 'bad ü',
    attributes: {
      'vedetta.span.kind': 'request',
      'vedetta.request.id': 'größe ✓ \u{1f600}',
      'vedetta.tags': ['a', 'b'],
      'gen_ai.request.stream': false,
      'error.type': 'TypeError',
      'error.message': 'bad ü',
    },
  });
  expect(phase).toMatchObject({
    parentSpanId: root?.spanId,
    name: 'retrieval',
    kind: 1,
    statusCode: 0,
    attributes: { 'vedetta.span.kind': 'phase', 'vedetta.data': '{"text":"naïve"}' },
  });
  expect(score?.attributes).toMatchObject({ 'gen_ai.evaluation.score.value': 0.25 });
  const startMs = Number((root?.startUnixNano ?? 0n) / 1000n) / 1000;
  expect(startMs).toBeCloseTo(request.startUnixMs, 2);
  expect(root?.endUnixNano).toBeGreaterThanOrEqual(root?.startUnixNano ?? 0n);
});

test('many spans travel in compressed batches and every one arrives once', async () => {
  const server = await receiver();
  const monitor = monitorTo(server.endpoint);
  record(monitor, 2000);
  await monitor.flush();
  expect(server.spans).toHaveLength(4000);
  expect(new Set(server.spans.map((span) => span.spanId)).size).toBe(4000);
  expect(server.calls.length).toBeLessThan(20);
  expect(server.calls.every((call) => call.headers['content-encoding'] === 'gzip')).toBe(true);
  expect(monitor.stats()).toMatchObject({ offered: 4000, delivered: 4000, dropped: 0, queued: 0 });
});

test.each([429, 502, 503, 504])('an answer of %i is tried again until it works', async (status) => {
  const server = await receiver((response, call, index) =>
    index === 0 ? refuse(status)(response, call, index) : accept(response, call, index),
  );
  const monitor = monitorTo(server.endpoint);
  record(monitor, 1);
  await monitor.flush();
  expect(server.calls).toHaveLength(2);
  expect(server.spans).toHaveLength(2);
  expect(monitor.stats()).toMatchObject({ delivered: 2, dropped: 0 });
});

test('a connection that breaks without an answer is tried again', async () => {
  const server = await receiver((response, call, index) => {
    if (index > 0) return accept(response, call, index);
    response.destroy();
    return false;
  });
  const monitor = monitorTo(server.endpoint);
  record(monitor, 1);
  await monitor.flush();
  expect(server.spans).toHaveLength(2);
  expect(monitor.stats()).toMatchObject({ delivered: 2, dropped: 0 });
});

test.each([400, 401, 413, 500])('an answer of %i drops the batch, counted and said in one line', async (status) => {
  const server = await receiver(refuse(status));
  const monitor = monitorTo(server.endpoint);
  record(monitor, 3);
  await monitor.flush();
  record(monitor, 3);
  await monitor.flush();
  expect(monitor.stats()).toMatchObject({ offered: 12, delivered: 0, dropped: 12, queued: 0 });
  expect(monitor.lines).toHaveLength(1);
  expect(monitor.lines[0]).toContain(`answered ${status}`);
});

test('spans that the server rejects are counted as dropped', async () => {
  const server = await receiver((response) => {
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(encodePartialSuccess(3, 'too old'));
    return true;
  });
  const monitor = monitorTo(server.endpoint);
  record(monitor, 4);
  await monitor.flush();
  expect(monitor.stats()).toMatchObject({ offered: 8, delivered: 5, dropped: 3, queued: 0 });
  expect(monitor.lines[0]).toContain('too old');
});

test('a full queue drops whole requests, and what was offered is delivered or dropped to the span', async () => {
  let isDown = true;
  const server = await receiver((response, call, index) =>
    isDown ? refuse(503)(response, call, index) : accept(response, call, index),
  );
  const monitor = monitorTo(server.endpoint, { maxQueueSpans: 100, batchSpans: 10 });
  record(monitor, 500);
  await server.until((_spans, calls) => calls.length > 0);
  const full = monitor.stats();
  expect(full.offered).toBe(1000);
  expect(full.offered).toBe(full.delivered + full.dropped + full.queued);
  expect(full.queued).toBeLessThanOrEqual(102);
  expect(full.dropped).toBeGreaterThanOrEqual(898);

  isDown = false;
  await monitor.flush();
  record(monitor, 10);
  await monitor.flush();
  const after = monitor.stats();
  expect(after).toMatchObject({ offered: 1020, queued: 0, dropped: full.dropped });
  expect(after.delivered).toBe(1020 - full.dropped);
  expect(server.spans).toHaveLength(after.delivered);
  const roots = new Set(server.spans.filter((span) => span.parentSpanId === '').map((span) => span.spanId));
  expect(server.spans.every((span) => span.parentSpanId === '' || roots.has(span.parentSpanId))).toBe(true);
});

test('a refused connection and a server that never answers cost nothing but one line', async () => {
  const hole = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await new Promise((resolve) => hole.once('listening', resolve));
  const { port } = hole.address() as { port: number };
  const silent = monitorTo(`http://127.0.0.1:${port}`, { timeoutMs: 20 });
  record(silent, 2);
  // Each attempt is given up after 20 ms; the first is what the line is about.
  while (silent.lines.length === 0) await silent.flush(50);
  expect(silent.stats()).toMatchObject({ offered: 4, delivered: 0, dropped: 0, queued: 4 });
  expect(silent.lines).toHaveLength(1);
  await silent.shutdown(1);
  expect(silent.stats()).toMatchObject({ offered: 4, delivered: 0, dropped: 4, queued: 0 });
  await new Promise((resolve) => hole.close(resolve));

  const refused = monitorTo(`http://127.0.0.1:${port}`);
  record(refused, 2);
  while (refused.lines.length === 0) await refused.flush(50);
  expect(refused.stats()).toMatchObject({ queued: 4 });
  expect(refused.lines[0]).toContain('ECONNREFUSED');
});

test('a flush waits for what was recorded before it, not for as many spans as there were', async () => {
  let release = () => {};
  const server = await receiver((response, call, index) => {
    if (index > 0) return accept(response, call, index);
    release = () => accept(response, call, index);
    return true;
  });
  const monitor = monitorTo(server.endpoint, { maxQueueSpans: 10 });
  record(monitor, 4);
  let isFlushed = false;
  const flushed = monitor.flush().then(() => {
    isFlushed = true;
  });
  await server.until((_spans, calls) => calls.length === 1);
  record(monitor, 50);
  await new Promise((resolve) => setImmediate(resolve));
  expect(monitor.stats().dropped).toBeGreaterThan(8);
  expect(isFlushed).toBe(false);
  release();
  await flushed;
  expect(monitor.stats().delivered).toBeGreaterThanOrEqual(8);
});

test('what is recorded after the shutdown is counted as dropped', async () => {
  const server = await receiver();
  const monitor = monitorTo(server.endpoint);
  record(monitor, 1);
  await monitor.shutdown();
  record(monitor, 1);
  expect(monitor.stats()).toMatchObject({ offered: 4, delivered: 2, dropped: 2, queued: 0 });
  expect(server.spans).toHaveLength(2);
});

test('a synchronous flush delivers what waits before it returns', async () => {
  const server = await receiver();
  const sink = otlpSink({ endpoint: server.endpoint });
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  record(monitor, 700);
  // The receiver shares this thread and can't answer while it is blocked: the calls are on their way all the same.
  sink.flushSync?.(300);
  await server.until((_spans, calls) => calls.length >= 1);
  expect(monitor.stats().queued).toBe(0);
});
