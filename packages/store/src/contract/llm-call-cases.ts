import type { CallCost, LlmCallRow, Usage } from '@vedetta/model';
import { expect } from 'vitest';
import type { Store } from '../api/store.js';
import type { ContractCase } from './contract-case.js';
import { allRequests, EVERYTHING, writeNew } from './everything.js';
import { BASE_UNIX_MS, makeCall, makeRequest, makeSpan, spanId, traceId, unixNano } from './span-maker.js';

const PRICED: CallCost = {
  usd: 0.0125,
  source: 'priced',
  estimated: false,
  priceKey: 'openai/gpt-4o',
  priceDate: '2026-08-14',
};
const LOCAL: CallCost = {
  usd: 0,
  source: 'local',
  estimated: true,
  elsewhereUsd: 0.003,
  elsewhereKey: 'openai/gpt-4o-mini',
};
const EVERY_FIGURE: Usage = {
  inputTokens: 100,
  outputTokens: 50,
  cacheReadTokens: 10,
  cacheWriteTokens: 9,
  cacheWrite1hTokens: 8,
  reasoningTokens: 7,
  audioInputTokens: 6,
  audioOutputTokens: 5,
  imageInputTokens: 4,
  imageOutputTokens: 3,
  statedTotalTokens: 151,
  units: { outputImages: 2, imageSize: '1024x1792', imageQuality: 'hd', inputSeconds: 0.25, source: 'counted' },
  source: 'supplied',
  cacheAdded: true,
};

/** All calls, newest first. */
export async function allCalls(store: Store): Promise<readonly LlmCallRow[]> {
  return (await store.llmCalls.list({ range: EVERYTHING.range, limit: 1000, cursor: undefined })).calls;
}

/** Span numbers of all calls, oldest first. */
async function callSpans(store: Store): Promise<number[]> {
  return (await allCalls(store)).map((call) => Number.parseInt(call.spanId, 16)).reverse();
}

export const llmCallCases: readonly ContractCase[] = [
  {
    name: 'keeps a call as it was stated, with every figure and its provenance',
    async run({ open }) {
      let store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeSpan({
          trace: 1,
          span: 2,
          parent: 1,
          atMs: 5,
          ms: 400,
          status: 2,
          facts: { state: 'timeout', errorType: 'ReadTimeout' },
          genAi: {
            provider: 'openai',
            requestModel: 'gpt-4o',
            responseModel: 'gpt-4o-2024-08-06',
            stream: true,
            timeToFirstTokenMs: 120.5,
            serviceTier: 'flex',
            usage: EVERY_FIGURE,
            cost: PRICED,
          },
        }),
        makeSpan({ trace: 1, span: 3, parent: 1, atMs: 6, genAi: { operation: 'embeddings', cost: LOCAL } }),
      ]);
      store = await open();
      const [embedding, call] = await allCalls(store);
      expect(call).toEqual({
        traceId: traceId(1),
        spanId: spanId(2),
        requestId: 'r',
        startUnixNano: unixNano(BASE_UNIX_MS + 5),
        endUnixNano: unixNano(BASE_UNIX_MS + 405),
        durationMs: 400,
        status: 'timeout',
        errorType: 'ReadTimeout',
        provider: 'openai',
        model: 'gpt-4o-2024-08-06',
        requestModel: 'gpt-4o',
        operation: 'chat',
        stream: true,
        timeToFirstTokenMs: 120.5,
        usage: EVERY_FIGURE,
        serviceTier: 'flex',
        cost: PRICED,
      });
      expect(embedding).toMatchObject({
        operation: 'embeddings',
        provider: '',
        model: '',
        requestModel: '',
        stream: false,
        timeToFirstTokenMs: undefined,
        usage: undefined,
        serviceTier: '',
        cost: LOCAL,
      });
      const detail = await store.requests.detail('r');
      expect(detail?.llmCalls).toEqual([call, embedding]);
      expect(detail?.spans.map(({ genAi }) => genAi?.cost)).toEqual([undefined, PRICED, LOCAL]);
    },
  },
  {
    name: 'makes calls of finished model spans only: not of agents, tools, nor of what runs',
    async run({ open }) {
      const store = await open();
      const usage: Usage = { inputTokens: 1, source: 'reported' };
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeSpan({ trace: 1, span: 2, parent: 1, genAi: { operation: 'invoke_agent', aggregate: true, usage } }),
        makeSpan({ trace: 1, span: 3, parent: 1, genAi: { operation: 'chat', aggregate: true, usage } }),
        makeSpan({ trace: 1, span: 4, parent: 1, genAi: { operation: 'execute_tool' } }),
        makeCall({ trace: 1, span: 5, parent: 1, atMs: 1, running: true }, 1, 1),
        makeCall({ trace: 1, span: 6, parent: 1, atMs: 2 }, 1, 1),
        makeSpan({ trace: 1, span: 7, parent: 1, atMs: 3, genAi: { operation: 'rerank' } }),
      ]);
      expect(await callSpans(store)).toEqual([6, 7]);
      await writeNew(store, [makeCall({ trace: 1, span: 5, parent: 1, atMs: 1 }, 1, 1)]);
      expect(await callSpans(store)).toEqual([5, 6, 7]);
    },
  },
  {
    name: 'has one call of two reports, one around the other, whichever comes first',
    async run({ open }) {
      let store = await open();
      const report = (trace: number) => [
        makeRequest(`r${trace}`, { trace, span: 1, atMs: trace * 100 }),
        makeCall({ trace, span: 2, parent: 1, atMs: trace * 100 + 1, genAi: { cost: PRICED } }, 100, 10),
        makeCall({ trace, span: 3, parent: 2, atMs: trace * 100 + 2, genAi: { cost: PRICED } }, 100, 10),
      ];
      for (const [trace, order] of [
        [1, [0, 1, 2]],
        [2, [2, 1, 0]],
        [3, [1, 2, 0]],
      ] as const) {
        for (const position of order) await writeNew(store, [report(trace)[position]!]);
      }
      // The last report comes to a trace that has left memory.
      await writeNew(store, report(4).slice(0, 2));
      store = await open();
      await writeNew(store, report(4).slice(2));
      expect(await callSpans(store)).toEqual([3, 3, 3, 3]);
      for (const request of await allRequests(store)) {
        expect(request).toMatchObject({ llmCallCount: 1, costUsd: PRICED.usd, unpricedCallCount: 0 });
        const spans = (await store.requests.detail(request.requestId))?.spans ?? [];
        expect(spans.map(({ genAi }) => genAi?.cost)).toEqual([undefined, undefined, PRICED]);
      }
    },
  },
  {
    name: 'has a call once when its span is delivered again, and joins it to a request that comes later',
    async run({ open }) {
      let store = await open();
      const call = makeCall({ trace: 1, span: 2, parent: 1, atMs: 1 }, 1, 1);
      await writeNew(store, [call]);
      expect(await allCalls(store)).toMatchObject([{ requestId: traceId(1) }]);
      store = await open();
      expect(await store.writer.write([call])).toMatchObject({ storedSpans: 0, duplicateSpans: 1 });
      await writeNew(store, [makeRequest('late', { trace: 1, span: 1 })]);
      expect(await store.writer.write([call, call])).toMatchObject({ storedSpans: 0, duplicateSpans: 2 });
      expect(await allCalls(store)).toMatchObject([{ requestId: 'late', spanId: spanId(2) }]);
    },
  },
  {
    name: 'keeps a call that stands beside the requests of its trace',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeCall({ trace: 1, span: 1, genAi: { cost: PRICED } }, 5, 5),
        makeRequest('r', { trace: 1, span: 2, parent: 1, atMs: 1 }),
      ]);
      expect(await allCalls(store)).toMatchObject([{ requestId: '', cost: PRICED }]);
      expect(await store.requests.get('r')).toMatchObject({ llmCallCount: 0, costUsd: undefined });
      expect(await store.llmCalls.modelStats(EVERYTHING)).toMatchObject([{ calls: 1, costUsd: PRICED.usd }]);
      expect((await store.requests.detail('r'))?.spans[0]?.genAi?.cost).toEqual(PRICED);
    },
  },
  {
    name: 'says how sure the cost of a request is',
    async run({ open }) {
      const store = await open();
      const usage: Usage = { inputTokens: 1, source: 'reported' };
      const request = (trace: number, ...genAis: Parameters<typeof makeSpan>[0]['genAi'][]) =>
        writeNew(store, [
          makeRequest(`r${trace}`, { trace, span: 1 }),
          ...genAis.map((genAi, i) =>
            makeSpan({ trace, span: i + 2, parent: 1, atMs: i + 1, ...(genAi !== undefined && { genAi }) }),
          ),
        ]);
      await request(1, { usage, cost: PRICED }, { usage, cost: LOCAL }, { usage, suppliedCostUsd: 1 });
      await request(2, { usage, cost: PRICED }, { usage }, { usage: { ...usage, source: 'estimated' } }, {});
      await request(3, { usage });
      await request(4, { operation: 'execute_tool' });
      await request(5, { operation: 'invoke_agent', aggregate: true, usage, suppliedCostUsd: 2 });
      const find = (id: string) => store.requests.get(id);
      expect(await find('r1')).toMatchObject({
        costUsd: PRICED.usd + LOCAL.usd + 1,
        costEstimated: true,
        unpricedCallCount: 0,
        usageEstimated: false,
      });
      expect(await find('r2')).toMatchObject({
        costUsd: PRICED.usd,
        costEstimated: false,
        unpricedCallCount: 2,
        usageEstimated: true,
      });
      expect(await find('r3')).toMatchObject({ costUsd: undefined, unpricedCallCount: 1 });
      expect(await find('r4')).toMatchObject({ costUsd: undefined, unpricedCallCount: 0, usageEstimated: false });
      expect(await find('r5')).toMatchObject({ costUsd: 2, unpricedCallCount: 0, llmCallCount: 0 });
      expect(await store.requests.stats(EVERYTHING)).toMatchObject({ costUsd: PRICED.usd * 2 + 3 });
    },
  },
  {
    name: 'deletes calls with their trace, and hands them to the archive with their request',
    async run({ open }) {
      const store = await open();
      const request = (trace: number, atMs: number) => [
        makeCall({ trace, span: 9, atMs }, 1, 1),
        makeRequest(`r${trace}`, { trace, span: 1, parent: 9, atMs }),
        makeCall({ trace, span: 2, parent: 1, atMs }, 1, 1),
      ];
      await writeNew(store, [...request(1, 0), ...request(2, 1), ...request(3, 1000)]);
      await store.maintenance.deleteBefore(BASE_UNIX_MS + 1);
      expect(await allCalls(store)).toHaveLength(4);
      const archived: number[] = [];
      await store.maintenance.deleteBefore(BASE_UNIX_MS + 1000, async ({ requests }) => {
        for (const key of requests) archived.push((await store.requests.detailOf(key))?.llmCalls.length ?? 0);
      });
      expect(archived).toEqual([1]);
      expect((await allCalls(store)).map((call) => call.traceId)).toEqual([traceId(3), traceId(3)]);
    },
  },
  {
    name: 'shows calls to users’ SQL, with tokens per second from the first token of a stream on',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeCall({ trace: 1, span: 2, parent: 1, ms: 1000, genAi: { cost: PRICED } }, 9, 50),
        makeCall(
          { trace: 1, span: 3, parent: 1, atMs: 1, ms: 1000, genAi: { stream: true, timeToFirstTokenMs: 500 } },
          9,
          50,
        ),
        makeCall({ trace: 1, span: 4, parent: 1, atMs: 2, ms: 0 }, 9, 50),
      ]);
      const outcome = await store.sql.query(
        `SELECT request_id, span_id, model, start_time, tokens_per_second, usage_source, cost_usd, cost_source, price_key, cost_estimated
        FROM llm_calls ORDER BY start_time`,
        { maxRows: 10, timeoutMs: 20_000 },
      );
      const base = '2026-03-01T12:00:00';
      expect(outcome.kind === 'rows' && outcome.rows).toEqual([
        ['r', spanId(2), 'gpt-4o', `${base}Z`, 50, 'reported', 0.0125, 'priced', 'openai/gpt-4o', false],
        ['r', spanId(3), 'gpt-4o', `${base}.001Z`, 100, 'reported', null, '', '', false],
        ['r', spanId(4), 'gpt-4o', `${base}.002Z`, null, 'reported', null, '', '', false],
      ]);
    },
  },
  {
    name: 'shows what calls are billed for beside tokens to users’ SQL, and prices them anew by it',
    async run({ open }) {
      const store = await open();
      const units = { outputImages: 3, imageSize: '1024x1024', source: 'reported' } as const;
      await writeNew(store, [
        makeSpan({ trace: 1, span: 1, genAi: { operation: 'generate_content', usage: { source: 'reported', units } } }),
        makeCall({ trace: 2, span: 1, atMs: 1 }, 9, 50),
      ]);
      const { rows } = (await store.sql.query(
        `SELECT (billed_units ->> 'output_images')::INTEGER, billed_units ->> 'image_size', billed_units ->> 'units_source',
        usage_source, input_tokens FROM llm_calls ORDER BY start_time`,
        { maxRows: 10, timeoutMs: 20_000 },
      )) as { readonly rows: unknown };
      expect(rows).toEqual([
        [3, '1024x1024', 'reported', 'reported', null],
        [null, null, null, 'reported', 9],
      ]);
      await store.maintenance.recost(EVERYTHING.range, (calls) =>
        calls.map(({ usage }) =>
          usage?.units === undefined ? undefined : { ...PRICED, usd: (usage.units.outputImages ?? 0) * 0.04 },
        ),
      );
      expect((await allCalls(store)).map(({ usage, cost }) => [usage?.units, cost?.usd])).toEqual([
        [undefined, undefined],
        [units, 0.12],
      ]);
    },
  },
];
