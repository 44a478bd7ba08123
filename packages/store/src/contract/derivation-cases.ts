import type { Span } from '@vedetta/model';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { allRequests, writeNew } from './everything.js';
import { BASE_UNIX_MS, makeCall, makePhase, makeRequest, makeSpan, spanId, traceId } from './span-maker.js';

const TRACE = (trace: number): Span[] => [
  makeRequest('outer', { trace, span: 1, ms: 100, facts: { userId: 'u', tags: ['a'] } }),
  makePhase('outer', { trace, span: 2, parent: 1, atMs: 5, name: 'generation' }),
  makeCall({ trace, span: 3, parent: 2, atMs: 6 }, 10, 1),
  makeRequest('inner', { trace, span: 4, parent: 3, atMs: 7, status: 2, message: 'boom' }),
  makeCall({ trace, span: 5, parent: 4, atMs: 8 }, 20, 2),
];

export const derivationCases: readonly ContractCase[] = [
  {
    name: 'derives the same rows for every order of arrival, one span a batch',
    async run({ open }) {
      const reference = await open();
      await writeNew(reference, TRACE(1));
      const expected = [await reference.requests.detail('outer'), await reference.requests.detail('inner')];
      await reference.maintenance.deleteBefore(BASE_UNIX_MS + 86_400_000);
      expect(await allRequests(reference)).toEqual([]);
      const orders = [
        [4, 3, 2, 1, 0],
        [2, 0, 4, 1, 3],
        [1, 4, 0, 3, 2],
      ];
      for (const [index, order] of orders.entries()) {
        const spans = TRACE(index + 2);
        for (const position of order) await writeNew(reference, [spans[position]!]);
        const found = [await reference.requests.get('outer'), await reference.requests.get('inner')];
        const trace = { traceId: traceId(index + 2) };
        expect(found).toEqual(expected.map((detail) => ({ ...detail?.request, ...trace })));
        await reference.maintenance.deleteBefore(BASE_UNIX_MS + 86_400_000);
      }
    },
  },
  {
    name: 'joins a late span to its request after reopening',
    async run({ open }) {
      let store = await open();
      const [root, phase, call, ...rest] = TRACE(1);
      await writeNew(store, [root!, ...rest]);
      store = await open();
      await writeNew(store, [phase!, call!]);
      expect(await allRequests(store)).toHaveLength(2);
      expect(await store.requests.get('outer')).toMatchObject({ spanCount: 3, inputTokens: 10, llmCallCount: 1 });
      expect((await store.requests.detail('outer'))?.phases).toMatchObject([{ phase: 'generation' }]);
    },
  },
  {
    name: 'replaces the request of a trace when a span names one',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeSpan({ trace: 1, span: 2, parent: 1 })]);
      expect(await allRequests(store)).toMatchObject([{ requestId: traceId(1) }]);
      await writeNew(store, [makeRequest('named', { trace: 1, span: 1 })]);
      expect(await allRequests(store)).toMatchObject([{ requestId: 'named', spanCount: 2 }]);
    },
  },
  {
    name: 'shows an announced request as running until its end',
    async run({ open, clock }) {
      let store = await open();
      const announced = makeRequest('r', { trace: 1, span: 1, running: true, facts: { currentPhase: 'retrieval' } });
      await writeNew(store, [announced]);
      expect(await store.requests.active(10)).toMatchObject([
        {
          status: 'running',
          currentPhase: 'retrieval',
          endUnixNano: undefined,
          durationMs: undefined,
          lastSeenUnixMs: clock.nowMs,
        },
      ]);
      clock.nowMs += 500;
      await writeNew(store, [{ ...announced, facts: { ...announced.facts, currentPhase: 'generation' } }]);
      expect(await store.requests.active(10)).toMatchObject([
        { currentPhase: 'generation', lastSeenUnixMs: clock.nowMs },
      ]);
      store = await open();
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1, ms: 900 })]);
      expect(await store.requests.active(10)).toEqual([]);
      expect(await allRequests(store)).toMatchObject([
        { status: 'completed', durationMs: 900, currentPhase: '', spanCount: 1 },
      ]);
      expect((await store.requests.detail('r'))?.spans).toMatchObject([{ spanId: spanId(1) }]);
    },
  },
  {
    name: 'replaces an announcement whose end states another start and no request id',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1, atMs: 5000, running: true })]);
      await writeNew(store, [makeSpan({ trace: 1, span: 1, name: 'r', atMs: 0, ms: 5500 })]);
      expect(await store.requests.active(10)).toEqual([]);
      expect(await allRequests(store)).toMatchObject([
        { requestId: traceId(1), status: 'completed', durationMs: 5500 },
      ]);
    },
  },
  {
    name: 'counts a call once that a framework and a client both report, one around the other',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeCall({ trace: 1, span: 2, parent: 1, atMs: 1 }, 100, 10),
        makeSpan({ trace: 1, span: 3, parent: 2, atMs: 2 }),
        makeCall({ trace: 1, span: 4, parent: 3, atMs: 3 }, 101, 11),
        makeCall({ trace: 1, span: 5, parent: 1, atMs: 4 }, 7, 1),
      ]);
      expect(await allRequests(store)).toMatchObject([{ inputTokens: 108, outputTokens: 12, llmCallCount: 2 }]);
    },
  },
  {
    name: 'keeps the tokens of the outer report of a call when the inner one states none',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeCall({ trace: 1, span: 2, parent: 1, atMs: 1 }, 100, 10),
        makeSpan({ trace: 1, span: 3, parent: 2, atMs: 2, genAi: { requestModel: 'gpt-4o' } }),
      ]);
      expect(await allRequests(store)).toMatchObject([{ inputTokens: 100, outputTokens: 10, llmCallCount: 1 }]);
    },
  },
  {
    name: 'ignores an announcement that comes after the end',
    async run({ open }) {
      let store = await open();
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1 })]);
      const announced = makeRequest('r', { trace: 1, span: 1, running: true });
      expect(await store.writer.write([announced])).toMatchObject({ storedSpans: 0, duplicateSpans: 1 });
      store = await open();
      expect(await store.writer.write([announced])).toMatchObject({ storedSpans: 0, duplicateSpans: 1 });
      expect(await allRequests(store)).toMatchObject([{ status: 'completed' }]);
    },
  },
  {
    name: 'counts an announcement delivered again as a duplicate that shows its sender lives',
    async run({ open, clock }) {
      const store = await open();
      const announced = makeRequest('r', { trace: 1, span: 1, running: true });
      await writeNew(store, [announced]);
      clock.nowMs += 1000;
      expect(await store.writer.write([announced])).toMatchObject({ storedSpans: 0, duplicateSpans: 1 });
      expect(await store.requests.active(10)).toMatchObject([{ lastSeenUnixMs: clock.nowMs }]);
    },
  },
  {
    name: 'takes announcement and end in one batch',
    async run({ open }) {
      const store = await open();
      await store.writer.write([
        makeRequest('r', { trace: 1, span: 1, running: true }),
        makeRequest('r', { trace: 1, span: 1, ms: 300 }),
      ]);
      expect(await allRequests(store)).toMatchObject([{ status: 'completed', durationMs: 300 }]);
      expect((await store.requests.detail('r'))?.spans).toHaveLength(1);
    },
  },
  {
    name: 'keeps events and scores, alone, on a request, and from another trace',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeSpan({
          trace: 1,
          span: 2,
          parent: 1,
          atMs: 1,
          name: 'retry',
          facts: { vedettaKind: 'event', data: '{"n":1}' },
        }),
        makeSpan({ trace: 2, span: 1, atMs: 2, name: 'deploy', facts: { vedettaKind: 'event' } }),
      ]);
      await writeNew(store, [
        makeSpan({
          trace: 3,
          span: 1,
          atMs: 9,
          facts: {
            vedettaKind: 'score',
            requestId: 'r',
            score: { name: 'thumb', value: -1, label: 'down', comment: 'no' },
          },
        }),
      ]);
      expect(await allRequests(store)).toMatchObject([{ requestId: 'r', spanCount: 1 }]);
      const detail = await store.requests.detail('r');
      expect(detail?.events).toMatchObject([{ name: 'retry', data: '{"n":1}', requestId: 'r' }]);
      expect(detail?.scores).toMatchObject([{ name: 'thumb', value: -1, label: 'down', comment: 'no' }]);
      const events = await store.requests.customEvents({ fromUnixMs: 0, toUnixMs: Number.POSITIVE_INFINITY }, 10);
      expect(events.map(({ name, requestId }) => [name, requestId])).toEqual([
        ['deploy', ''],
        ['retry', 'r'],
      ]);
    },
  },
];
