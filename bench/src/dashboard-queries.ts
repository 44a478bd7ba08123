import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FilterField, FilterNode, FilterOperator } from '@vedetta/model';
import type { RequestScope, Store } from '@vedetta/store';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { BenchResult } from './result.js';
import { createRequestGenerator } from './store-workload.js';

const REQUESTS = Number(process.env.VEDETTA_BENCH_REQUESTS ?? 1_000_000);
const DAY_MS = 86_400_000;
const DAYS = 30;
const REQUESTS_A_BATCH = 300;
const WRITERS = 12;
const RUNS = 25;
const AIM_MS = 100;
const SUMMER_TIME_ZONE = 'Europe/Rome';
const PHASES_SQL = 'SELECT phase, count(*), avg(duration_ms) FROM time_logs';

/**
 * What the dashboard asks, over a million requests of thirty days with five phases each. The data goes in by the store's
 * own write path: what is read is laid out as ingest lays it out.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vedetta-bench-'));
  const path = join(folder, 'vedetta.duckdb');
  const endMs = Date.now();
  try {
    const filling = await openDuckDbStore({ path });
    await fill(filling, endMs);
    await filling.close();
    const store = await openDuckDbStore({ path });
    try {
      // Opening reads all trace ids in the background; a first write waits for nothing, but figures should not share the disk with it.
      await store.requests.list({ ...scope(0, endMs), limit: 1, cursor: undefined });
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return await measure(store, endMs);
    } finally {
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store, endMs: number): Promise<void> {
  const generator = createRequestGenerator(7);
  let made = 0;
  const startOf = (n: number): bigint =>
    BigInt(Math.round((endMs - DAYS * DAY_MS + (n / REQUESTS) * DAYS * DAY_MS) * 1000)) * 1000n;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (made < REQUESTS) {
        const batch = Array.from({ length: Math.min(REQUESTS_A_BATCH, REQUESTS - made) }, () =>
          generator.next(startOf(made++)),
        ).flat();
        for (
          let outcome = await store.writer.write(batch);
          outcome.kind !== 'stored';
          outcome = await store.writer.write(batch)
        ) {
          if (outcome.kind === 'failed') throw new Error(outcome.message);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    }),
  );
}

async function measure(store: Store, endMs: number): Promise<BenchResult[]> {
  const { requests } = store;
  const day = scope(endMs - DAY_MS, endMs);
  const all = scope(endMs - DAYS * DAY_MS, endMs);
  const page = { limit: 50, cursor: undefined };
  const [middle] = (await requests.list({ ...scope(0, endMs - (DAYS / 2) * DAY_MS), ...page })).requests;
  if (middle === undefined) throw new Error('The store is empty.');
  const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['1 totals of 24 h', () => requests.stats(day)],
    ['2 timeline of 24 h, 96 buckets with percentiles', () => requests.timeline(day, DAY_MS / 96)],
    ['3 phases of 24 h with percentiles', () => requests.phaseStats(day)],
    [
      '4 distribution by model and by modality, 24 h',
      () => Promise.all([requests.distribution(day, 'model', 20), requests.distribution(day, 'modality', 20)]),
    ],
    [
      '5 latest 50 failed of one model',
      () =>
        requests.list({
          ...where(all, compare('model', '=', middle.model), compare('status', '=', 'failed')),
          ...page,
        }),
    ],
    ['6 one request by id with its spans', () => requests.detail(middle.requestId)],
    [
      '7 text search, latest 50',
      () => requests.list({ ...where(all, { kind: 'text', text: 'Approved it' }), ...page }),
    ],
    ['8 errors by fingerprint, all', () => requests.errorGroups(all, 50)],
    ['9 days, all', () => requests.daily(all, 'UTC')],
    ['10 top users, all', () => requests.values(all, 'user', 20)],
    ['latest 50', () => requests.list({ ...all, ...page })],
    ['latest 50 slower than 8 s', () => requests.list({ ...where(all, compare('latency', '>', 8000)), ...page })],
    ['all requests of one user', () => requests.list({ ...where(all, compare('user', '=', middle.userId)), ...page })],
    // What the page asks when its range is set to thirty days.
    ['totals of 30 days', () => requests.stats(all)],
    ['phases of 30 days with percentiles', () => requests.phaseStats(all)],
    ['timeline of 30 days, 90 buckets with percentiles', () => requests.timeline(all, (DAYS * DAY_MS) / 90)],
    ['distribution by model, 30 days', () => requests.distribution(all, 'model', 20)],
    ['distribution by modality, 30 days', () => requests.distribution(all, 'modality', 20)],
    ['days of a time zone with summer time, 30 days', () => requests.daily(all, SUMMER_TIME_ZONE)],
  ];
  // What a user may ask but no page does by itself.
  const wide: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'text search that finds nothing, all',
      () => requests.list({ ...where(all, { kind: 'text', text: 'zebra crossing' }), ...page }),
    ],
    ['SQL: phases of time_logs, all', () => sql(store, `${PHASES_SQL} GROUP BY phase`)],
    [
      'SQL: phases of time_logs, last day',
      () => sql(store, `${PHASES_SQL} WHERE timestamp > now() - INTERVAL 1 DAY GROUP BY phase`),
    ],
  ];
  const results: BenchResult[] = [];
  for (const [name, ask] of [...questions, ...wide]) {
    const value = await p95(ask);
    results.push({ name, value, unit: 'ms (p95)', aim: `< ${AIM_MS}`, pass: value < AIM_MS });
  }
  results.push({ name: 'memory', value: process.memoryUsage().rss / 1024 / 1024, unit: 'MiB' });
  return results;
}

async function sql(store: Store, statement: string): Promise<void> {
  const outcome = await store.sql.query(statement, { maxRows: 1000, timeoutMs: 60_000 });
  if (outcome.kind === 'failed') throw new Error(outcome.message);
}

async function p95(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startMs = performance.now();
    await ask();
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  return times[Math.ceil(RUNS * 0.95) - 1] ?? 0;
}

function scope(fromUnixMs: number, toUnixMs: number): RequestScope {
  return { range: { fromUnixMs, toUnixMs }, filter: { kind: 'all' } };
}

function where(within: RequestScope, ...nodes: readonly FilterNode[]): RequestScope {
  return { ...within, filter: { kind: 'and', nodes } };
}

function compare(field: FilterField, operator: FilterOperator, value: string | number): FilterNode {
  return { kind: 'compare', field, operator, value };
}
