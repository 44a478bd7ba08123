import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';

const exporter = new InMemorySpanExporter();
const tracer = () => api.trace.getTracer('app');

beforeEach(() => {
  exporter.reset();
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});
afterEach(() => {
  api.context.disable();
  api.trace.disable();
});

function setUp(openTelemetry: boolean | typeof api) {
  const sink = memorySink();
  return { sink, monitor: createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry }) };
}

test.each([
  ['found beside the application', true],
  ['passed in', api],
] as const)(
  'with the API %s, a request joins the active span and its spans join the request',
  async (_name, option) => {
    const { sink, monitor } = setUp(option);
    await tracer().startActiveSpan('GET /', async (outer) => {
      await monitor.request({ name: 'chat' }, async (request) => {
        await Promise.resolve();
        tracer().startSpan('in request').end();
        await request.phase('retrieval', async () => {
          await Promise.resolve();
          tracer().startSpan('in phase').end();
        });
      });
      outer.end();
    });
    const [inRequest, inPhase, outer] = exporter.getFinishedSpans();
    const [retrieval, root] = sink.spans;
    expect(root).toMatchObject({
      traceId: outer?.spanContext().traceId,
      parentSpanId: outer?.spanContext().spanId,
    });
    expect(inRequest?.parentSpanContext).toMatchObject({ traceId: root?.traceId, spanId: root?.spanId });
    expect(inPhase?.parentSpanContext).toMatchObject({ traceId: root?.traceId, spanId: retrieval?.spanId });
  },
);

test('without an active span a request starts a trace, or joins the one of its headers', () => {
  const { monitor } = setUp(true);
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  expect(monitor.startRequest().traceId).not.toBe(traceId);
  expect(monitor.startRequest({ headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } }).traceId).toBe(traceId);
});

test('it can be left out', () => {
  const { monitor } = setUp(false);
  tracer().startActiveSpan('GET /', (outer) => {
    expect(monitor.startRequest().traceId).not.toBe(outer.spanContext().traceId);
    outer.end();
  });
});

test('an API that throws is as good as none', () => {
  const fail = () => {
    throw new Error('broken');
  };
  const broken = { context: { active: fail, with: fail }, trace: { getSpanContext: fail, setSpanContext: fail } };
  const sink = memorySink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: broken });
  expect(monitor.request({}, (request) => request.phase('a', () => 5))).toBe(5);
  expect(sink.spans).toHaveLength(2);
});
