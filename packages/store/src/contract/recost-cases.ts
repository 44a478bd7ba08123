import type { CallCost, LlmCallRow } from '@vedetta/model';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { EVERYTHING, writeNew } from './everything.js';
import { allCalls } from './llm-call-cases.js';
import { BASE_UNIX_MS, makeCall, makeRequest, makeSpan } from './span-maker.js';

/** A quarter dollar a token, whatever the model. */
function priced({ usage }: LlmCallRow): CallCost {
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  return { usd: tokens * 0.25, source: 'priced', estimated: false, priceKey: 'openai/gpt-4o', priceDate: '2026-11-01' };
}

export const recostCases: readonly ContractCase[] = [
  {
    name: 'prices stored calls anew, with their requests and spans, and leaves what senders supplied',
    async run({ open }) {
      let store = await open();
      const old: CallCost = { usd: 9, source: 'priced', estimated: true, priceKey: 'old' };
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeCall({ trace: 1, span: 2, parent: 1, atMs: 1, genAi: { cost: old } }, 1, 2),
        makeCall({ trace: 1, span: 3, parent: 1, atMs: 2 }, 3, 4),
        makeCall({ trace: 1, span: 4, parent: 1, atMs: 3, genAi: { suppliedCostUsd: 5 } }, 1, 1),
        // Reports the third call once more, from around it.
        makeCall({ trace: 1, span: 5, parent: 1, atMs: 4, genAi: { cost: old } }, 3, 4),
        makeCall({ trace: 1, span: 6, parent: 5, atMs: 5 }, 3, 4),
        ...[makeRequest('other', { trace: 2, span: 1 }), makeCall({ trace: 2, span: 2, parent: 1, atMs: 1000 }, 1, 1)],
      ]);
      const range = { fromUnixMs: BASE_UNIX_MS, toUnixMs: BASE_UNIX_MS + 1000 };
      const asked: LlmCallRow[] = [];
      const recost = () =>
        store.maintenance.recost(range, (calls) => {
          asked.push(...calls);
          return calls.map(priced);
        });
      expect(await recost()).toEqual({ calls: 3, changed: 3 });
      expect(asked.map(({ spanId }) => Number.parseInt(spanId, 16))).toEqual([2, 3, 6]);
      expect(asked[0]).toMatchObject({ model: 'gpt-4o', requestId: 'r', cost: old, usage: { inputTokens: 1 } });
      expect(await recost()).toEqual({ calls: 3, changed: 0 });
      const check = async () => {
        expect((await allCalls(store)).map(({ cost }) => cost?.usd)).toEqual([undefined, 1.75, 5, 1.75, 0.75]);
        const detail = await store.requests.detail('r');
        expect(detail?.request).toMatchObject({
          costUsd: 9.25,
          costEstimated: false,
          unpricedCallCount: 0,
        });
        expect(detail?.llmCalls.map(({ cost }) => cost?.usd)).toEqual([0.75, 1.75, 5, 1.75]);
        expect(detail?.spans.slice(0, 6).map(({ genAi }) => genAi?.cost?.priceDate)).toEqual([
          undefined,
          '2026-11-01',
          '2026-11-01',
          undefined,
          undefined,
          '2026-11-01',
        ]);
        expect(await store.requests.get('other')).toMatchObject({ costUsd: undefined, unpricedCallCount: 1 });
      };
      await check();
      store = await open();
      await check();
      // A late span has the trace derived anew, of bodies that hold the old costs.
      await writeNew(store, [makeSpan({ trace: 1, span: 7, parent: 1, atMs: 6 })]);
      await check();
    },
  },
  {
    name: 'forgets a cost whose price is no longer known',
    async run({ open }) {
      const store = await open();
      const cost: CallCost = { usd: 1, source: 'local', estimated: true, elsewhereUsd: 2, elsewhereKey: 'x' };
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeCall({ trace: 1, span: 2, parent: 1, genAi: { cost } }, 1, 1),
      ]);
      expect(await store.requests.get('r')).toMatchObject({ costUsd: 1, costEstimated: true, unpricedCallCount: 0 });
      expect(await store.maintenance.recost(EVERYTHING.range, () => [undefined])).toEqual({ calls: 1, changed: 1 });
      expect(await store.requests.get('r')).toMatchObject({
        costUsd: undefined,
        costEstimated: false,
        unpricedCallCount: 1,
      });
      expect(await store.requests.detail('r')).toMatchObject({ llmCalls: [{ cost: undefined }] });
      expect((await store.requests.detail('r'))?.spans[1]?.genAi).not.toHaveProperty('cost');
      // Before it left memory, too.
      await writeNew(store, [makeCall({ trace: 1, span: 3, parent: 1, atMs: 1, genAi: { cost } }, 1, 1)]);
      expect(await store.requests.get('r')).toMatchObject({ costUsd: 1, unpricedCallCount: 1 });
    },
  },
  {
    name: 'goes on taking writes while it prices, in steps, and asks for each call once',
    async run({ open }) {
      const store = await open();
      const calls = (from: number, count: number) =>
        Array.from({ length: count }, (_, i) => makeCall({ trace: from + i, span: 1, atMs: Math.floor(i / 3) }, 1, 1));
      for (let i = 0; i < 5; i++) await writeNew(store, calls(1 + i * 1000, 1000));
      const asked = new Set<string>();
      const sizes: number[] = [];
      const pricing = store.maintenance.recost(EVERYTHING.range, (rows) => {
        sizes.push(rows.length);
        for (const { traceId } of rows) asked.add(traceId);
        return rows.map(priced);
      });
      const written = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          store.writer.write(
            calls(10_001 + i, 1).map((span) => ({ ...span, startUnixNano: span.startUnixNano - 1_000_000_000n })),
          ),
        ),
      );
      expect(written.every(({ kind }) => kind === 'stored')).toBe(true);
      const { calls: counted } = await pricing;
      expect(counted).toBeGreaterThanOrEqual(5000);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(counted);
      expect(asked.size).toBe(counted);
      expect(Math.max(...sizes)).toBeLessThan(2000);
      expect(await store.llmCalls.modelStats(EVERYTHING)).toMatchObject([{ calls: 5010 }]);
      const [{ requests } = { requests: 0 }] = [await store.maintenance.info()];
      expect(requests).toBe(5010);
      expect(await store.requests.stats(EVERYTHING)).toMatchObject({
        costUsd: expect.closeTo((await store.llmCalls.modelStats(EVERYTHING))[0]?.costUsd ?? 0, 6),
      });
    },
  },
  {
    name: 'keeps names of prices that no text of an engine can hold as far as it can',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeCall({ trace: 1, span: 1 }, 1, 1)]);
      const price = (rows: readonly LlmCallRow[]) => rows.map((row) => ({ ...priced(row), priceKey: 'a"\ud800\0b' }));
      expect(await store.maintenance.recost(EVERYTHING.range, price)).toEqual({ calls: 1, changed: 1 });
      expect(await allCalls(store)).toMatchObject([{ cost: { usd: 0.5, priceKey: 'a"\ufffd\ufffdb' } }]);
    },
  },
  {
    name: 'keeps the steps before a price that cannot be told, and nothing of that step',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeCall({ trace: 1, span: 1 }, 1, 1)]);
      const fail = () => {
        throw new Error('no list');
      };
      await expect(store.maintenance.recost(EVERYTHING.range, fail)).rejects.toThrow('no list');
      await expect(store.maintenance.recost(EVERYTHING.range, () => [])).rejects.toBeInstanceOf(RangeError);
      expect(await allCalls(store)).toMatchObject([{ cost: undefined }]);
      expect(await store.maintenance.recost(EVERYTHING.range, (rows) => rows.map(priced))).toMatchObject({
        changed: 1,
      });
    },
  },
];
