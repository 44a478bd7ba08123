import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { OtlpRequest } from '../testing/index.js';
import { encodeProtobufTraces, otlpRequests } from '../testing/index.js';
import { TRACE_PROTO } from '../testing/trace-proto.js';
import { decodeTraces } from './decode-traces.js';

const requestType = protobuf.parse(TRACE_PROTO, { keepCase: false }).root.lookupType('ExportTraceServiceRequest');
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

// The real serializer of the OpenTelemetry JS exporters, in a process of its own: the test runner's resolution conditions
// lead to a build of its dependencies that only bundlers can load.
const EXPORTER = `
const { ProtobufTraceSerializer } = require('@opentelemetry/otlp-transformer');
const context = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const body = ProtobufTraceSerializer.serializeRequest([{
  name: 'chat m1',
  kind: 2,
  spanContext: () => context,
  parentSpanContext: { ...context, spanId: '00f067aa0ba902b7' },
  startTime: [1700000000, 123456789],
  endTime: [1700000001, 987654321],
  status: { code: 2, message: 'quota' },
  attributes: { 'gen_ai.usage.input_tokens': 12, ratio: 0.5, ok: true, list: ['a', 'b'], negative: -3 },
  links: [{ context, attributes: { why: 'retry' } }],
  events: [{ name: 'exception', time: [1700000000, 5], attributes: { 'exception.type': 'QuotaError' } }],
  duration: [1, 0],
  ended: true,
  resource: { attributes: { 'service.name': 'shop', pid: 7 }, asyncAttributesPending: false },
  instrumentationScope: { name: 'shop-llm', version: '2.1' },
  droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
}]);
process.stdout.write(Buffer.from(body).toString('base64'));
`;

const NOW_UNIX_MS = 1_790_000_000_000;

describe('protobuf', () => {
  it('reads what the OpenTelemetry JS exporter writes', () => {
    const context = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    const body = Buffer.from(
      execFileSync(process.execPath, ['-e', EXPORTER], { cwd: FOLDER, encoding: 'utf8' }),
      'base64',
    );
    const result = decodeTraces(body, 'protobuf', undefined, NOW_UNIX_MS);
    expect(result).toMatchObject({ kind: 'ok', rejected: 0, truncated: 0 });
    expect(result.kind === 'ok' && result.spans[0]).toMatchObject({
      traceId: context.traceId,
      spanId: context.spanId,
      parentSpanId: '00f067aa0ba902b7',
      name: 'chat m1',
      kind: 3,
      startUnixNano: 1_700_000_000_123_456_789n,
      endUnixNano: 1_700_000_001_987_654_321n,
      statusCode: 2,
      statusMessage: 'quota',
      attributes: { 'gen_ai.usage.input_tokens': 12, ratio: 0.5, ok: true, list: ['a', 'b'], negative: -3 },
      events: [
        { name: 'exception', timeUnixNano: 1_700_000_000_000_000_005n, attributes: { 'exception.type': 'QuotaError' } },
      ],
      links: [{ traceId: context.traceId, spanId: context.spanId, attributes: { why: 'retry' } }],
      origin: {
        serviceName: 'shop',
        resource: { 'service.name': 'shop', pid: 7 },
        scopeName: 'shop-llm',
        scopeVersion: '2.1',
      },
    });
  });

  it('agrees with protobufjs about every span of generated requests', () => {
    fc.assert(
      fc.property(otlpRequests, (request) => {
        const body = encodeProtobufTraces(request);
        const oracle = requestType.toObject(requestType.decode(body), {
          longs: String,
          bytes: String,
          defaults: true,
        }) as OtlpRequest;
        const expected = oracle.resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) =>
            spans.map(({ spanId, name }) => [Buffer.from(spanId, 'base64').toString('hex'), name]),
          ),
        );
        const result = decodeTraces(body, 'protobuf', undefined, NOW_UNIX_MS);
        if (result.kind !== 'ok') throw new Error(result.message);
        expect(result.spans.length + result.rejected).toBe(expected.length);
        const ids = new Set(expected.map(([spanId]) => spanId));
        for (const { spanId } of result.spans) expect(ids.has(spanId)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with protobufjs about which damaged bodies hold spans', () => {
    // A body that both can read must give the same number of spans; where ours is stricter it says invalid.
    fc.assert(
      fc.property(otlpRequests, fc.double({ min: 0, max: 1, noNaN: true }), (request, share) => {
        const whole = encodeProtobufTraces(request);
        const body = whole.subarray(0, Math.floor(whole.length * share));
        const ours = decodeTraces(body, 'protobuf', undefined, NOW_UNIX_MS);
        let theirs: number | undefined;
        try {
          const decoded = requestType.toObject(requestType.decode(body), { defaults: true }) as OtlpRequest;
          theirs = decoded.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)).length;
        } catch {
          theirs = undefined;
        }
        expect(ours.kind === 'ok' ? ours.spans.length + ours.rejected : undefined).toBe(theirs);
      }),
      { numRuns: 500 },
    );
  });
});
