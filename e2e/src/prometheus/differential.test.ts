import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPrometheus } from '../support/real-prometheus.js';
import { type Answer, compareAnswers } from './compare-answers.js';
import { complianceQueries } from './compliance-queries.js';
import { demoSeries } from './demo-series.js';
import { expressionSeries } from './expression-series.js';
import { KNOWN_DIFFERENCES } from './known-differences.js';
import { nastySeries } from './nasty-series.js';
import { ownQueries } from './own-queries.js';
import { needSharedData, type ServerPair, SHARED, startServerPair } from './server-pair.js';
import { DATA_END_MS } from './test-series.js';

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
  const exprs = existsSync(SHARED) ? readExpressions() : [];
  let pair: ServerPair;

  beforeAll(async () => {
    if (exprs.length > 0) pair = await startServerPair([...demoSeries(), ...nastySeries(), ...expressionSeries(exprs)]);
  });
  afterAll(() => pair?.stop());

  test('the queries of the compliance suite', async ({ skip }) => {
    needSharedData({ skip });
    const queries = readCompliance();
    expect(queries.length).toBeGreaterThan(400);
    await expectSameAnswers(
      queries.map(({ query }) => query),
      [...QUESTIONS, ...MORE_QUESTIONS],
    );
    const failing = queries.filter(({ shouldFail }) => shouldFail).map(({ query }) => query);
    const answers = await Promise.all(
      failing.map((query) => ask(`${pair.prometheus}/api/v1/query`, { query, time: at(13) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(failing.map(() => 'error'));
  });

  test('expressions of rules and dashboards', async ({ skip }) => {
    needSharedData({ skip });
    const { answered } = await expectSameAnswers(exprs, QUESTIONS);
    // They are asked over series that were made for them: most have something to say.
    expect(answered / exprs.length).toBeGreaterThan(0.8);
  });

  test('odd series, functions and operators', async ({ skip }) => {
    needSharedData({ skip });
    await expectSameAnswers(ownQueries(), [...QUESTIONS, ...MORE_QUESTIONS]);
  });

  async function expectSameAnswers(queries: readonly string[], questions: readonly Question[]) {
    const all = [...new Set(queries)];
    const { differences, answered } = await compare(all, questions, pair);
    const known = new Map(KNOWN_DIFFERENCES.flatMap(({ name, queries: of }) => of.map((query) => [query, name])));
    const unknown = [...differences].filter(([query]) => !known.has(query));
    expect(unknown.map(([query, how]) => `${query}\n    ${how}`)).toEqual([]);
    // What is listed and differs no more is to be taken off the list.
    expect(all.filter((query) => known.has(query) && !differences.has(query))).toEqual([]);
    return { answered };
  }
});

function readExpressions(): string[] {
  const lines = readFileSync(new URL('prom-rules/promql-exprs.jsonl', SHARED), 'utf8').trim().split('\n');
  return [...new Set(lines.map((line) => (JSON.parse(line) as { expr: string }).expr))];
}

function readCompliance() {
  return complianceQueries(readFileSync(new URL('promql-tests/compliance-queries.dev.yml', SHARED), 'utf8'));
}

/** How the answers to each query differ, and to how many there was one with something in it. */
async function compare(queries: readonly string[], questions: readonly Question[], pair: ServerPair) {
  const differences = new Map<string, string>();
  let answered = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < queries.length) {
      const query = queries[next++] ?? '';
      let hasResults = false;
      for (const { path, parameters } of questions) {
        const [expected, actual] = await Promise.all(
          [pair.prometheus, pair.vedetta].map((url) => ask(`${url}/api/v1/${path}`, { query, ...parameters })),
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
