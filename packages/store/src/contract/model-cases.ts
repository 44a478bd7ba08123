import type { CallCost, Span } from '@vedetta/model';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { EVERYTHING, filtered, writeNew } from './everything.js';
import type { SpanPlan } from './span-maker.js';
import { BASE_UNIX_MS, makeCall, makeRequest, makeSpan, traceId } from './span-maker.js';

const PRICED: CallCost = { usd: 0.5, source: 'priced', estimated: false };
const PROVIDER = { provider: 'ollama', requestModel: 'llama3' };

function score(trace: number, requestId: string, name: string, value: number | undefined, atMs = 0): Span {
  return makeSpan({
    trace,
    span: 1,
    atMs,
    facts: { vedettaKind: 'score', requestId, score: { name, ...(value !== undefined && { value }) } },
  });
}

/** A request with one call, which starts with it. */
function asked(id: string, plan: SpanPlan, inputTokens: number, outputTokens: number): Span[] {
  return [
    makeRequest(id, { trace: plan.trace, span: 1, ...(plan.atMs !== undefined && { atMs: plan.atMs }) }),
    makeCall({ ...plan, span: 2, parent: 1 }, inputTokens, outputTokens),
  ];
}

export const modelCases: readonly ContractCase[] = [
  {
    name: 'adds up calls by provider and model',
    async run({ open }) {
      const store = await open();
      const stream = { stream: true, cost: PRICED };
      await writeNew(store, [
        ...asked('a', { trace: 1, span: 2, ms: 1000, genAi: { ...stream, timeToFirstTokenMs: 200 } }, 10, 40),
        ...asked('b', { trace: 2, span: 2, atMs: 10, ms: 3000, genAi: { ...stream, timeToFirstTokenMs: 400 } }, 20, 60),
        ...asked('c', { trace: 3, span: 2, atMs: 20, ms: 200, status: 2 }, 5, 0),
        ...asked('d', { trace: 4, span: 2, atMs: 30, ms: 7000, status: 2, facts: { state: 'timeout' } }, 5, 7),
        ...asked('e', { trace: 5, span: 2, atMs: 40, ms: 100, facts: { state: 'cancelled' } }, 5, 7),
        ...asked(
          'f',
          {
            trace: 6,
            span: 2,
            atMs: 50,
            ms: 500,
            genAi: {
              ...PROVIDER,
              usage: {
                inputTokens: 8,
                outputTokens: 100,
                cacheReadTokens: 1,
                cacheWriteTokens: 2,
                reasoningTokens: 3,
                source: 'estimated',
              },
              cost: { usd: 0, source: 'local', estimated: true, elsewhereUsd: 0.125, elsewhereKey: 'x' },
            },
          },
          0,
          0,
        ),
        makeSpan({ trace: 7, span: 1, atMs: 60, genAi: { operation: 'embeddings' } }),
      ]);
      const stats = await store.llmCalls.modelStats(EVERYTHING);
      expect(stats.map(({ provider, model, calls }) => [provider, model, calls])).toEqual([
        ['openai', 'gpt-4o', 5],
        ['', '', 1],
        ['ollama', 'llama3', 1],
      ]);
      expect(stats[0]).toEqual({
        provider: 'openai',
        model: 'gpt-4o',
        calls: 5,
        completed: 2,
        failed: 1,
        timeout: 1,
        cancelled: 1,
        successRate: 0.5,
        duration: { meanMs: 2260, p50Ms: 1000, p95Ms: 6200, p99Ms: 6840, maxMs: 7000 },
        timeToFirstToken: { meanMs: 300, p50Ms: 300, p95Ms: 390, p99Ms: 398, maxMs: 400 },
        // (40 + 60) tokens in (800 + 2600) ms: of the completed ones, from the first token on.
        tokensPerSecond: 100_000 / 3400,
        inputTokens: 45,
        outputTokens: 114,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        reasoningTokens: 0,
        costUsd: 1,
        unpricedCalls: 3,
        estimatedCalls: 0,
        elsewhereUsd: undefined,
        firstUsedUnixMs: BASE_UNIX_MS,
        lastUsedUnixMs: BASE_UNIX_MS + 40,
        scores: [],
      });
      expect(stats[1]).toMatchObject({
        costUsd: undefined,
        unpricedCalls: 0,
        successRate: 1,
        tokensPerSecond: undefined,
        timeToFirstToken: { meanMs: undefined, p50Ms: undefined },
      });
      expect(stats[2]).toMatchObject({
        tokensPerSecond: 200,
        cacheReadTokens: 1,
        cacheWriteTokens: 2,
        reasoningTokens: 3,
        costUsd: 0,
        estimatedCalls: 1,
        elsewhereUsd: 0.125,
      });
    },
  },
  {
    name: 'takes calls by the start of their request and by the filter of requests',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('early', { trace: 1, span: 1, facts: { userId: 'u' } }),
        makeCall({ trace: 1, span: 2, parent: 1, atMs: 1000 }, 1, 1),
        makeRequest('inner', { trace: 1, span: 3, parent: 1, atMs: 500 }),
        makeCall({ trace: 1, span: 4, parent: 3, atMs: 501, genAi: PROVIDER }, 1, 1),
        makeCall({ trace: 2, span: 1, atMs: 400, genAi: { requestModel: 'beside' } }, 1, 1),
        makeRequest('below', { trace: 2, span: 2, parent: 1, atMs: 401 }),
      ]);
      const models = async (fromMs: number, toMs: number, user?: string) => {
        const range = { fromUnixMs: BASE_UNIX_MS + fromMs, toUnixMs: BASE_UNIX_MS + toMs };
        const { filter } =
          user === undefined ? EVERYTHING : filtered({ kind: 'compare', field: 'user', operator: '=', value: user });
        return (await store.llmCalls.modelStats({ range, filter })).map(({ model }) => model).sort();
      };
      expect(await models(0, 400)).toEqual(['gpt-4o']);
      expect(await models(400, 501)).toEqual(['beside', 'llama3']);
      expect(await models(501, 2000)).toEqual([]);
      expect(await models(0, 2000, 'u')).toEqual(['gpt-4o']);
      expect(await models(0, 2000, 'nobody')).toEqual([]);
    },
  },
  {
    name: 'averages scores by model, once a request, and over all',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        ...asked('a', { trace: 1, span: 2 }, 1, 1),
        makeCall({ trace: 1, span: 3, parent: 1, atMs: 1 }, 1, 1),
        makeCall({ trace: 1, span: 4, parent: 1, atMs: 2, genAi: PROVIDER }, 1, 1),
        ...asked('b', { trace: 2, span: 2, atMs: 10 }, 1, 1),
        makeRequest('stated', { trace: 3, span: 1, genAi: { operation: '', requestModel: 'own' } }),
        score(11, 'a', 'thumb', 1, 100),
        score(12, 'a', 'quality', 4, 200),
        score(13, 'b', 'thumb', 0, 300),
        score(14, 'b', 'note', undefined, 300),
        score(15, 'stated', 'thumb', 1, 300),
        score(16, 'unknown', 'thumb', 1, 400),
      ]);
      const thumbs = { name: 'thumb', count: 2, mean: 0.5, min: 0, max: 1 };
      const thumb = { name: 'thumb', count: 1, mean: 1, min: 1, max: 1 };
      const quality = { name: 'quality', count: 1, mean: 4, min: 4, max: 4 };
      const stats = await store.llmCalls.modelStats(EVERYTHING);
      expect(stats.map(({ model, scores }) => [model, scores])).toEqual([
        ['gpt-4o', [quality, thumbs]],
        ['llama3', [quality, thumb]],
      ]);
      expect(await store.llmCalls.scoreStats(EVERYTHING)).toEqual({
        overall: [quality, { ...thumbs, count: 4, mean: 0.75 }],
        byModel: [
          { provider: '', model: 'own', scores: [thumb] },
          { provider: 'ollama', model: 'llama3', scores: [quality, thumb] },
          { provider: 'openai', model: 'gpt-4o', scores: [quality, thumbs] },
        ],
      });
      // By when a score was given, whenever its request was.
      const late = { fromUnixMs: BASE_UNIX_MS + 150, toUnixMs: BASE_UNIX_MS + 301 };
      expect((await store.llmCalls.scoreStats({ ...EVERYTHING, range: late })).overall).toEqual([quality, thumbs]);
      const ofB = filtered({ kind: 'compare', field: 'id', operator: '=', value: 'b' });
      expect(await store.llmCalls.scoreStats(ofB)).toEqual({
        overall: [{ ...thumb, mean: 0, min: 0, max: 0 }],
        byModel: [{ provider: 'openai', model: 'gpt-4o', scores: [{ ...thumb, mean: 0, min: 0, max: 0 }] }],
      });
    },
  },
  {
    name: 'names models that have usage and no price',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        ...asked('a', { trace: 1, span: 2 }, 10, 1),
        ...asked('b', { trace: 2, span: 2, atMs: 5 }, 20, 2),
        ...asked('c', { trace: 3, span: 2, genAi: { cost: PRICED } }, 40, 4),
        ...asked('d', { trace: 4, span: 2, atMs: 7, genAi: PROVIDER }, 80, 8),
        makeSpan({ trace: 5, span: 1, genAi: { operation: 'embeddings', requestModel: 'no usage' } }),
      ]);
      expect(await store.llmCalls.unpriced(EVERYTHING.range)).toEqual([
        {
          provider: 'openai',
          model: 'gpt-4o',
          calls: 2,
          inputTokens: 30,
          outputTokens: 3,
          lastUsedUnixMs: BASE_UNIX_MS + 5,
        },
        {
          provider: 'ollama',
          model: 'llama3',
          calls: 1,
          inputTokens: 80,
          outputTokens: 8,
          lastUsedUnixMs: BASE_UNIX_MS + 7,
        },
      ]);
      const early = { fromUnixMs: BASE_UNIX_MS, toUnixMs: BASE_UNIX_MS + 1 };
      expect(await store.llmCalls.unpriced(early)).toMatchObject([{ model: 'gpt-4o', calls: 1 }]);
    },
  },
  {
    name: 'pages through calls once each, newest first, and finds them by what they are',
    async run({ open }) {
      const store = await open();
      // Groups of four share a start; two of a trace.
      const spans = Array.from({ length: 24 }, (_, i) =>
        makeCall({ trace: 1 + Math.floor(i / 2), span: (i % 2) + 1, atMs: Math.floor(i / 4) }, 1, 1),
      );
      await writeNew(store, spans);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.llmCalls.list({ range: EVERYTHING.range, limit: 5, cursor });
        seen.push(...page.calls.map((call) => call.traceId + call.spanId));
        cursor = page.nextCursor;
        await writeNew(store, [makeCall({ trace: 1000 + seen.length, span: 1, atMs: 10_000 }, 1, 1)]);
      } while (cursor !== undefined);
      const expected = spans
        .map((span) => ({ key: span.traceId + span.spanId, at: span.startUnixNano }))
        .sort((a, b) => (a.at === b.at ? (a.key < b.key ? -1 : 1) : a.at > b.at ? -1 : 1));
      expect(seen).toEqual(expected.map(({ key }) => key));

      await writeNew(store, [
        makeRequest('r', { trace: 500, span: 1, atMs: 20_000 }),
        makeCall({ trace: 500, span: 2, parent: 1, atMs: 20_000, status: 2, genAi: PROVIDER }, 1, 1),
        makeSpan({ trace: 501, span: 1, atMs: 20_001, genAi: {} }),
      ]);
      const found = async (query: Partial<Parameters<typeof store.llmCalls.list>[0]>) =>
        (await store.llmCalls.list({ range: EVERYTHING.range, limit: 1000, cursor: undefined, ...query })).calls.map(
          (call) => call.traceId,
        );
      expect(await found({ model: 'llama3' })).toEqual([traceId(500)]);
      expect(await found({ provider: 'ollama', status: 'failed' })).toEqual([traceId(500)]);
      expect(await found({ provider: 'ollama', status: 'completed' })).toEqual([]);
      expect(await found({ model: '' })).toEqual([traceId(501)]);
      expect(await found({ requestId: 'r' })).toEqual([traceId(500)]);
      const range = { fromUnixMs: BASE_UNIX_MS + 20_001, toUnixMs: BASE_UNIX_MS + 20_002 };
      expect(await found({ range })).toEqual([traceId(501)]);
      for (const malformed of ['x', Buffer.from('["1","nothing"]').toString('base64url')]) {
        await expect(found({ cursor: malformed })).rejects.toBeInstanceOf(RangeError);
      }
      await expect(found({ limit: 0 })).rejects.toBeInstanceOf(RangeError);
    },
  },
];
