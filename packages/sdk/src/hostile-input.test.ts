import { expect, test } from 'vitest';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';
import { encodeResource, encodeSpans } from './otlp/encode-spans.js';
import { decodeExport } from './testing/otlp-proto.js';

const throwing: unknown = new Proxy(
  {},
  {
    get() {
      throw new Error('hands off');
    },
    has() {
      throw new Error('hands off');
    },
    ownKeys() {
      throw new Error('hands off');
    },
  },
);
const circular: unknown[] = [];
circular.push(circular);
const values: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 12],
  ['NaN', Number.NaN],
  ['a BigInt', 10n ** 400n],
  ['a symbol', Symbol('s')],
  ['a lone surrogate', '\udc00'],
  ['a long string', 'x'.repeat(5_000_000)],
  ['a circular array', circular],
  ['a proxy that throws', throwing],
  [
    'an object that will not become text',
    {
      toString: () => {
        throw new Error('no');
      },
    },
  ],
  ['an object without a prototype', Object.create(null)],
];

test.each(values)('%s is taken everywhere without an error, and what is sent is valid', (_name, value) => {
  const sink = memorySink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  const any = value as never;
  const requests = [
    monitor.startRequest(any),
    monitor.startRequest({ id: any, name: any, modality: any, model: any, tags: any, headers: any, attributes: any }),
    monitor.startRequest({ tags: [any], attributes: { a: any }, userId: any, requestSizeBytes: any, stream: any }),
  ];
  for (const request of requests) {
    request.set(any);
    expect(request.phase('callback', () => 'result', any)).toBe('result');
    expect(request.phase(any, () => value)).toBe(value);
    request.startPhase(any, any).setMetadata(any);
    request.endPhase(any, any);
    request.startPhase('p').end({ success: any, error: any, metadata: any });
    request.startPhase('q').fail(any);
    request.recordPhase(any, any, any, any);
    request.event(any, any);
    request.llm(any);
    request.llm({ model: any, input: any, output: [any], usage: any, parameters: any, finishReasons: any, error: any });
    request.score(any);
    request.score({ name: any, value: any, label: any, comment: any, thumb: any });
    expect(() =>
      request.phase('throws', () => {
        throw value;
      }),
    ).toThrow();
  }
  requests[0]?.end(any);
  requests[1]?.end({ error: any, errorType: any, errorMessage: any, customData: any, status: any, success: any });
  requests[2]?.end({ customData: { nested: [any] }, responseSizeBytes: any });
  monitor.event(any, any);
  monitor.score(any, any);
  expect(() =>
    monitor.request(any, () => {
      throw new Error('own');
    }),
  ).toThrow('own');

  const wire = decodeExport(encodeSpans(encodeResource([['service.name', 's']]), sink.spans));
  expect(wire.spans).toHaveLength(sink.spans.length);
  expect(sink.spans.filter((span) => span.kind === 'request')).toHaveLength(4);
  for (const span of wire.spans) {
    for (const attribute of Object.values(span.attributes)) {
      expect(Buffer.byteLength(String(attribute))).toBeLessThanOrEqual(64 * 1024);
    }
  }
});

test('a sink that throws hurts neither the application nor the other sinks', async () => {
  const lines: string[] = [];
  const memory = memorySink();
  const fail = () => {
    throw new Error('disk on fire');
  };
  const broken = {
    name: 'mine',
    open: fail,
    write: fail,
    stats: fail,
    flush: () => Promise.reject(new Error('no')),
    flushSync: fail,
    close: fail,
  };
  const monitor = createMonitor({ sinks: [broken, memory], flushOnExit: false, log: (line) => lines.push(line) });
  for (let i = 0; i < 100; i += 1) monitor.startRequest().end();
  expect(memory.spans).toHaveLength(100);
  expect(monitor.stats()).toMatchObject({ offered: 100, delivered: 100 });
  await monitor.flush();
  await monitor.shutdown();
  expect(lines).toEqual(['[vedetta] the sink mine failed: Error: disk on fire']);
});

test('a logger that throws, and options that make no sense, are survived', () => {
  const monitor = createMonitor({
    endpoint: 'not a url',
    announceAfterMs: Number.NaN,
    recentLimit: -5,
    flushOnExit: false,
    log: () => {
      throw new Error('no');
    },
  });
  monitor.startRequest().end();
  expect(monitor.stats()).toMatchObject({ offered: 1, queued: 1 });
  expect(monitor.recent()).toHaveLength(1);
});
