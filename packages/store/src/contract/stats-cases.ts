import type { CallCost, FilterNode, GenAiFacts, RequestRow, Span, Usage } from '@vedetta/model';
import { expect } from 'vitest';
import type { DurationStats } from '../api/request-reader.js';
import type { ContractCase } from './contract-case.js';
import { allRequests, EVERYTHING, filtered, writeNew } from './everything.js';
import { BASE_UNIX_MS, makeCall, makePhase, makeRequest, makeSpan } from './span-maker.js';

const HOUR_MS = 3_600_000;

/** 60 requests over 50 hours, of two models and three modalities, some failed, one running. */
function manyRequests(): Span[] {
  return Array.from({ length: 60 }, (_, i) => {
    const atMs = i * 50 * 60_000;
    const running = i === 59;
    const status = i % 7 === 0 ? 2 : 0;
    return [
      makeRequest(`r${i}`, {
        trace: i + 1,
        span: 1,
        atMs,
        ms: (i * 37) % 400,
        running,
        status,
        message: status === 2 ? `refused after ${i} tries` : '',
        facts: {
          modality: ['text', 'image', 'audio'][i % 3]!,
          ...(i % 5 > 0 && { userId: `user-${i % 5}` }),
          ...(i % 11 === 3 && { state: 'cancelled' as const }),
          ...(status === 2 && { errorType: 'Refused' }),
        },
      }),
      makePhase(`r${i}`, {
        trace: i + 1,
        span: 2,
        parent: 1,
        atMs,
        ms: i % 13,
        name: 'retrieval',
        status: i % 10 === 0 ? 2 : 0,
      }),
      makeCall(
        { trace: i + 1, span: 3, parent: 1, atMs, genAi: { requestModel: i % 4 === 0 ? 'large' : 'small' } },
        i,
        2 * i,
      ),
      makePhase(`r${i}`, { trace: i + 1, span: 4, parent: 1, atMs, ms: i % 17, name: 'generation' }),
    ];
  }).flat();
}

export const statsCases: readonly ContractCase[] = [
  {
    name: 'says nothing false about no requests',
    async run({ open }) {
      const store = await open();
      const none = { meanMs: undefined, p50Ms: undefined, p95Ms: undefined, p99Ms: undefined, maxMs: undefined };
      expect(await store.requests.stats(EVERYTHING)).toMatchObject({
        total: 0,
        successRate: undefined,
        duration: none,
        timeToFirstToken: none,
        costUsd: undefined,
        unpricedCalls: 0,
        usageEstimatedRequests: 0,
        costEstimatedRequests: 0,
        inputTokens: 0,
      });
      expect(await store.requests.phaseStats(EVERYTHING)).toEqual([]);
      expect(await store.requests.daily(EVERYTHING, 'UTC')).toEqual([]);
      expect(await store.requests.distribution(EVERYTHING, 'model', 5)).toEqual([]);
      expect(await store.requests.errorGroups(EVERYTHING, 5)).toEqual([]);
      expect(await store.requests.values(EVERYTHING, 'user', 5)).toEqual([]);
    },
  },
  {
    name: 'counts and measures what a recount of the rows gives',
    async run({ open }) {
      const store = await open();
      await writeNew(store, manyRequests());
      const rows = await allRequests(store);
      const stats = await store.requests.stats(EVERYTHING);
      const count = (status: string): number => rows.filter((row) => row.status === status).length;
      expect(stats).toMatchObject({
        total: 60,
        running: 1,
        completed: count('completed'),
        failed: count('failed'),
        cancelled: count('cancelled'),
        successRate: count('completed') / (count('completed') + count('failed')),
        inputTokens: 1770,
        outputTokens: 3540,
        llmCalls: 60,
        users: 4,
        sessions: 0,
      });
      expectDurations(stats.duration, rows);
    },
  },
  {
    name: 'says how much of usage and cost is estimated or not known, and finds those requests',
    async run({ open }) {
      const store = await open();
      const cost: CallCost = { usd: 0.5, source: 'priced', estimated: false };
      const guess: Usage = { inputTokens: 7, outputTokens: 1, source: 'estimated' };
      const call = (trace: number, span: number, genAi: Partial<GenAiFacts>): Span =>
        makeCall({ trace, span, parent: 1, genAi }, 10, 1);
      await writeNew(store, [
        ...['priced', 'partial', 'unpriced', 'guessed', 'guessed-unpriced', 'mute', 'none'].map((id, i) =>
          makeRequest(id, { trace: i + 1, span: 1, atMs: i }),
        ),
        call(1, 2, { cost }),
        call(2, 2, { cost }),
        call(2, 3, {}),
        call(3, 2, {}),
        call(3, 3, {}),
        call(4, 2, { usage: guess, cost: { ...cost, estimated: true } }),
        call(5, 2, { usage: guess }),
        makeSpan({ trace: 6, span: 2, parent: 1, genAi: { requestModel: 'says nothing of tokens' } }),
      ]);
      expect(await store.requests.stats(EVERYTHING)).toMatchObject({
        llmCalls: 8,
        costUsd: 1.5,
        unpricedCalls: 4,
        usageEstimatedRequests: 2,
        costEstimatedRequests: 1,
      });
      const found = async (node: FilterNode): Promise<string[]> =>
        (await store.requests.list({ ...filtered(node), limit: 10, cursor: undefined })).requests.map(
          ({ requestId }) => requestId,
        );
      const unpriced: FilterNode = { kind: 'compare', field: 'unpriced', operator: '>', value: 0 };
      expect(await found(unpriced)).toEqual(['guessed-unpriced', 'unpriced', 'partial']);
      expect(await found({ kind: 'not', node: unpriced })).toEqual(['none', 'mute', 'guessed', 'priced']);
      expect(await found({ kind: 'compare', field: 'unpriced', operator: '=', value: 2 })).toEqual(['unpriced']);
      expect(await found({ kind: 'compare', field: 'estimated', operator: '=', value: true })).toEqual([
        'guessed-unpriced',
        'guessed',
      ]);
      expect(await store.requests.stats(filtered(unpriced))).toMatchObject({
        total: 3,
        costUsd: 0.5,
        unpricedCalls: 4,
        usageEstimatedRequests: 1,
        costEstimatedRequests: 0,
      });
    },
  },
  {
    name: 'finds exact percentiles of few, many, equal and missing values',
    async run({ open }) {
      const store = await open();
      // Squares of 0 to 46: uneven distances and many duplicates. Requests without a call have no time to a first token.
      const spans = Array.from({ length: 701 }, (_, i) => {
        const trace = i + 1;
        const ms = ((i * 7919) % 47) ** 2;
        const name = i === 0 ? 'once' : i < 3 ? 'twice' : i < 200 ? 'equal' : 'many';
        const request = makeRequest(`r${i}`, { trace, span: 1, atMs: i * HOUR_MS, ms, running: i % 9 === 8 });
        const phase = makePhase(`r${i}`, {
          trace,
          span: 2,
          parent: 1,
          atMs: i * HOUR_MS,
          name,
          ms: name === 'equal' ? 3 : ms,
        });
        // Times are kept, and compared, to the nanosecond.
        const timeToFirstTokenMs = Math.round((ms / 7) * 1e6) / 1e6;
        const call = makeCall({ trace, span: 3, parent: 1, atMs: i * HOUR_MS, genAi: { timeToFirstTokenMs } }, 1, 1);
        return i % 3 === 0 ? [request, phase] : [request, phase, call];
      }).flat();
      await writeNew(store, spans);
      const details = await Promise.all(Array.from({ length: 701 }, (_, i) => store.requests.detail(`r${i}`)));
      const rows = details.map((detail) => detail!.request);
      const { duration, timeToFirstToken } = await store.requests.stats(EVERYTHING);
      expectDurations(duration, rows);
      expectDurations(
        timeToFirstToken,
        rows.map((row) => ({ ...row, durationMs: row.timeToFirstTokenMs })),
      );
      expect(rows.filter((row) => row.timeToFirstTokenMs === undefined).length).toBeGreaterThan(200);
      const ended = details.flatMap((detail) => (detail!.request.status === 'running' ? [] : detail!.phases));
      const phases = await store.requests.phaseStats(EVERYTHING);
      expect(phases.map(({ phase }) => phase).sort()).toEqual(['equal', 'many', 'once', 'twice']);
      for (const { phase, count, duration: found } of phases) {
        const values = ended
          .filter((row) => row.phase === phase)
          .map(({ durationMs }) => ({ ...rows[0]!, durationMs }));
        expect([phase, count]).toEqual([phase, values.length]);
        expectDurations(found, values);
      }
      for (const { day, duration: found } of await store.requests.daily(EVERYTHING, 'UTC')) {
        const startOf = (row: RequestRow): string => new Date(Number(row.startUnixNano / 1_000_000n)).toISOString();
        expectDurations(
          found,
          rows.filter((row) => startOf(row).startsWith(day)),
        );
      }
    },
  },
  {
    name: 'says nothing of days that no range holds',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1 })]);
      for (const range of [
        { fromUnixMs: Number.NEGATIVE_INFINITY, toUnixMs: Number.NEGATIVE_INFINITY },
        { fromUnixMs: Number.POSITIVE_INFINITY, toUnixMs: Number.POSITIVE_INFINITY },
        { fromUnixMs: BASE_UNIX_MS + 1, toUnixMs: BASE_UNIX_MS },
      ]) {
        expect(await store.requests.daily({ ...EVERYTHING, range }, 'Europe/Rome')).toEqual([]);
      }
    },
  },
  {
    name: 'distributes by a column with shares of the whole, also past the limit',
    async run({ open }) {
      const store = await open();
      await writeNew(store, manyRequests());
      const rows = await allRequests(store);
      for (const [by, read] of [
        ['model', (row: RequestRow) => row.model],
        ['modality', (row: RequestRow) => row.modality],
        ['user', (row: RequestRow) => row.userId],
        ['status', (row: RequestRow) => row.status],
      ] as const) {
        const found = await store.requests.distribution(EVERYTHING, by, 100);
        expect(found.map(({ count }) => count)).toEqual([...found.map(({ count }) => count)].sort((a, b) => b - a));
        expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
        for (const { value, count, share, inputTokens, duration } of found) {
          const group = rows.filter((row) => read(row) === value);
          expect([value, count, share]).toEqual([value, group.length, group.length / rows.length]);
          expect(inputTokens).toBe(group.reduce((sum, row) => sum + (row.inputTokens ?? 0), 0));
          expectDurations(duration, group);
        }
      }
      expect(await store.requests.distribution(EVERYTHING, 'model', 1)).toMatchObject([
        { value: 'small', share: 0.75 },
      ]);
      expect(await store.requests.values(EVERYTHING, 'user', 2)).toEqual([
        { value: 'user-1', count: 12 },
        { value: 'user-2', count: 12 },
      ]);
    },
  },
  {
    name: 'sums phases by total time and leaves those of running requests out',
    async run({ open }) {
      const store = await open();
      await writeNew(store, manyRequests());
      const phases = await store.requests.phaseStats(EVERYTHING);
      expect(phases.map(({ phase, count, failed }) => [phase, count, failed])).toEqual([
        ['generation', 59, 0],
        ['retrieval', 59, 6],
      ]);
      const retrieval = Array.from({ length: 59 }, (_, i) => i % 13);
      expect(phases[1]).toMatchObject({
        totalMs: retrieval.reduce((a, b) => a + b),
        duration: { p50Ms: quantile(retrieval, 0.5), p95Ms: quantile(retrieval, 0.95), maxMs: 12 },
      });
    },
  },
  {
    name: 'fills every bucket of a timeline and refuses too many',
    async run({ open }) {
      const store = await open();
      await writeNew(store, manyRequests());
      const range = { fromUnixMs: BASE_UNIX_MS - HOUR_MS, toUnixMs: BASE_UNIX_MS + 5.5 * HOUR_MS };
      const buckets = await store.requests.timeline({ ...EVERYTHING, range }, HOUR_MS);
      expect(buckets.map(({ startUnixMs, total }) => [(startUnixMs - BASE_UNIX_MS) / HOUR_MS, total])).toEqual([
        [-1, 0],
        [0, 2],
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 1],
        [5, 1],
      ]);
      expect(buckets[1]).toMatchObject({ failed: 1, completed: 1, meanMs: 18.5, p50Ms: 18.5, inputTokens: 1 });
      expect(buckets[0]).toMatchObject({ meanMs: undefined, p95Ms: undefined, outputTokens: 0 });
      for (const stepMs of [1, 0, -5, Number.NaN]) {
        await expect(store.requests.timeline({ ...EVERYTHING, range }, stepMs)).rejects.toBeInstanceOf(RangeError);
      }
      expect(await store.requests.timeline({ ...EVERYTHING, range: { fromUnixMs: 5, toUnixMs: 5 } }, 10)).toEqual([]);
    },
  },
  {
    name: 'divides days by the time zone, its clock changes included',
    async run({ open }) {
      const store = await open();
      // In Rome clocks go forward on 2026-03-29 at 01:00 UTC: midnight is 23:00 UTC before and 22:00 UTC after.
      const times = ['2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'];
      await writeNew(
        store,
        times.map((time, i) => makeRequest(`r${i}`, { trace: i + 1, span: 1, atMs: Date.parse(time) - BASE_UNIX_MS })),
      );
      const days = async (zone: string) =>
        (await store.requests.daily(EVERYTHING, zone)).map(({ day, total }) => [day, total]);
      expect(await days('Europe/Rome')).toEqual([
        ['2026-03-30', 1],
        ['2026-03-29', 2],
        ['2026-03-28', 1],
      ]);
      expect(await days('UTC')).toEqual([
        ['2026-03-29', 2],
        ['2026-03-28', 2],
      ]);
      expect(await days('Asia/Kathmandu')).toEqual([
        ['2026-03-30', 2],
        ['2026-03-29', 2],
      ]);
      await expect(store.requests.daily(EVERYTHING, "UTC'; --")).rejects.toBeInstanceOf(RangeError);
    },
  },
  {
    name: 'groups errors by fingerprint, latest first',
    async run({ open }) {
      const store = await open();
      await writeNew(store, manyRequests());
      await writeNew(store, [
        makeRequest('last', { trace: 500, span: 1, atMs: 999 * HOUR_MS, status: 2, message: 'disk full' }),
      ]);
      const groups = await store.requests.errorGroups(EVERYTHING, 10);
      expect(groups).toMatchObject([
        { fingerprint: ': disk full', count: 1, lastRequestId: 'last', models: [] },
        {
          fingerprint: 'Refused: refused after <n> tries',
          errorType: 'Refused',
          errorMessage: 'refused after 56 tries',
          count: 8,
        },
      ]);
      expect(groups[1]).toMatchObject({
        firstSeenUnixMs: BASE_UNIX_MS,
        lastRequestId: 'r56',
        models: ['large', 'small'],
      });
      expect(await store.requests.errorGroups(filtered({ kind: 'text', text: 'disk' }), 10)).toHaveLength(1);
    },
  },
];

function expectDurations(found: DurationStats, rows: readonly RequestRow[]): void {
  const values = rows.flatMap(({ durationMs }) => (durationMs === undefined ? [] : [durationMs]));
  if (values.length === 0) {
    expect(found).toEqual({
      meanMs: undefined,
      p50Ms: undefined,
      p95Ms: undefined,
      p99Ms: undefined,
      maxMs: undefined,
    });
    return;
  }
  expect(found.meanMs).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 6);
  expect(found.p50Ms).toBeCloseTo(quantile(values, 0.5)!, 9);
  expect(found.p95Ms).toBeCloseTo(quantile(values, 0.95)!, 9);
  expect(found.p99Ms).toBeCloseTo(quantile(values, 0.99)!, 9);
  expect(found.maxMs).toBe(Math.max(...values));
}

/** Linear interpolation between the two nearest values. */
function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  return below === undefined || above === undefined ? undefined : below + (above - below) * (at - Math.floor(at));
}
