import { CUSTOM_SCHEMA } from '../histogram/bucket-bounds.js';
import type { Combined } from '../histogram/combine-histograms.js';
import { addHistograms, detectReset, subtractHistograms } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { scale, withHint } from '../histogram/native-histogram.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { VectorSelector } from '../syntax/ast.js';
import type { Evaluation, LoadedSeries } from './evaluation.js';
import type { RangeColumns } from './range-columns.js';
import { columnsOf } from './range-columns.js';
import type { Grid, StepSeries } from './step-series.js';
import { createStepSeries, gridTime, setFloat, setHistogram } from './step-series.js';
import { atMs, offsetMs } from './time-range.js';

/** The value of each series at each step, between two samples in proportion (`smoothed`, experimental in Prometheus). */
export async function selectSmoothed(
  evaluation: Evaluation,
  selector: VectorSelector,
  grid: Grid,
): Promise<StepSeries[]> {
  const fixed = atMs(selector, evaluation);
  const offset = offsetMs(selector, evaluation);
  const selected: StepSeries[] = [];
  for (const series of evaluation.selected.get(selector) ?? []) {
    if (evaluation.due) await evaluation.breathe();
    evaluation.reserve(grid.count);
    const result = smoothSeries(evaluation, selector, series, grid, (step) => (fixed ?? gridTime(grid, step)) - offset);
    if (result !== undefined) selected.push(result);
  }
  return selected;
}

function smoothSeries(
  evaluation: Evaluation,
  selector: VectorSelector,
  series: LoadedSeries,
  grid: Grid,
  timeOf: (step: number) => number,
): StepSeries | undefined {
  const columns = columnsOf(series);
  const { lookbackMs } = evaluation.options;
  const result = createStepSeries(series.labels, grid.count);
  let any = false;
  for (let step = 0; step < grid.count; step += 1) {
    const time = timeOf(step);
    const near = (times: Float64Array) => times.some((at) => at > time - lookbackMs && at <= time + lookbackMs);
    const hasHistograms = near(columns.histogramTimes);
    if (hasHistograms && near(columns.floatTimes)) {
      evaluation.notes.mixedTypes(series.labels.get(METRIC_NAME), selector.range);
      continue;
    }
    if (hasHistograms) {
      const histogram = histogramAt(evaluation, selector, columns, time, lookbackMs);
      if (histogram === undefined) continue;
      setHistogram(result, step, histogram);
    } else {
      const value = floatAt(columns, time, lookbackMs);
      if (value === undefined) continue;
      setFloat(result, step, value);
    }
    any = true;
  }
  return any ? result : undefined;
}

/** The samples around a time: the first at or after it, and the last before it, within the look back. */
function around(
  times: Float64Array,
  time: number,
  lookbackMs: number,
): { readonly before: number; readonly after: number } {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! >= time) high = middle;
    else low = middle + 1;
  }
  const before = low > 0 && times[low - 1]! > time - lookbackMs ? low - 1 : -1;
  const after = low < times.length && times[low]! <= time + lookbackMs ? low : -1;
  return { before, after };
}

function floatAt({ floats, floatTimes: times }: RangeColumns, time: number, lookbackMs: number): number | undefined {
  const { before, after } = around(times, time, lookbackMs);
  if (after >= 0 && times[after] === time) return floats[after]!;
  if (before < 0) return undefined;
  if (after < 0) return floats[before]!;
  return (
    floats[before]! + ((floats[after]! - floats[before]!) * (time - times[before]!)) / (times[after]! - times[before]!)
  );
}

function histogramAt(
  evaluation: Evaluation,
  selector: VectorSelector,
  columns: RangeColumns,
  time: number,
  lookbackMs: number,
): NativeHistogram | undefined {
  const { histograms, histogramTimes: times } = columns;
  const { before, after } = around(times, time, lookbackMs);
  if (after >= 0 && times[after] === time) return histograms[after]!;
  if (before < 0) return undefined;
  const previous = histograms[before]!;
  if (after < 0) return withHint(previous, 'unknown');
  const next = histograms[after]!;
  const { notes } = evaluation;
  if ((previous.schema === CUSTOM_SCHEMA) !== (next.schema === CUSTOM_SCHEMA)) {
    notes.mixedSchemas(columns.labels.get(METRIC_NAME), selector.range);
    return undefined;
  }
  const fraction = (time - times[before]!) / (times[after]! - times[before]!);
  const isCounter = previous.resetHint !== 'gauge' || next.resetHint !== 'gauge';
  if (isCounter && detectReset(next, previous)) return scale(next, fraction);
  const noted = (combined: Combined, operation: string) => {
    if (combined.reconciled) notes.boundsReconciled(operation, selector.range);
    return combined.histogram!;
  };
  const change = noted(subtractHistograms(next, previous), 'subtraction');
  return noted(addHistograms(scale(change, fraction), previous), 'addition');
}
