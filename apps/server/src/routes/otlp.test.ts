import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { RawAnswer, TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_BODY = { 'content-type': 'application/json' };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ otlpPort: 0, otlpMaxBodyMb: 1 });
});
afterAll(closeTestServers);

const post = (body: string | Uint8Array, headers: Record<string, string>, path = '/v1/traces'): Promise<RawAnswer> =>
  send(server.url + path, { method: 'POST', headers, body });

/** Spans of the unmodified OpenTelemetry SDK: a root with one call of a model. */
function recordedSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'otel-app' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('app', '2.0');
  const root = tracer.startSpan('POST /chat', { root: true, kind: 1 });
  const call = tracer.startSpan('chat gpt-4o', { root: true, attributes: chat('gpt-4o', 7, 3) });
  call.end();
  root.end();
  return { spans: exporter.getFinishedSpans(), traceId: call.spanContext().traceId };
}

describe('takes what the OpenTelemetry SDK sends', () => {
  test.each([
    ['protobuf', PROTOBUF, false],
    ['protobuf, gzip', { ...PROTOBUF, 'content-encoding': 'gzip' }, true],
    ['JSON', { 'content-type': 'application/json; charset=utf-8' }, false],
    ['JSON, gzip', { ...JSON_BODY, 'content-encoding': 'gzip' }, true],
  ])('%s', async (name, headers, zipped) => {
    const { spans, traceId } = recordedSpans();
    const serializer = name.startsWith('JSON') ? JsonTraceSerializer : ProtobufTraceSerializer;
    const body = serializer.serializeRequest(spans);
    const answer = await post(zipped ? gzipSync(body ?? '') : (body ?? ''), headers);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      name.startsWith('JSON') ? 'application/json' : 'application/x-protobuf',
    ]);
    expect(answer.body.toString()).toBe(name.startsWith('JSON') ? '{}' : '');
    expect(await server.client.request(traceId)).toMatchObject({
      service: 'otel-app',
      model: 'gpt-4o',
      input_tokens: 7,
      output_tokens: 3,
    });
  });

  test.each(['/v1/traces', '/api/public/otel/v1/traces'])('on %s', async (path) => {
    const traceId = newTraceId();
    expect((await post(otlpJson([{ traceId }]), JSON_BODY, path)).status).toBe(200);
    expect((await server.client.request(traceId)).request_id).toBe(traceId);
  });

  test('on the OTLP port, which has no pages', async () => {
    const [otlpUrl] = server.urls.otlp;
    expect(otlpUrl).not.toBe(server.url);
    const traceId = newTraceId();
    const answer = await send(`${otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: JSON_BODY,
      body: otlpJson([{ traceId }]),
    });
    expect(answer.status).toBe(200);
    expect((await server.client.request(traceId)).request_id).toBe(traceId);
    expect((await send(`${otlpUrl}/`)).status).toBe(404);
    expect((await send(`${otlpUrl}/api/status`)).status).toBe(404);
  });

  test('an empty request in both encodings', async () => {
    expect((await post('{}', JSON_BODY)).status).toBe(200);
    expect((await post('', PROTOBUF)).status).toBe(200);
  });
});

test('a batch that comes three times is stored once, and says so nowhere but in the counters', async () => {
  const traceId = newTraceId();
  const body = otlpJson([{ traceId, attributes: chat('gpt-4o', 5, 5) }]);
  const before = (await server.client.status()).ingest;
  for (let i = 0; i < 3; i++) expect((await post(body, JSON_BODY)).status).toBe(200);
  const after = (await server.client.status()).ingest;
  expect(await server.client.request(traceId)).toMatchObject({ span_count: 1, input_tokens: 5 });
  expect(after.stored_spans_total - before.stored_spans_total).toBe(1);
  expect(after.duplicate_spans_total - before.duplicate_spans_total).toBe(2);
  expect(after.received_spans_total - before.received_spans_total).toBe(3);
});

test('spans with bad ids are rejected and counted, the others stored', async () => {
  const traceId = newTraceId();
  const answer = await post(
    otlpJson([{ traceId }, { traceId: '0'.repeat(32) }, { spanId: '0'.repeat(16) }]),
    JSON_BODY,
  );
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject({
    partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringMatching(/id/) },
  });
  expect((await server.client.request(traceId)).span_count).toBe(1);
});

test('secrets are masked before anything is stored, and counted', async () => {
  const traceId = newTraceId();
  const secret = 'sk-ant-api03-AbCdEf0123456789AbCdEf0123456789';
  const attributes = {
    ...chat('m', 1, 1),
    'gen_ai.input.messages': JSON.stringify([
      { role: 'user', parts: [{ type: 'text', content: `my key is ${secret}` }] },
    ]),
  };
  await post(otlpJson([{ traceId, attributes }]), JSON_BODY);
  const timeline = await server.client.requestTimeline(traceId);
  expect(JSON.stringify(timeline)).toContain('[redacted:api_key]');
  expect(JSON.stringify(timeline)).not.toContain(secret);
  expect((await server.client.status()).ingest.redactions_total).toBeGreaterThan(0);
});

describe('refuses, as a google.rpc.Status in the encoding of the request', () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));

  test.each<[string, string | Uint8Array, Record<string, string>, number, RegExp]>([
    ['JSON that does not parse', '{"resourceSpans":', JSON_BODY, 400, /./],
    ['JSON of another shape', '{"resourceSpans": 5}', JSON_BODY, 400, /./],
    ['JSON nested 100,000 deep', `{"resourceSpans":${'['.repeat(100_000)}`, JSON_BODY, 400, /./],
    ['gzip that is none', 'not gzip', { ...JSON_BODY, 'content-encoding': 'gzip' }, 400, /not valid gzip/],
    [
      'gzip that is cut short',
      gzipSync(otlpJson([{}])).subarray(0, 60),
      { ...JSON_BODY, 'content-encoding': 'gzip' },
      400,
      /cut short/,
    ],
    ['an encoding it does not know', 'x', { ...JSON_BODY, 'content-encoding': 'zstd' }, 415, /zstd/],
    ['a body over the limit', ' '.repeat(1024 * 1024 + 1), JSON_BODY, 413, /larger than 1 MiB/],
    ['a compressed bomb', bomb, { ...JSON_BODY, 'content-encoding': 'gzip' }, 413, /larger than 1 MiB/],
    ['text', 'hello', { 'content-type': 'text/plain' }, 415, /application\/x-protobuf/],
    ['no type at all', 'hello', {}, 415, /absent/],
  ])('%s', async (_what, body, headers, status, message) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toEqual({ code: expect.any(Number), message: expect.stringMatching(message) });
  });

  test('protobuf that is cut short, in protobuf', async () => {
    const body = ProtobufTraceSerializer.serializeRequest(recordedSpans().spans) ?? new Uint8Array();
    const answer = await post(body.subarray(0, body.length - 3), PROTOBUF);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/x-protobuf']);
    // Field 1 (code) is 3, INVALID_ARGUMENT; field 2 is the message.
    expect([...answer.body.subarray(0, 3)]).toEqual([0x08, 3, 0x12]);
  });

  test('a body of exactly the limit is not too large', async () => {
    const body = otlpJson([{}]);
    expect((await post(body + ' '.repeat(1024 * 1024 - body.length), JSON_BODY)).status).toBe(200);
  });

  test('another method', async () => {
    const answer = await send(`${server.url}/v1/traces`, { headers: JSON_BODY });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    expect(answer.json()).toMatchObject({ message: '/v1/traces does not take GET; it takes POST' });
  });

  test('logs, with the setting that stops them', async () => {
    const answer = await post('{}', JSON_BODY, '/v1/logs');
    expect(answer.status).toBe(404);
    expect(answer.json().message).toContain('OTEL_LOGS_EXPORTER=none');
  });

  test('and goes on taking good batches', async () => {
    const traceId = newTraceId();
    await post(otlpJson([{ traceId }]), JSON_BODY);
    expect((await server.client.request(traceId)).span_count).toBe(1);
  });
});

test('mutated bodies never cost more than a 4xx', async () => {
  const json = Buffer.from(otlpJson([{ attributes: chat('gpt-4o', 1, 2) }, { failed: true }]));
  const protobuf = Buffer.from(ProtobufTraceSerializer.serializeRequest(recordedSpans().spans) ?? []);
  const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.option(fc.nat(), { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(mutation, { minLength: 1, maxLength: 4 }), async (isJson, mutations) => {
      let body = Buffer.from(isJson ? json : protobuf);
      for (const { at, byte, cut } of mutations) {
        if (body.length === 0) break;
        body[at % body.length] = byte;
        if (cut !== undefined) body = body.subarray(0, cut % (body.length + 1));
      }
      expect([200, 400]).toContain((await post(body, isJson ? JSON_BODY : PROTOBUF)).status);
    }),
    { numRuns: 150 },
  );
});

test('a sender that goes away in the middle of its body costs nothing', async () => {
  const { port, hostname } = new URL(server.url);
  const socket = createConnection(Number(port), hostname);
  socket.write(
    `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"resource`,
  );
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.destroy();
  expect((await send(`${server.url}/healthz`)).status).toBe(200);
});

test('a request without a Host is refused', async () => {
  const { port, hostname } = new URL(server.url);
  const socket = createConnection(Number(port), hostname);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.write('GET /api/status HTTP/1.0\r\n\r\n');
  });
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
});
