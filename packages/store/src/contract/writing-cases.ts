import type { Span } from '@vedetta/model';
import { expect } from 'vitest';
import type { Commit } from '../api/store.js';
import type { ContractCase } from './contract-case.js';
import { allRequests, filtered, writeNew } from './everything.js';
import { BASE_UNIX_MS, makeCall, makePhase, makeRequest, makeSpan, spanId, traceId, unixNano } from './span-maker.js';

export const writingCases: readonly ContractCase[] = [
  {
    name: 'acknowledges an empty batch',
    async run({ open }) {
      const store = await open();
      expect(await store.writer.write([])).toEqual({ kind: 'stored', storedSpans: 0, duplicateSpans: 0 });
    },
  },
  {
    name: 'shows a request as soon as its spans are acknowledged',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makePhase('r', { trace: 1, span: 2, parent: 1 }),
      ]);
      expect(await store.requests.get('r')).toMatchObject({ requestId: 'r', spanCount: 2 });
    },
  },
  {
    name: 'keeps everything when it is opened anew',
    async run({ open }) {
      let store = await open();
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1, attributes: { k: ['a', { b: null }] } })]);
      const before = await store.requests.detail('r');
      store = await open();
      expect(await store.requests.detail('r')).toEqual(before);
      expect(before?.spans[0]?.attributes).toEqual({ k: ['a', { b: null }] });
    },
  },
  {
    name: 'stores a batch once that is delivered three times, also at once and after reopening',
    async run({ open }) {
      let store = await open();
      const batch = [makeRequest('r', { trace: 1, span: 1 }), makeCall({ trace: 1, span: 2, parent: 1 }, 7, 3)];
      const outcomes = await Promise.all([store.writer.write(batch), store.writer.write(batch)]);
      expect(outcomes).toEqual([
        { kind: 'stored', storedSpans: 2, duplicateSpans: 0 },
        { kind: 'stored', storedSpans: 0, duplicateSpans: 2 },
      ]);
      store = await open();
      expect(await store.writer.write(batch)).toEqual({ kind: 'stored', storedSpans: 0, duplicateSpans: 2 });
      expect(await allRequests(store)).toMatchObject([{ spanCount: 2, inputTokens: 7 }]);
      expect((await store.requests.detail('r'))?.spans).toHaveLength(2);
    },
  },
  {
    name: 'keeps the first of two spans with one id, whatever the second says',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeSpan({ trace: 1, span: 1, name: 'first' })]);
      const second = makeSpan({ trace: 1, span: 1, name: 'second', ms: 99 });
      expect(await store.writer.write([second])).toMatchObject({ duplicateSpans: 1 });
      expect(await allRequests(store)).toMatchObject([{ name: 'first', durationMs: 10 }]);
    },
  },
  {
    name: 'stores every span of many writers of the same traces',
    async run({ open }) {
      const store = await open();
      const batches = Array.from({ length: 40 }, (_, writer): Span[] =>
        Array.from({ length: 25 }, (_, trace) =>
          writer === 0
            ? makeSpan({ trace: trace + 1, span: 1 })
            : makeCall({ trace: trace + 1, span: writer + 1, atMs: writer, parent: 1 }, 1, 2),
        ),
      );
      const outcomes = await Promise.all(batches.map((batch) => store.writer.write(batch)));
      expect(outcomes.every((outcome) => outcome.kind === 'stored' && outcome.storedSpans === 25)).toBe(true);
      const requests = await allRequests(store);
      expect(requests).toHaveLength(25);
      expect(requests.every((row) => row.spanCount === 40 && row.inputTokens === 39 && row.outputTokens === 78)).toBe(
        true,
      );
    },
  },
  {
    name: 'tells listeners after the commit what it changed, until they leave',
    async run({ open }) {
      const store = await open();
      const commits: Commit[] = [];
      const leave = store.writer.onCommit((commit) => commits.push(commit));
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1 })]);
      const event = makeSpan({
        trace: 1,
        span: 2,
        parent: 1,
        name: 'retry',
        facts: { vedettaKind: 'event', data: '{}' },
      });
      const score = makeSpan({
        trace: 1,
        span: 3,
        parent: 1,
        facts: { vedettaKind: 'score', score: { name: 'thumb', value: 1 } },
      });
      await writeNew(store, [event, score]);
      await store.writer.write([event]);
      leave();
      await writeNew(store, [makeRequest('q', { trace: 2, span: 1 })]);
      expect(commits).toHaveLength(2);
      expect(commits[0]).toMatchObject({
        requests: [{ requestId: 'r' }],
        spans: [{ spanId: spanId(1) }],
        customEvents: [],
      });
      expect(commits[1]).toMatchObject({
        requests: [{ requestId: 'r' }],
        customEvents: [{ name: 'retry', requestId: 'r' }],
        scores: [{ name: 'thumb', value: 1 }],
      });
      expect(commits[1]?.spans).toHaveLength(2);
    },
  },
  {
    name: 'goes on when a listener throws',
    async run({ open }) {
      const store = await open();
      const warnings: Error[] = [];
      const onWarning = (warning: Error): void => {
        warnings.push(warning);
      };
      process.on('warning', onWarning);
      const leave = store.writer.onCommit(() => {
        throw new Error('listener is broken');
      });
      await writeNew(store, [makeSpan({ trace: 1, span: 1 })]);
      leave();
      await writeNew(store, [makeSpan({ trace: 2, span: 1 })]);
      process.off('warning', onWarning);
      expect(warnings.map(({ message }) => message)).toContain('listener is broken');
    },
  },
  {
    name: 'refuses with busy what does not fit the queue, and takes it later',
    async run({ open }) {
      const store = await open({ maxQueuedSpans: 10 });
      const batch = (trace: number): Span[] =>
        Array.from({ length: 6 }, (_, span) => makeSpan({ trace, span: span + 1 }));
      const [first, second] = await Promise.all([store.writer.write(batch(1)), store.writer.write(batch(2))]);
      expect(first).toMatchObject({ kind: 'stored', storedSpans: 6 });
      expect(second).toMatchObject({ kind: 'busy', retryAfterMs: expect.any(Number) });
      expect(await allRequests(store)).toMatchObject([{ traceId: traceId(1) }]);
      expect(store.writer.state()).toMatchObject({ queuedSpans: 0, queuedBytesEstimate: 0, rejectedBusyTotal: 1 });
      expect(await store.writer.write(batch(2))).toMatchObject({ kind: 'stored', storedSpans: 6 });
    },
  },
  {
    name: 'takes a batch larger than the queue when nothing waits',
    async run({ open }) {
      const store = await open({ maxQueuedSpans: 3 });
      await writeNew(
        store,
        Array.from({ length: 9 }, (_, span) => makeSpan({ trace: 1, span: span + 1 })),
      );
    },
  },
  {
    name: 'commits what was accepted before it closes, and fails writes after',
    async run({ open }) {
      let store = await open();
      const pending = store.writer.write([makeSpan({ trace: 1, span: 1 })]);
      await store.close();
      expect(await pending).toMatchObject({ kind: 'stored' });
      expect(await store.writer.write([makeSpan({ trace: 2, span: 1 })])).toMatchObject({ kind: 'failed' });
      store = await open();
      expect(await allRequests(store)).toHaveLength(1);
    },
  },
  {
    name: 'stores times far from now as they are',
    async run({ open }) {
      const store = await open();
      const year = 365 * 86_400_000;
      const starts = [0n, 1n, unixNano(BASE_UNIX_MS - 10 * year), unixNano(BASE_UNIX_MS + 10 * year) + 7n];
      await writeNew(
        store,
        starts.map((start, index) => ({
          ...makeSpan({ trace: index + 1, span: 1 }),
          startUnixNano: start,
          endUnixNano: start + 5n,
        })),
      );
      const rows = await allRequests(store);
      expect(rows.map((row) => row.startUnixNano)).toEqual([...starts].sort((a, b) => (a < b ? 1 : -1)));
      expect(rows.every((row) => row.durationMs === 0.000005)).toBe(true);
    },
  },
  {
    name: 'gives back every text as it was',
    async run({ open }) {
      const store = await open();
      const texts = [
        "'; DROP TABLE requests; --",
        '%_\\',
        '😀 ñ 漢字',
        '\u2028\r\n\t',
        '{"a":1}',
        'x'.repeat(200_000),
        '__proto__',
        'NULL',
      ];
      await writeNew(
        store,
        texts.map((text, index) =>
          makeRequest(`r${index}-${text.slice(0, 40)}`, {
            trace: index + 1,
            span: 1,
            name: text,
            status: 2,
            message: text,
            attributes: { text, [`key ${text.slice(0, 20)}`]: text },
            facts: { userId: text, sessionId: text, tags: [text, 'b'], customData: JSON.stringify({ text }) },
          }),
        ),
      );
      for (const [index, text] of texts.entries()) {
        const detail = await store.requests.detail(`r${index}-${text.slice(0, 40)}`);
        expect(detail?.request).toMatchObject({
          name: text,
          userId: text,
          sessionId: text,
          tags: [text, 'b'],
          errorMessage: text,
        });
        expect(detail?.spans[0]?.attributes.text).toBe(text);
        expect(detail?.spans[0]?.attributes[`key ${text.slice(0, 20)}`]).toBe(text);
      }
    },
  },
  {
    name: 'finds names of every length and alphabet again, each by itself',
    async run({ open }) {
      let store = await open();
      const names = Array.from({ length: 20 }, (_, length) => [
        'n'.repeat(length + 1),
        `${'n'.repeat(length)}é`,
        `${'n'.repeat(length)}\0`,
        `${'n'.repeat(length)}😀`,
      ]).flat();
      // Twice, in another order, so that each stands where a longer and where a shorter one stood.
      for (const [round, ordered] of [names, names.toReversed()].entries()) {
        await writeNew(
          store,
          ordered.map((name, i) => makeSpan({ trace: 1 + round * names.length + i, span: 1, name })),
        );
      }
      store = await open();
      for (const name of names) {
        const stored = name.replaceAll('\0', '\ufffd');
        const { requests } = await store.requests.list({
          ...filtered({ kind: 'compare', field: 'name', operator: '=', value: stored }),
          limit: 10,
          cursor: undefined,
        });
        expect(requests.map((request) => request.name)).toEqual([stored, stored]);
      }
    },
  },
  {
    name: 'survives texts that no database likes',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeSpan({ trace: 1, span: 1, name: 'a\0b', attributes: { n: 'a\0b', s: '\ud800' } })]);
      const detail = await store.requests.detail(traceId(1));
      expect(detail?.request.name).toBe('a\ufffdb');
      expect(detail?.spans[0]?.attributes.n).toBe('a\0b');
    },
  },
];
