import type { Answer } from '@vedetta/e2e/support';
import { compareAnswers } from '@vedetta/e2e/support';
import type { BenchResult } from './result.js';
import type { QueryQuestion } from './support/query-questions.js';
import { queryQuestions } from './support/query-questions.js';
import { createQueryData } from './support/query-series.js';
import type { QueryTarget } from './support/query-targets.js';
import { ask, startOurs, startPrometheus } from './support/query-targets.js';

const HOURS = Number(process.env.BENCH_HOURS ?? 24);
/** Each has 135 series on average. */
const INSTANCES = Number(process.env.BENCH_INSTANCES ?? 20);
const RUNS = Number(process.env.BENCH_ROUNDS ?? 11);
/** Only questions whose name or time has this in it. */
const ONLY = process.env.BENCH_ONLY ?? '';
const WARM_UPS = 5;
const AIM = 2;
const MINUTE_MS = 60_000;

/**
 * Latency of PromQL over HTTP: the built server beside Debian's Prometheus with the same samples, question by question, in turns, one
 * at a time. That both give the same answers is looked at before anything is timed.
 */
export async function run(): Promise<BenchResult[]> {
  const endMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const data = createQueryData(HOURS, INSTANCES, endMs);
  const samples = data.series.reduce((sum, { values }) => sum + values.length, 0);
  const results: BenchResult[] = [
    { name: 'series', value: data.series.length, unit: 'series' },
    { name: 'samples', value: samples / 1e6, unit: 'million' },
  ];
  const targets: QueryTarget[] = [];
  try {
    const ours = await startOurs(data);
    targets.push(ours);
    const theirs = await startPrometheus(data);
    if (theirs === undefined) results.push({ name: 'prometheus is not installed: skipped', value: 0, unit: 'ms' });
    else targets.push(theirs);
    const ratios = new Map<string, number[]>();
    const questions = queryQuestions(data.startMs, endMs).filter(({ name, when }) => `${name}, ${when}`.includes(ONLY));
    // All of them first: what is measured is a server that has been asked such questions before.
    for (const question of questions) await expectSame(question, ours, theirs);
    for (const question of questions) {
      const result = await measure(question, ours, theirs);
      results.push(result);
      if (result.ratioTo === undefined) continue;
      for (const of of [question.when, 'all']) ratios.set(of, [...(ratios.get(of) ?? []), result.ratioTo.ratio]);
    }
    for (const [when, of] of ratios) results.push(...summary(when, of));
    for (const target of targets) {
      results.push({ name: `${target.name}: memory`, value: target.rssBytes() / 1024 ** 2, unit: 'MiB' });
    }
    return results;
  } finally {
    for (const target of targets) await target.stop();
  }
}

async function measure(question: QueryQuestion, ours: QueryTarget, theirs?: QueryTarget): Promise<BenchResult> {
  const mine: number[] = [];
  const others: number[] = [];
  for (let run = -WARM_UPS; run < RUNS; run += 1) {
    const one = await timed(question, ours);
    const other = theirs === undefined ? undefined : await timed(question, theirs);
    if (run < 0) continue;
    mine.push(one);
    if (other !== undefined) others.push(other);
  }
  const [p50, p95] = [quantile(mine, 0.5), quantile(mine, 0.95)];
  const name = `${question.name}, ${question.when}`;
  if (theirs === undefined) return { name, value: p50, unit: `ms (p95 ${p95.toFixed(1)})` };
  const [otherP50, otherP95] = [quantile(others, 0.5), quantile(others, 0.95)];
  const ratio = p50 / otherP50;
  return {
    name,
    value: p50,
    unit: `ms (p95 ${p95.toFixed(1)}; theirs ${otherP50.toFixed(1)}, ${otherP95.toFixed(1)})`,
    ratioTo: { peer: theirs.name, ratio },
    aim: `<= ${AIM} x`,
    pass: ratio <= AIM,
  };
}

async function timed({ path, parameters, name }: QueryQuestion, target: QueryTarget): Promise<number> {
  const { status, ms } = await ask(target, path, parameters);
  if (status !== 200) throw new Error(`${target.name} answered ${status} to ${name}`);
  return ms;
}

async function expectSame(question: QueryQuestion, ours: QueryTarget, theirs?: QueryTarget): Promise<void> {
  const have = await answerOf(question, ours);
  const want = theirs === undefined ? have : await answerOf(question, theirs);
  const isEmpty = JSON.stringify(have.data).length < 50;
  const how = question.isList ? compareLists(want.data, have.data) : compareAnswers(want, have, false);
  if (isEmpty || how !== undefined) {
    throw new Error(`${question.name}, ${question.when}: ${how ?? 'nothing is answered'}`);
  }
}

async function answerOf({ path, parameters }: QueryQuestion, target: QueryTarget): Promise<Answer> {
  const { body, status } = await ask(target, path, parameters);
  return { ...(JSON.parse(body.toString()) as Omit<Answer, 'httpStatus'>), httpStatus: status };
}

/** Lists whose members are texts or sets of labels. */
function compareLists(want: unknown, have: unknown): string | undefined {
  const [a, b] = [want, have].map((list) =>
    (list as readonly object[]).map((member) => JSON.stringify(Object.entries(member).sort())).sort(),
  );
  return JSON.stringify(a) === JSON.stringify(b) ? undefined : `${a?.length} members, but here ${b?.length} or others`;
}

function summary(when: string, ratios: readonly number[]): BenchResult[] {
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  return [
    { name: `${when}: geometric mean of ${ratios.length}`, value: mean, unit: 'x' },
    { name: `${when}: worst`, value: Math.max(...ratios), unit: 'x' },
  ];
}

function quantile(times: readonly number[], q: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
