import { expect } from 'vitest';
import type { DoomedBatch } from '../api/maintenance.js';
import type { ContractCase } from './contract-case.js';
import { allRequests, EVERYTHING, writeNew } from './everything.js';
import { BASE_UNIX_MS, makeCall, makePhase, makeRequest, makeSpan } from './span-maker.js';

const DAY_MS = 86_400_000;

export const maintenanceCases: readonly ContractCase[] = [
  {
    name: 'deletes what started before a time with all that hangs on it, and nothing else',
    async run({ open }) {
      let store = await open();
      const request = (trace: number, day: number) => [
        makeRequest(`r${trace}`, { trace, span: 1, atMs: day * DAY_MS }),
        makePhase(`r${trace}`, { trace, span: 2, parent: 1, atMs: day * DAY_MS + 1 }),
        makeSpan({ trace, span: 3, parent: 1, atMs: day * DAY_MS + 2, facts: { vedettaKind: 'event' } }),
      ];
      await writeNew(store, [...request(1, -3), ...request(2, -2), ...request(3, -1), ...request(4, 0)]);
      await writeNew(store, [makeSpan({ trace: 9, span: 1, atMs: -3 * DAY_MS, facts: { vedettaKind: 'event' } })]);
      const live = [await store.requests.detail('r3'), await store.requests.detail('r4')];
      expect(await store.maintenance.deleteBefore(BASE_UNIX_MS - 1.5 * DAY_MS)).toEqual({
        requests: 2,
        spans: 7,
        phases: 2,
        customEvents: 3,
      });
      expect((await allRequests(store)).map(({ requestId }) => requestId)).toEqual(['r4', 'r3']);
      expect([await store.requests.detail('r3'), await store.requests.detail('r4')]).toEqual(live);
      expect(await store.requests.customEvents({ fromUnixMs: 0, toUnixMs: BASE_UNIX_MS * 2 }, 10)).toHaveLength(2);
      expect(await store.requests.phaseStats(EVERYTHING)).toMatchObject([{ count: 2 }]);
      store = await open();
      expect(await store.maintenance.info()).toMatchObject({
        requests: 2,
        spans: 6,
        oldestRequestUnixMs: BASE_UNIX_MS - DAY_MS,
      });
      expect([await store.requests.detail('r3'), await store.requests.detail('r4')]).toEqual(live);
    },
  },
  {
    name: 'deletes a trace when its last request is old, and none of it before',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('old', { trace: 1, span: 1, atMs: -5 * DAY_MS }),
        makeRequest('new', { trace: 1, span: 2, parent: 1, atMs: -DAY_MS }),
        makeRequest('long', { trace: 2, span: 1, atMs: -5 * DAY_MS, ms: 4 * DAY_MS }),
        makeCall({ trace: 2, span: 2, parent: 1, atMs: -2 * DAY_MS }, 1, 1),
      ]);
      expect(await store.maintenance.deleteBefore(BASE_UNIX_MS - 3 * DAY_MS)).toMatchObject({ requests: 1, spans: 2 });
      expect((await allRequests(store)).map(({ requestId }) => requestId)).toEqual(['new', 'old']);
      expect((await store.requests.detail('new'))?.spans).toHaveLength(2);
      expect(await store.maintenance.deleteBefore(BASE_UNIX_MS)).toMatchObject({ requests: 2, spans: 2 });
      expect(await store.requests.hasAny()).toBe(false);
    },
  },
  {
    name: 'hands everything to the archive before it is deleted, once, and nothing else',
    async run({ open }) {
      const store = await open();
      const event = (trace: number, atMs: number) =>
        makeSpan({ trace, span: 9, atMs, name: `event-${trace}`, facts: { vedettaKind: 'event' } });
      const old = Array.from({ length: 600 }, (_, i) => makeRequest(`r${i}`, { trace: i + 1, span: 1, atMs: i }));
      await writeNew(store, [
        ...old,
        makePhase('r0', { trace: 1, span: 2, parent: 1, atMs: 1 }),
        makeRequest('r0', { trace: 2000, span: 1, atMs: 5, name: 'same id' }),
        makeRequest('kept', { trace: 2001, span: 1, atMs: DAY_MS }),
        makeRequest('kept too', { trace: 2001, span: 2, parent: 1, atMs: 3 }),
        event(3000, 7),
        event(3001, 2 * DAY_MS),
        makeSpan({
          trace: 3002,
          span: 1,
          atMs: 8,
          facts: { vedettaKind: 'score', requestId: 'gone', score: { name: 'thumb', value: 1 } },
        }),
      ]);
      const requests: string[] = [];
      const marks: string[] = [];
      const deleted = await store.maintenance.deleteBefore(BASE_UNIX_MS + DAY_MS, async (batch) => {
        for (const key of batch.requests) {
          const detail = key.requestId === 'r0' ? await store.requests.detailOf(key) : undefined;
          requests.push(detail === undefined ? key.requestId : `${detail.request.name} ${detail.phases.length}`);
        }
        marks.push(...batch.customEvents.map(({ name }) => name), ...batch.scores.map(({ requestId }) => requestId));
      });
      expect(deleted).toEqual({ requests: 601, spans: 604, phases: 1, customEvents: 1 });
      const names = old.slice(1).map(({ name }) => name);
      expect(requests.sort()).toEqual([...names, 'r0 1', 'same id 0'].sort());
      expect(marks).toEqual(['event-3000', 'gone']);
      expect((await allRequests(store)).map(({ requestId }) => requestId)).toEqual(['kept', 'kept too']);
      expect(await store.requests.customEvents({ fromUnixMs: 0, toUnixMs: BASE_UNIX_MS * 2 }, 10)).toMatchObject([
        { name: 'event-3001' },
      ]);
    },
  },
  {
    name: 'deletes nothing that the archive did not take',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeSpan({ trace: 2, span: 1, facts: { vedettaKind: 'event' } }),
      ]);
      const before = await store.requests.detail('r');
      const refuse = async () => {
        throw new Error('no room');
      };
      await expect(store.maintenance.deleteBefore(BASE_UNIX_MS + DAY_MS, refuse)).rejects.toThrow('no room');
      expect(await store.requests.detail('r')).toEqual(before);
      expect(await store.maintenance.info()).toMatchObject({ requests: 1, spans: 2 });
      expect(await store.maintenance.deleteBefore(BASE_UNIX_MS + DAY_MS)).toMatchObject({ requests: 1, spans: 2 });
    },
  },
  {
    name: 'leaves what was written while it was archived to the next deletion',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('whole', { trace: 1, span: 1 }),
        makeRequest('grows', { trace: 2, span: 1, atMs: 1 }),
        makeSpan({ trace: 3, span: 1, atMs: 2, facts: { vedettaKind: 'event' } }),
      ]);
      let steps = 0;
      const handed: string[] = [];
      const archive = async (batch: DoomedBatch) => {
        handed.push(...batch.requests.map(({ requestId }) => requestId), ...batch.customEvents.map(({ name }) => name));
        steps += 1;
        if (steps === 1) {
          await writeNew(store, [
            makePhase('grows', { trace: 2, span: 2, parent: 1, atMs: 1 }),
            makeRequest('late', { trace: 4, span: 1 }),
          ]);
        }
        if (steps === 2)
          await writeNew(store, [makeSpan({ trace: 3, span: 2, atMs: 2, facts: { vedettaKind: 'event' } })]);
      };
      const before = BASE_UNIX_MS + DAY_MS;
      expect(await store.maintenance.deleteBefore(before, archive)).toMatchObject({ requests: 1, spans: 1 });
      expect(handed).toEqual(['whole', 'grows', 'span-1']);
      expect(await store.requests.get('grows')).toMatchObject({ spanCount: 2 });
      handed.length = 0;
      expect(await store.maintenance.deleteBefore(before, archive)).toMatchObject({ requests: 2, spans: 5 });
      expect(handed).toEqual(['late', 'grows', 'span-1', 'span-2']);
      expect(await store.maintenance.info()).toMatchObject({ requests: 0, spans: 0 });
    },
  },
  {
    name: 'takes a late span of a deleted request for a new one',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1 }),
        makeCall({ trace: 1, span: 2, parent: 1 }, 1, 1),
      ]);
      await store.maintenance.deleteBefore(BASE_UNIX_MS + DAY_MS);
      await writeNew(store, [makePhase('r', { trace: 1, span: 3, parent: 1 })]);
      expect(await allRequests(store)).toMatchObject([{ requestId: 'r', spanCount: 1, inputTokens: undefined }]);
    },
  },
  {
    name: 'goes on taking writes while it deletes',
    async run({ open }) {
      const store = await open();
      for (let trace = 1; trace <= 40; trace++) {
        await store.writer.write(
          Array.from({ length: 50 }, (_, span) =>
            makeSpan({ trace, span: span + 1, atMs: -DAY_MS, ...(span > 0 && { parent: 1 }) }),
          ),
        );
      }
      const deleting = store.maintenance.deleteBefore(BASE_UNIX_MS - 1);
      const written = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.writer.write([makeSpan({ trace: 100 + i, span: 1 })])),
      );
      expect(await deleting).toMatchObject({ requests: 40, spans: 2000 });
      expect(written.every(({ kind }) => kind === 'stored')).toBe(true);
      expect(await allRequests(store)).toHaveLength(20);
    },
  },
  {
    name: 'gives up running requests that were not heard of, until they end after all',
    async run({ open, clock }) {
      let store = await open();
      await writeNew(store, [makeRequest('lost', { trace: 1, span: 1, running: true })]);
      clock.nowMs += 10_000;
      await writeNew(store, [makeRequest('alive', { trace: 2, span: 1, atMs: 1, running: true })]);
      expect(await store.maintenance.expireRunning(clock.nowMs)).toBe(1);
      expect(await store.maintenance.expireRunning(clock.nowMs)).toBe(0);
      expect(await allRequests(store)).toMatchObject([
        { requestId: 'alive', status: 'running' },
        { requestId: 'lost', status: 'timeout', currentPhase: '' },
      ]);
      store = await open();
      expect(await store.requests.active(10)).toMatchObject([{ requestId: 'alive' }]);
      await writeNew(store, [makePhase('lost', { trace: 1, span: 2, parent: 1 })]);
      expect(await store.requests.get('lost')).toMatchObject({ status: 'timeout', spanCount: 2 });
      await writeNew(store, [makeRequest('lost', { trace: 1, span: 1, ms: 20_000 })]);
      expect(await store.requests.get('lost')).toMatchObject({ status: 'completed', durationMs: 20_000 });
    },
  },
  {
    name: 'proves that it reads and writes',
    async run({ open }) {
      const store = await open();
      await store.maintenance.probe();
      await store.maintenance.probe();
      expect(await store.maintenance.info()).toMatchObject({ requests: 0, spans: 0, oldestRequestUnixMs: undefined });
      expect((await store.maintenance.info()).sizeBytes).toBeGreaterThan(0);
    },
  },
];
