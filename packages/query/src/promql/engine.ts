import type { EngineOptions, ResolvedOptions } from './engine-options.js';
import { resolveOptions } from './engine-options.js';
import { evaluate } from './eval/evaluate.js';
import { Evaluation } from './eval/evaluation.js';
import { loadSelectors } from './eval/load.js';
import { Notes } from './eval/notes.js';
import type { RangeColumns } from './eval/range-columns.js';
import { rangeOfSelector, rangeOfSubquery } from './eval/range-columns.js';
import type { Grid, StepSeries } from './eval/step-series.js';
import { ABSENT, FLOAT, gridTime, isEmpty } from './eval/step-series.js';
import { removeDroppedNames } from './eval/vector-functions.js';
import type { NativeHistogram } from './histogram/native-histogram.js';
import { compareLabels, LabelSet } from './labels/label-set.js';
import type { SampleReader } from './sample-reader.js';
import type { Expr } from './syntax/ast.js';
import { unwrapParens } from './syntax/ast.js';
import { typeName } from './syntax/check-types.js';
import { parsePromql } from './syntax/parse-promql.js';
import { PromqlError } from './syntax/promql-error.js';

/** One sample of an answer: a number or a native histogram. */
export interface ResultPoint {
  readonly timeMs: number;
  readonly value: number;
  readonly histogram?: NativeHistogram;
}

/** A series of an answer; its points ascend in time. */
export interface ResultSeries {
  readonly labels: LabelSet;
  readonly points: readonly ResultPoint[];
}

export type QueryData =
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string }
  /** One point a series; in the order of the expression (`sort`, `topk`). */
  | { readonly type: 'vector'; readonly series: readonly ResultSeries[] }
  /** Sorted by labels. */
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] };

/** What a query answers. Warnings and infos are in the words of Prometheus. */
export interface QueryResult {
  readonly data: QueryData;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** Per query: overrides of the engine's options, and a way to call it off. */
export interface QueryOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly lookbackMs?: number;
}

export interface InstantQuery extends QueryOptions {
  readonly query: string;
  readonly timeMs: number;
}

export interface RangeQuery extends QueryOptions {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Answers PromQL as Prometheus does. Throws `PromqlError` for queries that are wrong, too large, too slow or called off. */
export interface PromqlEngine {
  instant(query: InstantQuery): Promise<QueryResult>;
  range(query: RangeQuery): Promise<QueryResult>;
}

/** An engine over one source of samples. It holds nothing between queries but parsed expressions. */
export function createPromqlEngine(reader: SampleReader, options: EngineOptions = {}): PromqlEngine {
  const resolved = resolveOptions(options);
  return {
    instant: (query) => answerInstant(reader, withOverrides(resolved, query), query),
    range: (query) => answerRange(reader, withOverrides(resolved, query), query),
  };
}

function withOverrides(options: ResolvedOptions, { timeoutMs, lookbackMs }: QueryOptions): ResolvedOptions {
  const limits = {
    ...options.limits,
    timeoutMs: Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, options.limits.timeoutMs),
  };
  return { ...options, limits, lookbackMs: lookbackMs ?? options.lookbackMs };
}

async function answerInstant(
  reader: SampleReader,
  options: ResolvedOptions,
  query: InstantQuery,
): Promise<QueryResult> {
  const { expr, type } = parsePromql(query.query, options);
  const { timeMs } = query;
  const grid: Grid = { startMs: timeMs, stepMs: 1, count: 1 };
  const evaluation = await prepare(reader, options, query, expr, { startMs: timeMs, endMs: timeMs, stepMs: 0 });
  if (type === 'matrix')
    return finished(evaluation, { type: 'matrix', series: await rangeSamples(evaluation, expr, grid) });
  const value = await evaluate(evaluation, expr, grid);
  if (value.type === 'scalar') return finished(evaluation, { type: 'scalar', timeMs, value: value.values[0]! });
  if (value.type === 'string') return finished(evaluation, { type: 'string', timeMs, value: value.value });
  const series = removeDroppedNames(value.series).filter((one) => !isEmpty(one));
  return finished(evaluation, { type: 'vector', series: series.map((one) => toResult(one, grid)) });
}

async function answerRange(reader: SampleReader, options: ResolvedOptions, query: RangeQuery): Promise<QueryResult> {
  const { startMs, endMs, stepMs } = query;
  const { maxSteps } = options.limits;
  if (!(stepMs > 0))
    throw new PromqlError(
      'bad_data',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (endMs < startMs) throw new PromqlError('bad_data', 'end timestamp must not be before start time');
  const count = Math.floor((endMs - startMs) / stepMs) + 1;
  if (count > maxSteps + 1) {
    throw new PromqlError(
      'bad_data',
      `exceeded maximum resolution of ${maxSteps.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  }
  const { expr, type } = parsePromql(query.query, options);
  if (type !== 'scalar' && type !== 'vector') {
    throw new PromqlError(
      'bad_data',
      `invalid expression type "${typeName(type)}" for range query, must be Scalar or instant Vector`,
    );
  }
  const grid: Grid = { startMs, stepMs, count };
  const evaluation = await prepare(reader, options, query, expr, { startMs, endMs, stepMs });
  const value = await evaluate(evaluation, expr, grid);
  if (value.type === 'string') throw new PromqlError('bad_data', 'invalid expression type "string" for range query');
  if (value.type === 'scalar') {
    const points = Array.from(value.values, (number, step) => ({ timeMs: gridTime(grid, step), value: number }));
    return finished(evaluation, { type: 'matrix', series: [{ labels: LabelSet.EMPTY, points }] });
  }
  const series = removeDroppedNames(value.series).filter((one) => !isEmpty(one));
  series.sort((a, b) => compareLabels(a.labels, b.labels));
  return finished(evaluation, { type: 'matrix', series: series.map((one) => toResult(one, grid)) });
}

async function prepare(
  reader: SampleReader,
  options: ResolvedOptions,
  query: { readonly query: string } & QueryOptions,
  expr: Expr,
  times: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
): Promise<Evaluation> {
  const stop = { signal: query.signal, deadline: performance.now() + options.limits.timeoutMs };
  const selected = await loadSelectors(reader, expr, times, options, stop);
  return new Evaluation({ options, notes: new Notes(query.query), selected, ...times, ...stop });
}

/** The samples of a range at one time, as they are. */
async function rangeSamples(evaluation: Evaluation, expr: Expr, grid: Grid): Promise<ResultSeries[]> {
  const node = unwrapParens(expr);
  if (node.kind !== 'matrix' && node.kind !== 'subquery')
    throw new PromqlError('execution', 'expected a range vector', expr.range);
  const source =
    node.kind === 'matrix'
      ? rangeOfSelector(evaluation, node)
      : await rangeOfSubquery(evaluation, node, grid, async (inner) => {
          const value = await evaluate(evaluation, node.expr, inner);
          return value.type === 'vector' ? removeDroppedNames(value.series) : [];
        });
  const endMs = (source.fixedMs ?? grid.startMs) - source.offsetMs;
  const startMs = endMs - source.rangeMs;
  const inside = (time: number) => time <= endMs && (source.leftOpen ? time > startMs : time >= startMs);
  const results: ResultSeries[] = [];
  for (const columns of source.series) {
    const points = pointsOf(columns).filter((point) => inside(point.timeMs));
    if (points.length > 0) results.push({ labels: columns.labels, points });
  }
  return results.sort((a, b) => compareLabels(a.labels, b.labels));
}

function pointsOf({ floatTimes, floats, histogramTimes, histograms }: RangeColumns): ResultPoint[] {
  const points: ResultPoint[] = Array.from(floatTimes, (timeMs, i) => ({ timeMs, value: floats[i]! }));
  for (const [i, histogram] of histograms.entries()) points.push({ timeMs: histogramTimes[i]!, value: 0, histogram });
  return points.sort((a, b) => a.timeMs - b.timeMs);
}

function toResult(series: StepSeries, grid: Grid): ResultSeries {
  const points: ResultPoint[] = [];
  for (let step = 0; step < grid.count; step += 1) {
    if (series.kinds[step] === ABSENT) continue;
    const timeMs = gridTime(grid, step);
    if (series.kinds[step] === FLOAT) points.push({ timeMs, value: series.values[step]! });
    else points.push({ timeMs, value: 0, histogram: series.histograms![step]! });
  }
  return { labels: series.labels, points };
}

function finished({ notes }: Evaluation, data: QueryData): QueryResult {
  return { data, warnings: notes.warnings, infos: notes.infos };
}
