import type { PromqlEngine, QueryResult, ResultSeries } from '../engine.js';
import { createPromqlEngine } from '../engine.js';
import type { SampleReader } from '../sample-reader.js';
import { parseDuration, unquote } from '../syntax/literals.js';
import { PromqlError } from '../syntax/promql-error.js';
import { describePoint, nearlyEqual, pointsOf, samePoint } from './compare-results.js';
import { loadSeries } from './load-series.js';
import { MemoryReader } from './memory-reader.js';
import { parseSeries, parseValues } from './series-notation.js';
import type { EvalStep, TestBlock } from './test-script.js';

export interface EvalOutcome {
  readonly name: string;
  readonly category: 'stable' | 'native' | 'experimental' | 'experimental native';
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly message: string;
}

/**
 * Runs blocks of language tests, one outcome for each `eval`. The engine reads samples from memory, or from what `readerOf` makes of
 * those: the memory of a block gets samples while it is run.
 */
export async function runBlocks(
  blocks: readonly TestBlock[],
  readerOf: (memory: MemoryReader) => SampleReader = (memory) => memory,
): Promise<EvalOutcome[]> {
  const outcomes: EvalOutcome[] = [];
  for (const block of blocks) {
    const reader = new MemoryReader();
    const engine = createPromqlEngine(readerOf(reader), { experimental: true, delayedNameRemoval: true });
    for (const step of block.steps) {
      if (step.kind === 'load') {
        loadSeries(reader, step);
        continue;
      }
      const name = `${block.name}: ${step.line}`;
      const native = step.native ? 'native' : '';
      const category = ([block.experimental ? 'experimental' : '', native].filter(Boolean).join(' ') ||
        'stable') as EvalOutcome['category'];
      const message = await problemOf(engine, step);
      outcomes.push({ name, category, outcome: message === undefined ? 'passed' : 'failed', message: message ?? '' });
    }
  }
  return outcomes;
}

/** What is wrong with the answer; `undefined` when nothing is. */
async function problemOf(engine: PromqlEngine, step: EvalStep): Promise<string | undefined> {
  const expectFail =
    step.expect.find((line) => /^fail\b/.test(line)) ?? step.result.find((line) => /^expected_fail/.test(line));
  let result: QueryResult;
  try {
    result = await ask(engine, step);
  } catch (error) {
    if (!(error instanceof PromqlError)) return `crashed: ${error instanceof Error ? error.stack : String(error)}`;
    if (expectFail === undefined) return `refused: ${error.message}`;
    return messageProblem(expectFail.replace(/^fail\s*/, ''), [error.message], true);
  }
  if (expectFail !== undefined) return 'answered, where it should have failed';
  const problem = notesProblem(step, result);
  if (problem !== undefined) return problem;
  if (step.at === undefined) return rangeProblem(step, result);
  return instantProblem(step, result) ?? (await rangeModeProblem(engine, step, result));
}

/** A query at one time must answer the same as the middle step of a range query, as Prometheus' own runner demands. */
async function rangeModeProblem(
  engine: PromqlEngine,
  step: EvalStep,
  { data }: QueryResult,
): Promise<string | undefined> {
  const resolvesDifferently = /\b(?:range|step|start|end)\(\)/.test(step.expr);
  if (resolvesDifferently || step.expect.includes('ordered') || (data.type !== 'vector' && data.type !== 'scalar'))
    return undefined;
  const timeMs = toMs(step.at!);
  let range: QueryResult;
  try {
    range = await engine.range({ query: step.expr, startMs: timeMs - 60_000, endMs: timeMs + 60_000, stepMs: 60_000 });
  } catch (error) {
    return `refused as a range: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (range.data.type !== 'matrix') return 'no matrix';
  const series = range.data.series.flatMap(({ labels, timestampsMs, values, histograms }) => {
    const at = timestampsMs.indexOf(timeMs);
    if (at < 0) return [];
    const point = { labels, timestampsMs: timestampsMs.subarray(at, at + 1), values: values.subarray(at, at + 1) };
    return histograms === undefined ? [point] : [{ ...point, histograms: histograms.slice(at, at + 1) }];
  });
  const middle: QueryResult['data'] =
    data.type === 'vector'
      ? { type: 'vector', series }
      : { type: 'scalar', timeMs, value: series[0]?.values[0] ?? Number.NaN };
  const problem = instantProblem(step, { ...range, data: middle });
  return problem === undefined ? undefined : `as a range: ${problem}`;
}

function ask(engine: PromqlEngine, step: EvalStep): Promise<QueryResult> {
  if (step.at !== undefined) return engine.instant({ query: step.expr, timeMs: toMs(step.at) });
  return engine.range({
    query: step.expr,
    startMs: toMs(step.start!),
    endMs: toMs(step.end!),
    stepMs: toMs(step.step!),
  });
}

export function toMs(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const plain = text.replace(/^[+-]/, '');
  const seconds = /^\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : parseDuration(plain);
  if (seconds === undefined) throw new Error(`not a time: ${text}`);
  return sign * Math.round(seconds * 1000);
}

function notesProblem(step: EvalStep, { warnings, infos }: QueryResult): string | undefined {
  for (const line of step.expect) {
    const [, no, kind, detail] = /^(no_)?(warn|info)\b\s*(.*)$/.exec(line) ?? [];
    if (kind === undefined) continue;
    const notes = kind === 'warn' ? warnings : infos;
    if (no !== undefined) {
      if (notes.length > 0) return `expected no ${kind}, got ${notes.join('; ')}`;
      continue;
    }
    if (notes.length === 0) return `expected a note: ${line}`;
    const problem = messageProblem(detail!, notes, false);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `msg: text` or `regex: pattern`, or nothing. */
function messageProblem(detail: string, messages: readonly string[], contained: boolean): string | undefined {
  const [, how, text] = /^(msg|regex):\s*([\s\S]*)$/.exec(detail) ?? [];
  if (how === undefined) return undefined;
  const matches = (message: string) =>
    how === 'regex' ? new RegExp(text!).test(message) : message === text || (contained && message.includes(text!));
  return messages.some(matches) ? undefined : `expected ${detail}, got ${messages.join('; ')}`;
}

function instantProblem(step: EvalStep, { data }: QueryResult): string | undefined {
  const text = step.expect.find((line) => /^string\b/.test(line));
  if (text !== undefined) {
    const wanted = unquote(text.replace(/^string\s+/, ''));
    return data.type === 'string' && data.value === wanted
      ? undefined
      : `expected ${text}, got ${JSON.stringify(data)}`;
  }
  const range = step.expect.find((line) => /^range vector\b/.test(line));
  if (range !== undefined) {
    const [, from, to, every] = /from (\S+) to (\S+) step (\S+)/.exec(range)!;
    if (data.type !== 'matrix') return `expected a range vector, got ${data.type}`;
    return matrixProblem(step, data.series, toMs(from!), toMs(to!), toMs(every!));
  }
  if (data.type === 'string') return `unexpected string ${data.value}`;
  if (data.type === 'scalar') {
    const [wanted] = parseValues(step.result[0] ?? '');
    const same = wanted?.kind === 'number' && nearlyEqual(wanted.value, data.value);
    return same ? undefined : `expected ${step.result[0]}, got ${data.value}`;
  }
  if (data.type === 'matrix') return 'unexpected range vector';
  return vectorProblem(step, data.series);
}

function vectorProblem(step: EvalStep, series: readonly ResultSeries[]): string | undefined {
  const ordered = step.expect.includes('ordered');
  const got = new Map(series.map((one, i) => [one.labels.key, { one, i }]));
  if (got.size !== series.length) return 'two series of the same labels';
  for (const [i, line] of step.result.entries()) {
    const { labels, values } = parseSeries(line);
    const found = got.get(labels.key);
    if (found === undefined) return `missing ${line}; got ${describe(series)}`;
    if (ordered && found.i !== i) return `${line} comes at ${found.i}; got ${describe(series)}`;
    if (!samePoint(values[0]!, pointsOf(found.one)[0]))
      return `expected ${line}, got ${describePoint(pointsOf(found.one)[0])}`;
    got.delete(labels.key);
  }
  return got.size === 0 ? undefined : `unexpected ${describe([...got.values()].map(({ one }) => one))}`;
}

function rangeProblem(step: EvalStep, { data }: QueryResult): string | undefined {
  if (data.type !== 'matrix') return `expected a matrix, got ${data.type}`;
  return matrixProblem(step, data.series, toMs(step.start!), toMs(step.end!), toMs(step.step!));
}

function matrixProblem(
  step: EvalStep,
  series: readonly ResultSeries[],
  startMs: number,
  endMs: number,
  stepMs: number,
): string | undefined {
  const got = new Map(series.map((one) => [one.labels.key, one]));
  for (const line of step.result) {
    const { labels, values } = parseSeries(line);
    const found = got.get(labels.key);
    if (found === undefined) {
      if (values.every((value) => value.kind === 'missing')) continue;
      return `missing ${line}; got ${describe(series)}`;
    }
    const points = new Map(pointsOf(found).map((point) => [point.timeMs, point]));
    for (let time = startMs, i = 0; time <= endMs; time += stepMs, i += 1) {
      if (!samePoint(values[i] ?? { kind: 'missing' }, points.get(time)))
        return `expected ${line}, got ${describe([found])} (step ${i})`;
      points.delete(time);
    }
    if (points.size > 0) return `more points than expected: ${describe([found])}`;
    got.delete(labels.key);
  }
  return got.size === 0 ? undefined : `unexpected ${describe([...got.values()])}`;
}

function describe(series: readonly ResultSeries[]): string {
  return (
    series.map((one) => `${one.labels.toString()} ${pointsOf(one).map(describePoint).join(' ')}`).join('; ') ||
    'nothing'
  );
}
