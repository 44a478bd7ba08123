import type { EngineOptions, ResolvedOptions } from './engine-options.js';
import { resolveOptions } from './engine-options.js';
import { evaluate } from './eval/evaluate.js';
import { Evaluation } from './eval/evaluation.js';
import { loadSelectors } from './eval/load.js';
import { Notes } from './eval/notes.js';
import type { RangeColumns } from './eval/range-columns.js';
import { rangeOfSelector, rangeOfSubquery } from './eval/range-columns.js';
import type { Grid, StepSeries } from './eval/step-series.js';
import { ABSENT, gridTime, isEmpty } from './eval/step-series.js';
import { removeDroppedNames } from './eval/vector-functions.js';
import type { NativeHistogram } from './histogram/native-histogram.js';
import { compareLabels, LabelSet } from './labels/label-set.js';
import type { SampleReader } from './sample-reader.js';
import type { Expr } from './syntax/ast.js';
import { unwrapParens } from './syntax/ast.js';
import { typeName } from './syntax/check-types.js';
import { parsePromql } from './syntax/parse-promql.js';
import { PromqlError } from './syntax/promql-error.js';

/** A series of an answer, column by column, ascending in time. */
export interface ResultSeries {
  readonly labels: LabelSet;
  /** Milliseconds since the epoch; series may share the array. */
  readonly timestampsMs: Float64Array;
  /** As many as there are timestamps; not looked at where there is a histogram. */
  readonly values: Float64Array;
  /** Where the series has any: as many as there are timestamps, `undefined` where the sample is a number. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
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
  readonly stats: QueryStats;
}

/** What a query took. */
export interface QueryStats {
  /** Until all samples were there. */
  readonly loadMs: number;
  /** From then on. */
  readonly evalMs: number;
  /** Samples that were looked at; those in several windows count in each. */
  readonly lookedAt: number;
  /** Samples and points that were in memory at once, at most. */
  readonly held: number;
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
  const run = await prepare(reader, options, query, expr, { startMs: timeMs, endMs: timeMs, stepMs: 0 });
  const { evaluation } = run;
  if (type === 'matrix') return finished(run, { type: 'matrix', series: await rangeSamples(evaluation, expr, grid) });
  const value = await evaluate(evaluation, expr, grid);
  if (value.type === 'scalar') return finished(run, { type: 'scalar', timeMs, value: value.values[0]! });
  if (value.type === 'string') return finished(run, { type: 'string', timeMs, value: value.value });
  const series = removeDroppedNames(value.series).filter((one) => !isEmpty(one));
  return finished(run, { type: 'vector', series: toResults(series, grid) });
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
  const run = await prepare(reader, options, query, expr, { startMs, endMs, stepMs });
  const { evaluation } = run;
  const value = await evaluate(evaluation, expr, grid);
  if (value.type === 'string') throw new PromqlError('bad_data', 'invalid expression type "string" for range query');
  if (value.type === 'scalar') {
    const timestampsMs = gridTimes(grid);
    return finished(run, {
      type: 'matrix',
      series: [{ labels: LabelSet.EMPTY, timestampsMs, values: value.values }],
    });
  }
  const series = removeDroppedNames(value.series).filter((one) => !isEmpty(one));
  series.sort((a, b) => compareLabels(a.labels, b.labels));
  return finished(run, { type: 'matrix', series: toResults(series, grid) });
}

/** A query that is being answered. */
interface Run {
  readonly evaluation: Evaluation;
  readonly loaded: number;
  readonly beganMs: number;
  readonly loadedMs: number;
}

async function prepare(
  reader: SampleReader,
  options: ResolvedOptions,
  query: { readonly query: string } & QueryOptions,
  expr: Expr,
  times: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
): Promise<Run> {
  const beganMs = performance.now();
  const stop = { signal: query.signal, deadline: beganMs + options.limits.timeoutMs };
  const { selected, samples } = await loadSelectors(reader, expr, times, options, stop);
  const evaluation = new Evaluation({ options, notes: new Notes(query.query), selected, ...times, ...stop });
  return { evaluation, loaded: samples, beganMs, loadedMs: performance.now() };
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
    if (points.length === 0) continue;
    results.push({
      labels: columns.labels,
      timestampsMs: Float64Array.from(points, (point) => point.timeMs),
      values: Float64Array.from(points, (point) => point.value),
      ...(points.some((point) => point.histogram !== undefined)
        ? { histograms: points.map((point) => point.histogram) }
        : {}),
    });
  }
  return results.sort((a, b) => compareLabels(a.labels, b.labels));
}

interface Point {
  readonly timeMs: number;
  readonly value: number;
  readonly histogram?: NativeHistogram;
}

function pointsOf({ floatTimes, floats, histogramTimes, histograms }: RangeColumns): Point[] {
  const points: Point[] = Array.from(floatTimes, (timeMs, i) => ({ timeMs, value: floats[i]! }));
  for (const [i, histogram] of histograms.entries()) points.push({ timeMs: histogramTimes[i]!, value: 0, histogram });
  return points.sort((a, b) => a.timeMs - b.timeMs);
}

function gridTimes(grid: Grid): Float64Array {
  return Float64Array.from({ length: grid.count }, (_, step) => gridTime(grid, step));
}

function toResults(series: readonly StepSeries[], grid: Grid): ResultSeries[] {
  const times = gridTimes(grid);
  return series.map(({ labels, kinds, values, histograms }) => {
    const all = kinds.includes(ABSENT) ? undefined : { timestampsMs: times, values };
    const steps = all === undefined ? presentSteps(kinds) : undefined;
    const columns = all ?? {
      timestampsMs: Float64Array.from(steps!, (step) => times[step]!),
      values: Float64Array.from(steps!, (step) => values[step]!),
    };
    if (histograms === undefined) return { labels, ...columns };
    return { labels, ...columns, histograms: Array.from(steps ?? kinds.keys(), (step) => histograms[step]) };
  });
}

function presentSteps(kinds: Uint8Array): Uint32Array {
  const steps = new Uint32Array(kinds.length);
  let count = 0;
  for (let step = 0; step < kinds.length; step += 1) {
    if (kinds[step] === ABSENT) continue;
    steps[count] = step;
    count += 1;
  }
  return steps.subarray(0, count);
}

function finished({ evaluation, loaded, beganMs, loadedMs }: Run, data: QueryData): QueryResult {
  const { notes, lookedAt, points } = evaluation;
  const stats = {
    loadMs: loadedMs - beganMs,
    evalMs: performance.now() - loadedMs,
    lookedAt,
    held: loaded + points,
  };
  return { data, warnings: notes.warnings, infos: notes.infos, stats };
}
