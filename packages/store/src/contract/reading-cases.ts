import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { EVERYTHING, writeNew } from './everything.js';
import { BASE_UNIX_MS, makeCall, makePhase, makeRequest, makeSpan, spanId, traceId } from './span-maker.js';

export const readingCases: readonly ContractCase[] = [
  {
    name: 'pages through all requests once each, newest first, ties by id, while new ones arrive',
    async run({ open }) {
      const store = await open();
      // Groups of three share a start.
      const requests = Array.from({ length: 30 }, (_, i) =>
        makeRequest(`r${String(i).padStart(2, '0')}`, { trace: i + 1, span: 1, atMs: Math.floor(i / 3) }),
      );
      await writeNew(store, requests);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.requests.list({ ...EVERYTHING, limit: 7, cursor });
        expect(page.requests.length).toBeLessThanOrEqual(7);
        seen.push(...page.requests.map(({ requestId }) => requestId));
        cursor = page.nextCursor;
        await writeNew(store, [makeRequest(`new${seen.length}`, { trace: 1000 + seen.length, span: 1, atMs: 10_000 })]);
      } while (cursor !== undefined);
      const expected = requests
        .map((span, i) => ({ id: span.name, group: Math.floor(i / 3) }))
        .sort((a, b) => b.group - a.group || (a.id < b.id ? -1 : 1))
        .map(({ id }) => id);
      expect(seen).toEqual(expected);
    },
  },
  {
    name: 'answers an exact page with no cursor behind it',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeRequest('a', { trace: 1, span: 1 }), makeRequest('b', { trace: 2, span: 1 })]);
      const page = await store.requests.list({ ...EVERYTHING, limit: 2, cursor: undefined });
      expect(page.requests).toHaveLength(2);
      expect(page.nextCursor).toBeUndefined();
    },
  },
  {
    name: 'throws RangeError for a malformed cursor or limit',
    async run({ open }) {
      const store = await open();
      for (const cursor of [
        '',
        'x',
        Buffer.from('[1,2]').toString('base64url'),
        Buffer.from('["1; --","a"]').toString('base64url'),
      ]) {
        await expect(store.requests.list({ ...EVERYTHING, limit: 1, cursor })).rejects.toBeInstanceOf(RangeError);
      }
      for (const limit of [0, -1, 1001, 1.5, Number.NaN]) {
        await expect(store.requests.list({ ...EVERYTHING, limit, cursor: undefined })).rejects.toBeInstanceOf(
          RangeError,
        );
      }
    },
  },
  {
    name: 'takes the start of a range in and leaves its end out',
    async run({ open }) {
      const store = await open();
      await writeNew(
        store,
        [0, 5, 10].map((atMs, i) => makeRequest(`at${atMs}`, { trace: i + 1, span: 1, atMs })),
      );
      const range = { fromUnixMs: BASE_UNIX_MS, toUnixMs: BASE_UNIX_MS + 10 };
      const page = await store.requests.list({ ...EVERYTHING, range, limit: 10, cursor: undefined });
      expect(page.requests.map(({ requestId }) => requestId)).toEqual(['at5', 'at0']);
      expect(await store.requests.stats({ ...EVERYTHING, range })).toMatchObject({ total: 2 });
    },
  },
  {
    name: 'finds a request by its id and by its trace, whose first root answers',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('outer', { trace: 1, span: 1 }),
        makeRequest('inner', { trace: 1, span: 2, parent: 1, atMs: 1 }),
        makeSpan({ trace: 2, span: 1 }),
      ]);
      expect(await store.requests.get('inner')).toMatchObject({ requestId: 'inner', parentRequestId: 'outer' });
      expect(await store.requests.get(traceId(1))).toMatchObject({ requestId: 'outer' });
      expect(await store.requests.get(traceId(2))).toMatchObject({ requestId: traceId(2) });
      expect(await store.requests.get(traceId(3))).toBeUndefined();
      expect(await store.requests.detail('nobody')).toBeUndefined();
    },
  },
  {
    name: 'details a request with the spans of its whole trace, by start, each with its request',
    async run({ open }) {
      const store = await open();
      const event = { name: 'first_token', timeUnixNano: 123_456_789_012_345_678n, attributes: { n: 1 } };
      const link = { traceId: traceId(9), spanId: spanId(9), attributes: {} };
      await writeNew(store, [
        makeSpan({ trace: 1, span: 1, name: 'HTTP POST' }),
        { ...makeRequest('r', { trace: 1, span: 2, parent: 1, atMs: 1 }), events: [event], links: [link] },
        makePhase('r', { trace: 1, span: 3, parent: 2, atMs: 3, name: 'generation' }),
        makePhase('r', { trace: 1, span: 5, parent: 2, atMs: 2, name: 'retrieval' }),
        makeCall({ trace: 1, span: 4, parent: 3, atMs: 4 }, 3, 4),
        makeRequest('other', { trace: 1, span: 6, parent: 4, atMs: 5 }),
      ]);
      const detail = await store.requests.detail('r');
      expect(detail?.spans.map(({ spanId: id, requestId }) => [Number.parseInt(id, 16), requestId])).toEqual([
        [1, ''],
        [2, 'r'],
        [5, 'r'],
        [3, 'r'],
        [4, 'r'],
        [6, 'other'],
      ]);
      expect(detail?.spans[1]).toMatchObject({
        events: [event],
        links: [link],
        serviceName: 'test-service',
        scopeName: 'test-scope',
        scopeVersion: '1.0',
        resource: { 'service.name': 'test-service' },
        facts: { vedettaKind: 'request' },
      });
      expect(detail?.spans[4]?.genAi).toMatchObject({ requestModel: 'gpt-4o', usage: { inputTokens: 3 } });
      expect(detail?.phases.map(({ phase }) => phase)).toEqual(['retrieval', 'generation']);
      expect(detail?.related.map(({ requestId }) => requestId)).toEqual(['other']);
    },
  },
  {
    name: 'lists running requests, oldest first, up to a limit',
    async run({ open }) {
      const store = await open();
      await writeNew(
        store,
        [5, 3, 9].map((atMs) => makeRequest(`at${atMs}`, { trace: atMs, span: 1, atMs, running: true })),
      );
      await writeNew(store, [makeRequest('done', { trace: 1, span: 1 })]);
      expect((await store.requests.active(2)).map(({ requestId }) => requestId)).toEqual(['at3', 'at5']);
    },
  },
  {
    name: 'knows whether there is any request',
    async run({ open }) {
      const store = await open();
      expect(await store.requests.hasAny()).toBe(false);
      await writeNew(store, [makeSpan({ trace: 1, span: 1, facts: { vedettaKind: 'event' } })]);
      expect(await store.requests.hasAny()).toBe(false);
      await writeNew(store, [makeSpan({ trace: 2, span: 1 })]);
      expect(await store.requests.hasAny()).toBe(true);
    },
  },
];
