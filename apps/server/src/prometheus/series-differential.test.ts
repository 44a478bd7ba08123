import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MetricRegistry } from '@vedetta/metrics';
import { DEFAULT_LIMITS } from '@vedetta/query';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { needPrometheus, startPrometheus } from '../metrics/testing/prometheus-process.js';
import { closeTestServers, tempDir } from '../testing/test-server.js';
import { ExemplarStore } from './exemplars/exemplar-store.js';
import { prometheusRoutes } from './prometheus-routes.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Midnight: Prometheus answers labels by its blocks, of two hours each. */
const T = Date.UTC(2025, 0, 15);
const NOON = T + DAY_MS / 2;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = open.pop(); end !== undefined; end = open.pop()) await end();
  await closeTestServers();
});

/** Series by the days they have an hour of samples in, at noon, a sample every minute. */
const SERIES: readonly (readonly [days: readonly number[], labels: Readonly<Record<string, string>>])[] = [
  [[0], { __name__: 'first', kind: 'a', only: 'x' }],
  [[1], { __name__: 'second', kind: 'b', job: 'api' }],
  [[0, 2], { __name__: 'apart', kind: 'c', place: 'ü"\\\n' }],
  [[0, 1, 2], { __name__: 'always', kind: 'd', job: 'api' }],
  [[2], { __name__: 'always', kind: 'e', job: 'web' }],
];

const timesOf = (days: readonly number[]): number[] =>
  days.flatMap((day) => Array.from({ length: 60 }, (_, i) => NOON + day * DAY_MS + i * 60_000));

function writeOpenMetrics(): string {
  const lines = SERIES.flatMap(([days, { __name__: name, ...labels }]) => {
    const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return timesOf(days).map((time) => `${name}{${text.join(',')}} 1 ${time / 1000}\n`);
  });
  return `${lines.join('')}# EOF\n`;
}

async function loadHere(): Promise<(question: string) => Promise<unknown>> {
  const retention = { sampleRetentionMs: 36_500 * DAY_MS };
  const store = await openDuckDbStore({ path: path.join(tempDir(), 'series.duckdb'), ...retention });
  open.push(() => store.close());
  const samples = SERIES.map(([days, labels]) => ({
    labels: Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
    timestampsMs: Float64Array.from(timesOf(days)),
    values: new Float64Array(days.length * 60).fill(1),
  }));
  expect(await store.samples.write(samples)).toMatchObject({ kind: 'stored', rejected: {} });
  const app = fastify();
  open.push(() => app.close());
  await app.register(prometheusRoutes, {
    samples: store.samples,
    metrics: new MetricRegistry(),
    targets: { pools: () => [] },
    exemplars: new ExemplarStore({ maxExemplars: 1, maxBytes: 1000, now: () => 0 }),
    limits: DEFAULT_LIMITS,
    startedAtUnixMs: 0,
    retentionDays: 30,
    reload: async () => [],
    log: pino({ level: 'silent' }),
    now: () => T,
  });
  return async (question) => (await app.inject({ url: `/prometheus/api/v1/${question}` })).json();
}

test('series, labels and values of a time are those that Prometheus names', async (context) => {
  needPrometheus(context);
  const dir = tempDir();
  writeFileSync(path.join(dir, 'samples.om'), writeOpenMetrics());
  writeFileSync(path.join(dir, 'prometheus.yml'), '{}');
  const real = await startPrometheus(path.join(dir, 'prometheus.yml'), path.join(dir, 'samples.om'));
  open.push(() => real.stop());
  const here = await loadHere();

  const days = [0, 1, 2].map((day): [number, number] => [NOON + day * DAY_MS, NOON + day * DAY_MS + HOUR_MS]);
  const between: [number, number] = [T + 20 * HOUR_MS, T + 26 * HOUR_MS];
  const ends: readonly (readonly [start?: number | undefined, end?: number])[] = [
    [],
    ...days,
    between,
    [T, T + 2 * DAY_MS],
    [NOON + DAY_MS],
    [undefined, T + DAY_MS],
    [T + 9 * DAY_MS],
    [NOON + HOUR_MS / 2, NOON + HOUR_MS / 3],
  ];
  const paths = ['labels', 'label/__name__/values', 'label/kind/values', 'label/none/values', 'series'];
  const matches = ['', '{job="api"}', '{__name__=~"a.*|first"}', 'apart{place!=""}'];
  let [compared, filled] = [0, 0];
  for (const [start, end] of ends) {
    for (const question of paths) {
      for (const match of matches) {
        const parameters = new URLSearchParams();
        if (match !== '') parameters.set('match[]', match);
        if (start !== undefined) parameters.set('start', String(start / 1000));
        if (end !== undefined) parameters.set('end', String(end / 1000));
        const asked = `${question}?${parameters}`;
        const theirs = (await (await fetch(`${real.url}/api/v1/${asked}`)).json()) as { data?: unknown[] };
        const ours = (await here(asked)) as { data?: unknown[] };
        expect(sorted(ours.data), asked).toEqual(sorted(theirs.data));
        compared += 1;
        if ((theirs.data?.length ?? 0) > 0) filled += 1;
      }
    }
  }
  expect(compared).toBe(ends.length * paths.length * matches.length);
  expect(filled).toBeGreaterThan(compared / 3);
}, 60_000);

function sorted(items: readonly unknown[] | undefined): readonly string[] | undefined {
  return items
    ?.map((item) => JSON.stringify(typeof item === 'string' ? item : Object.entries(item as object).sort()))
    .sort();
}
