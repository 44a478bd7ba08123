import type { ResolvedOptions } from '../engine-options.js';
import { LabelSet } from '../labels/label-set.js';
import type { SampleReader, SelectHints } from '../sample-reader.js';
import { findStale } from '../sample-reader.js';
import type { Expr, VectorSelector } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { LoadedSeries } from './evaluation.js';
import { checkStopped } from './evaluation.js';
import { infoSelector } from './info-selector.js';
import { atMs, offsetMs, positiveMs, type QueryTimes, subqueryGrid } from './time-range.js';

interface Wanted {
  readonly selector: VectorSelector;
  readonly fromMs: number;
  readonly toMs: number;
  readonly rangeMs: number;
  readonly functionName: string;
  readonly times: SelectHints['times'] | undefined;
}

/** The series of each selector, and how many samples that are together. */
export interface LoadedSelectors {
  readonly selected: ReadonlyMap<VectorSelector, readonly LoadedSeries[]>;
  readonly samples: number;
}

/** Reads the samples of all selectors of a query, before it is evaluated. */
export async function loadSelectors(
  reader: SampleReader,
  expr: Expr,
  times: QueryTimes,
  options: ResolvedOptions,
  stop: { readonly signal: AbortSignal | undefined; readonly deadline: number },
): Promise<LoadedSelectors> {
  const wanted: Wanted[] = [];
  collect(expr, times, '', times, options, wanted);
  const loaded = new Map<VectorSelector, readonly LoadedSeries[]>();
  const { maxSeries, maxSamples, timeoutMs } = options.limits;
  let left = maxSamples;
  const labelSets = new Map<object, LabelSet>();
  for (const want of wanted) {
    checkStopped(stop.signal, stop.deadline, timeoutMs);
    const limits = { maxSeries, maxSamples: left, ...(stop.signal === undefined ? {} : { signal: stop.signal }) };
    const { rangeMs, functionName, times: asked } = want;
    const hints = { stepMs: times.stepMs, rangeMs, functionName, ...(asked === undefined ? {} : { times: asked }) };
    const outcome = await reader.select(want.selector.matchers, want, limits, hints);
    if (outcome.kind === 'too_large') throw new PromqlError('too_large', outcome.message);
    const series: LoadedSeries[] = [];
    if (outcome.series.length > maxSeries) {
      throw new PromqlError('too_large', `query reads more than ${maxSeries} series`);
    }
    for (const one of outcome.series) {
      left -= one.timestampsMs.length;
      if (left < 0)
        throw new PromqlError(
          'too_large',
          'query processing would load too many samples into memory in query execution',
        );
      let labels = labelSets.get(one.labels);
      if (labels === undefined) {
        labels = new LabelSet(one.labels);
        labelSets.set(one.labels, labels);
      }
      series.push({
        labels,
        timestampsMs: one.timestampsMs,
        values: one.values,
        histograms: one.histograms,
        startTimestampsMs: one.startTimestampsMs,
        stale: findStale(one.values),
      });
    }
    loaded.set(want.selector, series);
  }
  return { selected: loaded, samples: maxSamples - left };
}

function collect(
  expr: Expr,
  /** When it is evaluated. */
  grid: QueryTimes,
  functionName: string,
  times: QueryTimes,
  options: ResolvedOptions,
  wanted: Wanted[],
): void {
  const inner = (child: Expr, name = functionName) => collect(child, grid, name, times, options, wanted);
  switch (expr.kind) {
    case 'number':
    case 'string':
      return;
    case 'selector':
      wanted.push(want(expr, 0, grid, functionName, times, options));
      return;
    case 'matrix':
      wanted.push(want(expr.selector, positiveMs(expr.duration, times), grid, functionName, times, options));
      return;
    case 'subquery': {
      const fixed = atMs(expr, times);
      const offset = offsetMs(expr, times);
      const rangeMs = positiveMs(expr.duration, times);
      const stepMs = expr.step === undefined ? options.subqueryStepMs : positiveMs(expr.step, times);
      const { startMs, count } = subqueryGrid(
        (fixed ?? grid.startMs) - offset,
        (fixed ?? grid.endMs) - offset,
        rangeMs,
        stepMs,
        options.leftOpen,
      );
      const endMs = startMs + Math.max(0, count - 1) * stepMs;
      collect(expr.expr, { startMs, endMs, stepMs }, '', times, options, wanted);
      return;
    }
    case 'paren':
    case 'unary':
      inner(expr.expr);
      return;
    case 'call':
      if (expr.name === 'info') {
        inner(expr.args[0]!, expr.name);
        inner(infoSelector(expr), expr.name);
        return;
      }
      for (const arg of expr.args) inner(arg, expr.name);
      return;
    case 'aggregation':
      inner(expr.expr, expr.operator);
      if (expr.parameter !== undefined) inner(expr.parameter, '');
      return;
    case 'binary':
      inner(expr.left, '');
      inner(expr.right, '');
  }
}

function want(
  selector: VectorSelector,
  rangeMs: number,
  { startMs, endMs, stepMs }: QueryTimes,
  functionName: string,
  times: QueryTimes,
  options: ResolvedOptions,
): Wanted {
  const fixed = atMs(selector, times);
  const offset = offsetMs(selector, times);
  // What is before the range, and after it, fills in its borders.
  const before =
    selector.mode === undefined ? (rangeMs === 0 ? options.lookbackMs : rangeMs) : rangeMs + options.lookbackMs;
  const after = selector.mode === 'smoothed' ? options.lookbackMs : 0;
  const fromMs = (fixed ?? startMs) - offset - before + (options.leftOpen && selector.mode === undefined ? 1 : 0);
  const toMs = (fixed ?? endMs) - offset + after;
  const firstMs = (fixed ?? startMs) - offset;
  const count = fixed === undefined && stepMs > 0 ? Math.floor((endMs - startMs) / stepMs) + 1 : 1;
  const isWhole = [firstMs, stepMs, rangeMs].every(Number.isSafeInteger);
  const asked = selector.mode === undefined && isWhole ? { firstMs, stepMs, count } : undefined;
  return { selector, fromMs, toMs, rangeMs, functionName, times: asked };
}
