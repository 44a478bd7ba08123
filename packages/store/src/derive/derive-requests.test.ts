import type { Span } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { makeCall, makePhase, makeRequest, makeSpan, traceId } from '../contract/span-maker.js';
import { deriveRequests } from './derive-requests.js';
import { toKnownSpan } from './known-span.js';

const derive = (...spans: Span[]) => deriveRequests(spans.map((span) => toKnownSpan(span, 1_000)));

describe('which request a span belongs to', () => {
  it('makes one request of a trace whose spans name none, under the trace id', () => {
    const { requests } = derive(
      makeSpan({ trace: 1, span: 1 }),
      makeSpan({ trace: 1, span: 2, parent: 1 }),
      makeSpan({ trace: 1, span: 3, parent: 99 }),
    );
    expect(requests).toMatchObject([{ requestId: traceId(1), spanCount: 3, rootSpanId: '0000000000000001' }]);
  });

  it('takes the earliest span with an unknown parent for the root when none is without a parent', () => {
    const { requests } = derive(
      makeSpan({ trace: 1, span: 3, parent: 2, atMs: 5, ms: 100 }),
      makeSpan({ trace: 1, span: 2, parent: 77, atMs: 2, ms: 4, name: 'server' }),
    );
    expect(requests).toMatchObject([{ name: 'server', rootSpanId: '0000000000000002', durationMs: 103 }]);
  });

  it('leaves out spans around a recorded request and takes in those below it', () => {
    const { requests } = derive(
      makeSpan({ trace: 1, span: 1, name: 'HTTP POST' }),
      makeRequest('r', { trace: 1, span: 2, parent: 1 }),
      makeSpan({ trace: 1, span: 3, parent: 2 }),
      makeSpan({ trace: 1, span: 4, parent: 3 }),
    );
    expect(requests).toMatchObject([{ requestId: 'r', spanCount: 3, parentRequestId: undefined }]);
  });

  it('makes no request of the trace while the root of a named one is missing', () => {
    const { requests, phases } = derive(makePhase('r', { trace: 1, span: 2, parent: 1, name: 'retrieval' }));
    expect(requests).toMatchObject([{ requestId: 'r', rootSpanId: '', status: 'completed' }]);
    expect(phases).toMatchObject([{ requestId: 'r', phase: 'retrieval' }]);
  });

  it('counts tokens for the nearest of nested requests only', () => {
    const { requests } = derive(
      makeRequest('outer', { trace: 1, span: 1 }),
      makeCall({ trace: 1, span: 2, parent: 1 }, 10, 1),
      makeRequest('inner', { trace: 1, span: 3, parent: 1, atMs: 1 }),
      makeCall({ trace: 1, span: 4, parent: 3, atMs: 2 }, 100, 20),
    );
    expect(requests).toMatchObject([
      { requestId: 'outer', inputTokens: 10, outputTokens: 1, llmCallCount: 1, parentRequestId: undefined },
      { requestId: 'inner', inputTokens: 100, outputTokens: 20, llmCallCount: 1, parentRequestId: 'outer' },
    ]);
  });

  it('finds the request above through spans of other senders', () => {
    const { requests } = derive(
      makeRequest('outer', { trace: 1, span: 1 }),
      makeSpan({ trace: 1, span: 2, parent: 1 }),
      makeRequest('inner', { trace: 1, span: 3, parent: 2, atMs: 1 }),
    );
    expect(requests.map(({ parentRequestId }) => parentRequestId)).toEqual([undefined, 'outer']);
  });

  it('survives spans that are their own ancestors', () => {
    const { requests } = derive(makeSpan({ trace: 1, span: 1, parent: 2 }), makeSpan({ trace: 1, span: 2, parent: 1 }));
    expect(requests).toMatchObject([{ requestId: traceId(1), spanCount: 2 }]);
  });

  it('gives the same rows for every order of the spans', () => {
    const spans = [
      makeRequest('a', { trace: 1, span: 1, ms: 50, status: 2 }),
      makePhase('a', { trace: 1, span: 2, parent: 1, atMs: 1 }),
      makeCall({ trace: 1, span: 3, parent: 2, atMs: 2, status: 2, message: 'boom' }, 5, 6),
      makeRequest('b', { trace: 1, span: 4, parent: 3, atMs: 2 }),
      makeCall({ trace: 1, span: 5, parent: 4, atMs: 3, genAi: { requestModel: 'small' } }, 1, 1),
    ];
    const expected = derive(...spans);
    for (const order of permutations(spans)) expect(derive(...order)).toEqual(expected);
  });
});

describe('totals', () => {
  it('leaves aggregates out where calls are known', () => {
    const { requests } = derive(
      makeCall({ trace: 1, span: 1, genAi: { operation: 'invoke_agent', aggregate: true } }, 30, 3),
      makeCall({ trace: 1, span: 2, parent: 1 }, 10, 1),
      makeCall({ trace: 1, span: 3, parent: 1 }, 20, 2),
    );
    expect(requests).toMatchObject([{ inputTokens: 30, outputTokens: 3, llmCallCount: 2 }]);
  });

  it('takes the topmost aggregate when no call is known', () => {
    const { requests } = derive(
      makeCall({ trace: 1, span: 1, genAi: { operation: 'invoke_agent', aggregate: true } }, 30, 3),
      makeCall({ trace: 1, span: 2, parent: 1, genAi: { operation: 'chain', aggregate: true } }, 30, 3),
    );
    expect(requests).toMatchObject([{ inputTokens: 30, outputTokens: 3, llmCallCount: 0, model: 'gpt-4o' }]);
  });

  it('knows no sum where no call states a figure, and a cost of zero where one does', () => {
    const { requests } = derive(
      makeSpan({ trace: 1, span: 1, genAi: { suppliedCostUsd: 0, usage: { inputTokens: 4, source: 'reported' } } }),
    );
    expect(requests).toMatchObject([
      { inputTokens: 4, outputTokens: undefined, reasoningTokens: undefined, costUsd: 0 },
    ]);
  });

  it('takes the model of the root, else of the call with most tokens, and prefers the one that answered', () => {
    const small = makeCall({ trace: 1, span: 2, parent: 1, genAi: { requestModel: 'small' } }, 1, 1);
    const large = makeCall(
      { trace: 1, span: 3, parent: 1, genAi: { requestModel: 'large', responseModel: 'large-1' } },
      9,
      9,
    );
    expect(derive(makeSpan({ trace: 1, span: 1 }), small, large).requests).toMatchObject([{ model: 'large-1' }]);
    const root = makeRequest('r', {
      trace: 1,
      span: 1,
      genAi: { operation: '', aggregate: true, requestModel: 'asked' },
    });
    expect(derive(root, small, large).requests).toMatchObject([
      { model: 'asked', provider: 'openai', inputTokens: 10 },
    ]);
  });

  it('previews the question of the first call and the answer of the last', () => {
    const say = (role: string, content: string) => [{ role, parts: [{ type: 'text' as const, content }] }];
    const { requests } = derive(
      makeSpan({ trace: 1, span: 1 }),
      makeSpan({
        trace: 1,
        span: 2,
        parent: 1,
        atMs: 1,
        genAi: { inputMessages: say('user', 'q1'), outputMessages: say('assistant', 'a1') },
      }),
      makeSpan({
        trace: 1,
        span: 3,
        parent: 1,
        atMs: 2,
        genAi: { inputMessages: say('user', 'q2'), outputMessages: say('assistant', 'a2') },
      }),
    );
    expect(requests).toMatchObject([{ inputPreview: 'q1', outputPreview: 'a2', modality: 'text' }]);
  });
});

describe('status', () => {
  it.each([
    ['ended well', {}, {}, 'completed', ''],
    ['ended with an error', { status: 2 as const, message: 'boom' }, {}, 'failed', 'boom'],
    ['said to be cancelled', {}, { state: 'cancelled' as const }, 'cancelled', ''],
    [
      'said to have timed out',
      { status: 2 as const, message: 'late' },
      { state: 'timeout' as const },
      'timeout',
      'late',
    ],
    ['announced', { running: true }, {}, 'running', ''],
  ])('of a request that %s', (_, plan, facts, status, errorMessage) => {
    const { requests } = derive(makeRequest('r', { trace: 1, span: 1, ...plan, facts }));
    expect(requests).toMatchObject([{ status, errorMessage }]);
  });

  it('does not fail a request for a step that failed and was handled', () => {
    const { requests } = derive(
      makeRequest('r', { trace: 1, span: 1 }),
      makePhase('r', { trace: 1, span: 2, parent: 1, status: 2, message: 'first try' }),
    );
    expect(requests).toMatchObject([{ status: 'completed', errorMessage: '', errorFingerprint: '' }]);
  });

  it('takes the error of the deepest failing span when the failed root says nothing', () => {
    const { requests } = derive(
      makeSpan({ trace: 1, span: 1, status: 2 }),
      makeSpan({ trace: 1, span: 2, parent: 1, status: 2, message: 'wrapped' }),
      makeSpan({
        trace: 1,
        span: 3,
        parent: 2,
        status: 2,
        message: 'got 503 from 10.0.0.1',
        facts: { errorType: 'HttpError' },
      }),
    );
    expect(requests).toMatchObject([
      {
        errorType: 'HttpError',
        errorMessage: 'got 503 from 10.0.0.1',
        errorFingerprint: 'HttpError: got <n> from <address>',
      },
    ]);
  });

  it('shows the phase of an announcement and no row for phases that run', () => {
    const { requests, phases } = derive(
      makeRequest('r', { trace: 1, span: 1, running: true, facts: { currentPhase: 'generation' } }),
      makePhase('r', { trace: 1, span: 2, parent: 1, running: true }),
    );
    expect(requests).toMatchObject([{ currentPhase: 'generation', endUnixNano: undefined, lastSeenUnixMs: 1_000 }]);
    expect(phases).toEqual([]);
  });

  it('shows the phase of the latest running span of a request without a root', () => {
    const { requests } = derive(
      makeSpan({ trace: 1, span: 1, facts: { requestId: 'r', currentPhase: 'old' } }),
      makeSpan({ trace: 1, span: 2, atMs: 5, running: true, facts: { requestId: 'r', currentPhase: 'first_byte' } }),
    );
    expect(requests).toMatchObject([{ requestId: 'r', status: 'running', currentPhase: 'first_byte' }]);
  });

  it('gives up a request whose end never came', () => {
    const announced = makeRequest('r', { trace: 1, span: 1, running: true, facts: { currentPhase: 'generation' } });
    const seenUnixMs = Number(announced.startUnixNano / 1_000_000n) + 700;
    const { requests } = deriveRequests([toKnownSpan(announced, seenUnixMs, true)]);
    expect(requests).toMatchObject([{ status: 'timeout', durationMs: 700, currentPhase: '', errorType: 'timeout' }]);
  });
});

describe('phases, events and scores', () => {
  it('takes the children of the root of other senders for phases', () => {
    const { phases } = derive(
      makeSpan({ trace: 1, span: 1 }),
      makeSpan({ trace: 1, span: 2, parent: 1, name: 'retrieval', status: 2 }),
      makeSpan({ trace: 1, span: 3, parent: 2, name: 'query' }),
    );
    expect(phases).toMatchObject([{ phase: 'retrieval', success: false, durationMs: 10 }]);
  });

  it('takes phases that the SDK marks however deep, as often as they occur', () => {
    const { phases } = derive(
      makeRequest('r', { trace: 1, span: 1 }),
      makePhase('r', { trace: 1, span: 2, parent: 1, name: 'retrieval', facts: { data: '{"k":1}' } }),
      makePhase('r', { trace: 1, span: 3, parent: 2, name: 'retrieval', atMs: 1 }),
      makeSpan({ trace: 1, span: 4, parent: 1, name: 'GET' }),
    );
    expect(phases.map(({ phase, metadata }) => [phase, metadata])).toEqual([
      ['retrieval', '{"k":1}'],
      ['retrieval', ''],
    ]);
  });

  it('makes no request of an event that stands alone', () => {
    const derived = derive(
      makeSpan({ trace: 1, span: 1, name: 'deploy', facts: { vedettaKind: 'event', data: '{"v":2}' } }),
    );
    expect(derived).toMatchObject({
      requests: [],
      customEvents: [{ requestId: '', name: 'deploy', data: '{"v":2}', eventId: `${traceId(1)}0000000000000001` }],
    });
  });

  it('hangs events and scores on their request and does not count them', () => {
    const derived = derive(
      makeRequest('r', { trace: 1, span: 1 }),
      makeSpan({ trace: 1, span: 2, parent: 1, facts: { vedettaKind: 'event' } }),
      makeSpan({
        trace: 1,
        span: 3,
        facts: { vedettaKind: 'score', requestId: 'r', score: { name: 'thumb', value: 1 } },
      }),
    );
    expect(derived).toMatchObject({
      requests: [{ requestId: 'r', spanCount: 1 }],
      customEvents: [{ requestId: 'r' }],
      scores: [{ requestId: 'r', name: 'thumb', value: 1, label: '' }],
    });
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
