import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPrometheus, type RealPrometheus, startPrometheus } from '../support/real-prometheus.js';
import { postRemoteWrite } from '../support/remote-write.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { type Answer, compareAnswers } from './compare-answers.js';
import { complianceQueries } from './compliance-queries.js';
import { demoSeries } from './demo-series.js';
import { expressionSeries } from './expression-series.js';
import { KNOWN_DIFFERENCES } from './known-differences.js';
import { nastySeries } from './nasty-series.js';
import { ownQueries } from './own-queries.js';
import { DATA_END_MS, DATA_START_MS, type TestSeries } from './test-series.js';

const SHARED = new URL('../../../../shared/data/', import.meta.url);
const HAS_DATA = existsSync(SHARED);

/** Prometheus takes samples into its head while they are less than an hour behind the newest. */
const WINDOW_MS = 45 * 60_000;
const SERIES_A_REQUEST = 500;
const AT_ONCE = 4;
/**
 * No whole number of seconds away from any sample, see `createSeries`, and half a second from what subqueries look at, which
 * are whole seconds: no window begins where there is something.
 */
const at = (minutesBeforeEnd: number): string => String(DATA_END_MS / 1000 - minutesBeforeEnd * 60 + 7.5);
const QUESTIONS = [
  { path: 'query', parameters: { time: at(13) } },
  { path: 'query_range', parameters: { start: at(45), end: at(0), step: '173' } },
] as const;
/** The end of the data and what is behind it, and steps that are shorter than the interval of the samples. */
const MORE_QUESTIONS = [
  { path: 'query', parameters: { time: at(-4) } },
  { path: 'query_range', parameters: { start: at(22), end: at(20), step: '13' } },
] as const;
type Question = (typeof QUESTIONS | typeof MORE_QUESTIONS)[number];

describeWithPrometheus('the same data in Prometheus and in Vedetta', () => {
  const exprs = HAS_DATA ? readExpressions() : [];
  let prometheus: RealPrometheus;
  let server: ServerProcess;
  let folder: string;

  beforeAll(async () => {
    if (!HAS_DATA) return;
    const series = [...demoSeries(), ...nastySeries(), ...expressionSeries(exprs)];
    folder = await mkdtemp(join(tmpdir(), 'vedetta-differential-'));
    prometheus = await startPrometheus({}, [
      '--web.enable-remote-write-receiver',
      '--storage.tsdb.retention.time=100y',
    ]);
    await fillPrometheus(prometheus.url, series);
    await fillStore(join(folder, 'vedetta.duckdb'), series);
    server = await startServerProcess({
      dataDir: folder,
      env: { VEDETTA_METRICS_RETENTION_DAYS: '36500', VEDETTA_METRICS_INTERVAL_SECONDS: '3600' },
    });
  });
  afterAll(async () => {
    await Promise.all([prometheus?.stop(), server?.stop()]);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  test('the queries of the compliance suite', async () => {
    if (skipWithoutData()) return;
    const queries = readCompliance();
    expect(queries.length).toBeGreaterThan(400);
    await expectSameAnswers(
      queries.map(({ query }) => query),
      [...QUESTIONS, ...MORE_QUESTIONS],
    );
    const failing = queries.filter(({ shouldFail }) => shouldFail).map(({ query }) => query);
    const answers = await Promise.all(
      failing.map((query) => ask(`${prometheus.url}/api/v1/query`, { query, time: at(13) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(failing.map(() => 'error'));
  });

  test('expressions of rules and dashboards', async () => {
    if (skipWithoutData()) return;
    const { answered } = await expectSameAnswers(exprs, QUESTIONS);
    // They are asked over series that were made for them: most have something to say.
    expect(answered / exprs.length).toBeGreaterThan(0.8);
  });

  test('odd series, functions and operators', async () => {
    if (skipWithoutData()) return;
    await expectSameAnswers(ownQueries(), [...QUESTIONS, ...MORE_QUESTIONS]);
  });

  async function expectSameAnswers(queries: readonly string[], questions: readonly Question[]) {
    const all = [...new Set(queries)];
    const { differences, answered } = await compare(all, questions, prometheus.url, `${server.url}/prometheus`);
    const known = new Map(KNOWN_DIFFERENCES.flatMap(({ name, queries: of }) => of.map((query) => [query, name])));
    const unknown = [...differences].filter(([query]) => !known.has(query));
    expect(unknown.map(([query, how]) => `${query}\n    ${how}`)).toEqual([]);
    // What is listed and differs no more is to be taken off the list.
    expect(all.filter((query) => known.has(query) && !differences.has(query))).toEqual([]);
    return { answered };
  }
});

function skipWithoutData(): boolean {
  if (!HAS_DATA) expect(process.env.CI, 'CI needs ../shared/data').toBeUndefined();
  return !HAS_DATA;
}

function readExpressions(): string[] {
  const lines = readFileSync(new URL('prom-rules/promql-exprs.jsonl', SHARED), 'utf8').trim().split('\n');
  return [...new Set(lines.map((line) => (JSON.parse(line) as { expr: string }).expr))];
}

function readCompliance() {
  return complianceQueries(readFileSync(new URL('promql-tests/compliance-queries.dev.yml', SHARED), 'utf8'));
}

async function fillPrometheus(url: string, series: readonly TestSeries[]): Promise<void> {
  for (let fromMs = DATA_START_MS; fromMs < DATA_END_MS + WINDOW_MS; fromMs += WINDOW_MS) {
    const part = series.map((one) => between(one, fromMs, fromMs + WINDOW_MS)).filter((one) => one.values.length > 0);
    for (let i = 0; i < part.length; i += SERIES_A_REQUEST) {
      await postRemoteWrite(`${url}/api/v1/write`, part.slice(i, i + SERIES_A_REQUEST));
    }
  }
}

function between(series: TestSeries, fromMs: number, toMs: number): TestSeries {
  const { timestampsMs, values, labels } = series;
  const from = timestampsMs.findIndex((time) => time >= fromMs);
  const to = timestampsMs.findLastIndex((time) => time < toMs);
  if (from < 0) return { labels, timestampsMs: timestampsMs.subarray(0, 0), values: values.subarray(0, 0) };
  return { labels, timestampsMs: timestampsMs.subarray(from, to + 1), values: values.subarray(from, to + 1) };
}

async function fillStore(path: string, series: readonly TestSeries[]): Promise<void> {
  const store = await openDuckDbStore({ path, sampleRetentionMs: 36_500 * 86_400_000 });
  try {
    const outcome = await store.samples.write(series);
    expect(outcome).toMatchObject({ kind: 'stored', rejected: {}, message: '' });
  } finally {
    await store.close();
  }
}

/** How the answers to each query differ, and to how many there was one with something in it. */
async function compare(queries: readonly string[], questions: readonly Question[], peer: string, own: string) {
  const differences = new Map<string, string>();
  let answered = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < queries.length) {
      const query = queries[next++] ?? '';
      let hasResults = false;
      for (const { path, parameters } of questions) {
        const [expected, actual] = await Promise.all(
          [peer, own].map((url) => ask(`${url}/api/v1/${path}`, { query, ...parameters })),
        );
        if (expected === undefined || actual === undefined) throw new Error('an answer is missing');
        const how = compareAnswers(expected, actual, path === 'query' && query.startsWith('sort'));
        if (how !== undefined && !differences.has(query)) differences.set(query, `${path}: ${how}`);
        hasResults ||= (expected.data?.result.length ?? 0) > 0;
      }
      if (hasResults) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { differences, answered };
}

async function ask(url: string, parameters: Record<string, string>): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });
  return { ...((await answer.json()) as Omit<Answer, 'httpStatus'>), httpStatus: answer.status };
}
