import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';
import { spanAttributes } from './span-record.js';

function setUp() {
  const sink = memorySink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  const find = (name: string) => {
    const span = sink.spans.find((candidate) => candidate.name === name);
    if (span === undefined) throw new Error(`no span named ${name}`);
    return span;
  };
  return { sink, monitor, find };
}

test('a request carries its phases, its ids and what was said of it', () => {
  const { sink, monitor, find } = setUp();
  const request = monitor.startRequest({
    id: 'order-7',
    name: 'POST /chat',
    modality: 'text',
    model: 'gpt-4o',
    stream: true,
    requestSizeBytes: 120,
    userId: 'ada',
    sessionId: 's1',
    tags: ['beta', 'eu'],
  });
  request.phase('retrieval', () => {}, { documents: 3 });
  request.recordPhase('generation', 12.5, { tokens: 7 });
  request.end({ responseSizeBytes: 900, customData: { plan: 'pro' } });

  expect(sink.spans.map((span) => [span.kind, span.name])).toEqual([
    ['phase', 'retrieval'],
    ['phase', 'generation'],
    ['request', 'POST /chat'],
  ]);
  const root = find('POST /chat');
  expect(spanAttributes(root)).toEqual({
    'vedetta.span.kind': 'request',
    'vedetta.request.id': 'order-7',
    'vedetta.modality': 'text',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.stream': true,
    'vedetta.request.size_bytes': 120,
    'vedetta.response.size_bytes': 900,
    'user.id': 'ada',
    'session.id': 's1',
    'vedetta.tags': ['beta', 'eu'],
    'vedetta.custom_data': '{"plan":"pro"}',
  });
  const generation = find('generation');
  expect(spanAttributes(generation)).toEqual({
    'vedetta.span.kind': 'phase',
    'vedetta.request.id': 'order-7',
    'vedetta.data': '{"tokens":7}',
  });
  expect(generation.endUnixMs - generation.startUnixMs).toBeCloseTo(12.5, 2);
  expect(generation.parentSpanId).toBe(root.spanId);
  expect(generation.traceId).toBe(root.traceId);
  expect(root.parentSpanId).toBe('');
});

test('ids are unique, and a request that starts a trace is found under the trace id', () => {
  const { monitor } = setUp();
  const ids = new Set(Array.from({ length: 5000 }, () => monitor.startRequest().id));
  expect(ids.size).toBe(5000);
  const request = monitor.startRequest();
  expect(request.id).toBe(request.traceId);
  expect(request.id).toMatch(/^[0-9a-f]{32}$/);
});

test('a phase callback passes its result on, and its error unchanged', async () => {
  const { monitor, find } = setUp();
  const request = monitor.startRequest();
  const error = new TypeError('no such index');
  expect(request.phase('a', () => 42)).toBe(42);
  expect(await request.phase('b', async () => 'later')).toBe('later');
  expect(() =>
    request.phase('c', () => {
      throw error;
    }),
  ).toThrow(error);
  await expect(request.phase('d', () => Promise.reject(error))).rejects.toBe(error);
  request.end();

  expect(find('a').success).toBe(true);
  expect(find('b').success).toBe(true);
  for (const name of ['c', 'd']) {
    expect(find(name)).toMatchObject({ success: false, errorType: 'TypeError', errorMessage: 'no such index' });
  }
});

test('an asynchronous phase lasts until its promise settles', async () => {
  const { monitor, find } = setUp();
  const request = monitor.startRequest();
  let release = () => {};
  const running = request.phase('slow', () => new Promise<void>((resolve) => (release = resolve)));
  const quick = request.phase('quick');
  quick.end();
  release();
  await running;
  request.end();
  expect(find('slow').endUnixMs).toBeGreaterThanOrEqual(find('quick').endUnixMs);
});

test('phases started in a callback are nested in it, also after an await and beside other phases', async () => {
  const { monitor, find } = setUp();
  await monitor.request({ name: 'r' }, async (request) => {
    await Promise.all([
      request.phase('left', async () => {
        await delay(1);
        request.phase('in left', () => {});
      }),
      request.phase('right', async (right) => {
        right.phase('in right', () => {});
        using scope = request.phase('scope in right');
        await delay(1);
        scope.setMetadata({ step: 2 });
      }),
    ]);
  });
  expect(find('left').parentSpanId).toBe(find('r').spanId);
  expect(find('in left').parentSpanId).toBe(find('left').spanId);
  expect(find('in right').parentSpanId).toBe(find('right').spanId);
  expect(find('scope in right')).toMatchObject({ parentSpanId: find('right').spanId, data: '{"step":2}' });
});

test('a using scope ends with its block, and fails with the error that leaves the request', async () => {
  const { monitor, find } = setUp();
  await monitor.request({ name: 'good' }, async (request) => {
    using _phase = request.phase('kept');
    await delay(1);
  });
  await expect(
    monitor.request({ name: 'bad' }, async (request) => {
      {
        using _before = request.phase('before');
      }
      using _outer = request.phase('outer');
      await using _inner = request.phase('inner');
      await delay(1);
      throw new RangeError('too long');
    }),
  ).rejects.toThrow('too long');
  expect(find('kept').success).toBe(true);
  expect(find('before').success).toBe(true);
  expect(find('inner')).toMatchObject({ success: false, errorType: 'RangeError' });
  expect(find('outer')).toMatchObject({ success: false, errorMessage: 'too long' });
});

test('start and end by name meet the phase of that name that was started last', () => {
  const { sink, monitor } = setUp();
  const request = monitor.startRequest();
  const first = request.startPhase('try');
  const second = request.startPhase('try');
  request.endPhase('try', { success: false, metadata: { attempt: 2 } });
  request.endPhase('try', { success: true });
  expect(request.endPhase('try')).toBe(0);
  request.end();
  const phases = sink.spans.filter((span) => span.name === 'try');
  expect(phases.map((span) => [span.spanId, span.success, span.data])).toEqual([
    [second.spanId, false, '{"attempt":2}'],
    [first.spanId, true, ''],
  ]);
});

test('the summary has counts, shares of the total, and bottlenecks without the time of what is inside them', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { monitor } = setUp();
  const request = monitor.startRequest();
  const total = request.startPhase('total_request');
  vi.advanceTimersByTime(20);
  request.recordPhase('retrieval', 10);
  request.recordPhase('retrieval', 10, { pages: 2 }, { success: false });
  const generation = request.startPhase('generation');
  vi.advanceTimersByTime(10);
  generation.phase('first token', () => vi.advanceTimersByTime(50));
  vi.advanceTimersByTime(20);
  generation.end();
  total.end();
  const summary = request.end();
  vi.useRealTimers();

  expect(summary).toMatchObject({
    requestId: request.id,
    traceId: request.traceId,
    success: true,
    status: 'completed',
  });
  expect(summary.totalMs).toBeCloseTo(100, 2);
  expect(
    summary.phases.map(({ name, count, failed, durationMs }) => [name, count, failed, Math.round(durationMs)]),
  ).toEqual([
    ['retrieval', 2, 1, 20],
    ['first token', 1, 0, 50],
    ['generation', 1, 0, 80],
    ['total_request', 1, 0, 100],
  ]);
  for (const phase of summary.phases) expect(phase.share).toBeCloseTo(phase.durationMs / 100, 4);
  expect(summary.phases.map(({ metadata }) => metadata)).toEqual(['{"pages":2}', undefined, undefined, undefined]);
  expect(summary.bottlenecks.map(({ name, share }) => [name, Math.round(share * 100)])).toEqual([
    ['first token', 50],
    ['generation', 30],
  ]);
});

test('ending twice changes nothing', () => {
  const { sink, monitor } = setUp();
  const request = monitor.startRequest();
  const summary = request.end({ success: false, errorType: 'quota', errorMessage: 'no tokens left' });
  expect(request.end({ success: true })).toBe(summary);
  expect(sink.spans).toHaveLength(1);
  expect(sink.spans[0]).toMatchObject({ success: false, errorType: 'quota', errorMessage: 'no tokens left' });
});

test.each([
  [{}, 'completed', true],
  [{ success: false }, 'failed', false],
  [{ error: new Error('x') }, 'failed', false],
  [{ error: new Error('x'), success: true }, 'completed', true],
  [{ errorMessage: 'x' }, 'failed', false],
  [{ status: 'timeout' }, 'timeout', false],
  [{ status: 'cancelled' }, 'cancelled', false],
  [{ error: new DOMException('gone', 'AbortError') }, 'cancelled', false],
  [{ error: new DOMException('late', 'TimeoutError') }, 'timeout', false],
] as const)('the outcome %j is %s', (outcome, status, success) => {
  const { sink, monitor } = setUp();
  const summary = monitor.startRequest().end(outcome);
  expect(summary).toMatchObject({ status, success });
  const attributes = spanAttributes(sink.spans[0] as (typeof sink.spans)[0]);
  expect(attributes['vedetta.state']).toBe(status === 'timeout' || status === 'cancelled' ? status : undefined);
});

test('phases that still run end with their request; what comes after the end is recorded too', () => {
  const { sink, monitor, find } = setUp();
  const request = monitor.startRequest();
  const open = request.startPhase('open');
  request.end({ error: new Error('broke') });
  open.end();
  expect(find('open')).toMatchObject({ success: false, errorMessage: 'broke' });
  request.recordPhase('late', 3);
  request.event('feedback shown');
  expect(sink.spans.map((span) => span.name)).toEqual(['open', 'request', 'late', 'feedback shown']);
  expect(find('late').requestId).toBe(request.id);
});

test('events and scores belong to their request, and stand alone without one', () => {
  const { sink, monitor, find } = setUp();
  const request = monitor.startRequest({ id: 'r1' });
  request.event('cache_miss', { key: 'a' });
  request.score({ thumb: 'up', comment: 'good' });
  request.end();
  monitor.event('deployed', { version: 3 });
  monitor.score('r1', { name: 'relevance', value: 0.75, label: 'fair' });

  expect(find('cache_miss')).toMatchObject({ kind: 'event', requestId: 'r1', data: '{"key":"a"}' });
  expect(find('cache_miss').endUnixMs).toBe(find('cache_miss').startUnixMs);
  expect(spanAttributes(find('deployed'))).toEqual({ 'vedetta.span.kind': 'event', 'vedetta.data': '{"version":3}' });
  expect(spanAttributes(find('feedback'))).toEqual({
    'vedetta.span.kind': 'score',
    'vedetta.request.id': 'r1',
    'gen_ai.evaluation.name': 'feedback',
    'gen_ai.evaluation.score.value': 1,
    'gen_ai.evaluation.score.label': 'up',
    'gen_ai.evaluation.explanation': 'good',
  });
  expect(spanAttributes(find('relevance'))).toMatchObject({
    'vedetta.request.id': 'r1',
    'gen_ai.evaluation.score.value': 0.75,
    'gen_ai.evaluation.score.label': 'fair',
  });
  expect(sink.spans.every((span) => span.traceId.length === 32)).toBe(true);
});

test('the current request is found across awaits, timers, streams and emitters, and not outside', async () => {
  const { monitor } = setUp();
  const seen = await monitor.request({ id: 'r' }, async () => {
    const ids: (string | undefined)[] = [monitor.current()?.id];
    await Promise.resolve();
    ids.push(monitor.current()?.id);
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
    ids.push(monitor.current()?.id);
    for await (const _chunk of Readable.from(['a', 'b'])) ids.push(monitor.current()?.id);
    const emitter = new EventEmitter();
    emitter.on('tick', () => ids.push(monitor.current()?.id));
    emitter.emit('tick');
    return ids;
  });
  expect(seen).toEqual(['r', 'r', 'r', 'r', 'r', 'r']);
  expect(monitor.current()).toBeUndefined();
});

test('monitor.request passes result and error on and ends the request with them', async () => {
  const { monitor, find } = setUp();
  const error = new Error('upstream');
  expect(monitor.request({ name: 'sync' }, () => 1)).toBe(1);
  expect(await monitor.request({ name: 'async' }, async () => 2)).toBe(2);
  await expect(monitor.request({ name: 'rejects' }, () => Promise.reject(error))).rejects.toBe(error);
  expect(find('rejects')).toMatchObject({ success: false, errorMessage: 'upstream' });
  expect(monitor.stats()).toMatchObject({ totalRequests: 3, failedRequests: 1, activeRequests: 0 });
});

test('traceparent comes in, goes out and links requests inside requests', () => {
  const { monitor, find } = setUp();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  const request = monitor.startRequest({ name: 'in', headers });
  expect(request.traceId).toBe(traceId);
  expect(request.id).not.toBe(traceId);
  expect(monitor.startRequest({ headers: new Headers(headers) }).traceId).toBe(traceId);
  expect(request.traceparent()).toBe(`00-${traceId}-${request.traceparent().slice(36, 52)}-01`);
  request.run(() =>
    request.phase('call', () => {
      monitor.startRequest({ name: 'inner' }).end();
    }),
  );
  request.end();
  expect(find('in').parentSpanId).toBe('b7ad6b7169203331');
  expect(find('inner')).toMatchObject({ traceId, parentSpanId: find('call').spanId });
  expect(request.traceparent()).toContain(find('in').spanId);
});

test('a call of a model becomes a child span with the attributes of the GenAI conventions', () => {
  const { monitor, find } = setUp();
  const request = monitor.startRequest({ model: 'gpt-4o' });
  request.phase('generation', () =>
    request.llm({
      provider: 'openai',
      responseModel: 'gpt-4o-2024-08-06',
      usage: { inputTokens: 12, outputTokens: 34, cacheReadTokens: 5 },
      timeToFirstTokenMs: 250,
      durationMs: 900,
      finishReasons: ['stop'],
      input: [{ role: 'user', content: 'Hi' }],
      output: 'Hello',
      parameters: { temperature: 0.2 },
    }),
  );
  request.end();
  const call = find('chat gpt-4o');
  expect(call).toMatchObject({ kind: 'llm', parentSpanId: find('generation').spanId, requestId: request.id });
  expect(call.endUnixMs - call.startUnixMs).toBeCloseTo(900, 2);
  expect(spanAttributes(call)).toEqual({
    'vedetta.request.id': request.id,
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.response.model': 'gpt-4o-2024-08-06',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.response.time_to_first_chunk': 0.25,
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 34,
    'gen_ai.usage.cache_read.input_tokens': 5,
    'gen_ai.request.temperature': 0.2,
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
    'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]',
  });
});

test('a call without a duration takes the time of its phase, running or just over', () => {
  const { sink, monitor, find } = setUp();
  const request = monitor.startRequest({ model: 'm' });
  const total = request.startPhase('total_request');
  request.llm({ operation: 'embeddings' });
  request.phase('generation', () => {});
  request.llm({});
  const rerank = request.startPhase('grading');
  request.llm({ operation: 'rerank' });
  rerank.end();
  total.end();
  request.end();
  const { startUnixMs, endUnixMs, spanId } = find('generation');
  expect(find('chat m')).toMatchObject({ startUnixMs, endUnixMs, parentSpanId: spanId });
  expect(find('rerank m')).toMatchObject({ startUnixMs: find('grading').startUnixMs });
  expect(find('rerank m').parentSpanId).toBe(find('grading').spanId);
  const root = sink.spans.at(-1);
  expect(find('embeddings m')).toMatchObject({ startUnixMs: root?.startUnixMs, parentSpanId: root?.spanId });
});

test('content can be kept in the process, or redacted before it leaves', () => {
  const call = { model: 'm', input: 'my key is sk-1', output: 'ok' };
  const messages = (options: Parameters<typeof createMonitor>[0]) => {
    const sink = memorySink();
    const request = createMonitor({ ...options, sinks: [sink], flushOnExit: false }).startRequest();
    request.llm(call);
    request.end();
    return spanAttributes(sink.spans[0] as (typeof sink.spans)[0])['gen_ai.input.messages'];
  };
  expect(messages({ content: 'off' })).toBeUndefined();
  expect(messages({ redact: (text) => text.replace('sk-1', '[key]') })).toBe(
    '[{"role":"user","parts":[{"type":"text","content":"my key is [key]"}]}]',
  );
  expect(
    messages({
      redact: () => {
        throw new Error('broken');
      },
    }),
  ).toBeUndefined();
});

test('recent requests are bounded, newest first, and summed up by model', () => {
  const monitor = createMonitor({ sinks: [], recentLimit: 3, flushOnExit: false });
  for (const [name, model] of [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
    ['d', 'x'],
    ['e', 'x'],
  ] as const) {
    monitor.startRequest({ name, model }).end({ success: name !== 'e' });
  }
  expect(monitor.recent().map(({ name }) => name)).toEqual(['e', 'd', 'c']);
  expect(monitor.recent(1).map(({ name }) => name)).toEqual(['e']);
  expect(monitor.models()).toMatchObject([
    { model: 'x', requests: 2, successRate: 0.5 },
    { model: 'y', requests: 1, successRate: 1 },
  ]);
  expect(monitor.stats()).toMatchObject({ totalRequests: 5, failedRequests: 1 });
});

test('active requests are listed with their phase until they end', () => {
  const { monitor } = setUp();
  const request = monitor.startRequest({ name: 'live', model: 'm' });
  const phase = request.startPhase('generation');
  expect(monitor.active()).toMatchObject([{ requestId: request.id, name: 'live', currentPhase: 'generation' }]);
  phase.end();
  expect(monitor.active()).toMatchObject([{ currentPhase: '' }]);
  request.end();
  expect(monitor.active()).toEqual([]);
});

test('a request with very many phases sends them on before it ends', () => {
  const { sink, monitor } = setUp();
  const request = monitor.startRequest();
  for (let i = 0; i < 600; i += 1) request.recordPhase('step', 1);
  expect(sink.spans.length).toBe(512);
  expect(request.end().phases).toMatchObject([{ name: 'step', count: 600 }]);
  expect(sink.spans.length).toBe(601);
});
