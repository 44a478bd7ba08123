import type { RequestRow, Span } from '@vedetta/model';
import { expect } from 'vitest';
import type { RequestSort, RequestSortKey } from '../api/request-reader.js';
import type { Store } from '../api/store.js';
import type { ContractCase } from './contract-case.js';
import { allRequests, EVERYTHING, filtered, writeNew } from './everything.js';
import { makeCall, makeRequest } from './span-maker.js';

const KEYS: readonly RequestSortKey[] = ['start', 'duration', 'tokens', 'cost', 'ttft'];

/** Figures that repeat and that some requests lack. */
function spans(): Span[] {
  return Array.from({ length: 40 }, (_, i) => {
    const trace = i + 1;
    const id = `r${String(i).padStart(2, '0')}`;
    const atMs = Math.floor(i / 3);
    const genAi = {
      ...(i % 4 !== 0 && { timeToFirstTokenMs: (i * 7) % 5 }),
      ...(i % 3 !== 0 && { suppliedCostUsd: ((i * 5) % 7) / 10 }),
    };
    return [
      makeRequest(id, { trace, span: 1, atMs, ms: ((i * 11) % 6) * 10 + 0.5, running: i % 10 === 9 }),
      ...(i % 5 === 0 ? [] : [makeCall({ trace, span: 2, parent: 1, atMs, genAi }, (i * 3) % 8, i % 2)]),
    ];
  }).flat();
}

function figure(row: RequestRow, by: RequestSortKey): number | undefined {
  switch (by) {
    case 'start':
      return Number(row.startUnixNano - 1_700_000_000_000_000_000n);
    case 'duration':
      return row.durationMs;
    case 'tokens':
      return row.inputTokens === undefined ? row.outputTokens : row.inputTokens + (row.outputTokens ?? 0);
    case 'cost':
      return row.costUsd;
    case 'ttft':
      return row.timeToFirstTokenMs;
  }
}

function sorted(rows: readonly RequestRow[], { by, descending }: RequestSort): string[] {
  return [...rows]
    .sort((a, b) => {
      const [x, y] = [figure(a, by), figure(b, by)];
      if (x !== y) {
        if (x === undefined) return 1;
        if (y === undefined) return -1;
        return descending ? y - x : x - y;
      }
      if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano > b.startUnixNano ? -1 : 1;
      return a.requestId < b.requestId ? -1 : 1;
    })
    .map(({ requestId }) => requestId);
}

async function pageThrough(
  store: Store,
  sort: RequestSort,
  between: (seen: number) => Promise<void>,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.requests.list({ ...EVERYTHING, limit: 7, cursor, sort });
    expect(page.requests.length).toBeLessThanOrEqual(7);
    seen.push(...page.requests.map(({ requestId }) => requestId));
    cursor = page.nextCursor;
    if (cursor !== undefined) await between(seen.length);
  } while (cursor !== undefined);
  return seen;
}

export const sortingCases: readonly ContractCase[] = [
  {
    name: 'pages through requests sorted by each figure, unknown ones last, once each while new ones arrive',
    async run({ open }) {
      const store = await open();
      await writeNew(store, spans());
      let trace = 1000;
      for (const by of KEYS) {
        for (const descending of [true, false]) {
          const rows = await allRequests(store);
          const seen = await pageThrough(store, { by, descending }, async () => {
            trace += 1;
            // Figures in the middle, at the ends, and none.
            const genAi = { timeToFirstTokenMs: trace % 9, suppliedCostUsd: trace % 3 };
            await writeNew(store, [
              makeRequest(`new${trace}`, { trace, span: 1, atMs: trace % 14, ms: (trace % 80) + 1 }),
              ...(trace % 2 === 0
                ? [makeCall({ trace, span: 2, parent: 1, atMs: trace % 14, genAi }, trace % 11, 1)]
                : []),
            ]);
          });
          const known = new Set(rows.map(({ requestId }) => requestId));
          expect([by, descending, seen.filter((id) => known.has(id))]).toEqual([
            by,
            descending,
            sorted(rows, { by, descending }),
          ]);
          expect(new Set(seen).size).toBe(seen.length);
        }
      }
    },
  },
  {
    name: 'sorts what a filter finds, and takes no cursor of another sort',
    async run({ open }) {
      const store = await open();
      await writeNew(store, spans());
      const filter = filtered({ kind: 'compare', field: 'status', operator: '=', value: 'completed' });
      const text = filtered({ kind: 'text', text: 'r1' });
      const sort: RequestSort = { by: 'duration', descending: true };
      const all = await allRequests(store);
      for (const [scope, expected] of [
        [filter, all.filter(({ status }) => status === 'completed')],
        [text, all.filter(({ requestId }) => requestId.startsWith('r1'))],
      ] as const) {
        const page = await store.requests.list({ ...scope, limit: 1000, cursor: undefined, sort });
        expect(page.requests.map(({ requestId }) => requestId)).toEqual(sorted(expected, sort));
      }
      const { nextCursor } = await store.requests.list({ ...filter, limit: 2, cursor: undefined, sort });
      for (const other of [undefined, { ...sort, descending: false }, { ...sort, by: 'cost' as const }]) {
        await expect(
          store.requests.list({ ...filter, limit: 2, cursor: nextCursor, sort: other }),
        ).rejects.toBeInstanceOf(RangeError);
      }
      const plain = await store.requests.list({ ...filter, limit: 2, cursor: undefined });
      await expect(store.requests.list({ ...filter, limit: 2, cursor: plain.nextCursor, sort })).rejects.toBeInstanceOf(
        RangeError,
      );
      for (const value of ['"1"', 'true', '{}']) {
        const forged = Buffer.from(`["1","a","duration:desc",${value}]`).toString('base64url');
        await expect(store.requests.list({ ...filter, limit: 2, cursor: forged, sort })).rejects.toBeInstanceOf(
          RangeError,
        );
      }
    },
  },
];
