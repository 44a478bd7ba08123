import type { RangeFunction } from '../functions/range-window.js';
import { RangeWindow } from '../functions/range-window.js';
import type { Call, Expr } from '../syntax/ast.js';
import type { Evaluation } from './evaluation.js';
import type { RangeColumns, RangeSource } from './range-columns.js';
import type { Grid, StepSeries } from './step-series.js';
import { createStepSeries, gridTime, setFloat, setHistogram } from './step-series.js';

export interface RangeCall {
  readonly call: Call;
  readonly rangeArg: Expr;
  readonly source: RangeSource;
  /** The other arguments, for each step. */
  readonly scalars: readonly Float64Array[];
  readonly apply: RangeFunction;
}

/** Slides a window over each series, from step to step, and asks the function about it. */
export async function evaluateRangeFunction(
  evaluation: Evaluation,
  grid: Grid,
  call: RangeCall,
): Promise<StepSeries[]> {
  const { source } = call;
  const results: StepSeries[] = [];
  const ranges = { range: call.rangeArg.range, callRange: call.call.range, firstRange: call.call.args[0]!.range };
  let window: RangeWindow | undefined;
  for (const columns of source.series) {
    if (evaluation.due) await evaluation.breathe();
    evaluation.reserve(grid.count);
    window ??= new RangeWindow(evaluation, columns, ranges);
    window.columns = columns;
    window.rangeMs = source.rangeMs;
    window.mode = source.mode;
    const series = createStepSeries(columns.labels, grid.count, columns.dropName);
    if (slide(window, series, grid, call)) results.push(series);
  }
  return results;
}

function slide(window: RangeWindow, series: StepSeries, grid: Grid, call: RangeCall): boolean {
  const { source, scalars, apply } = call;
  const { columns } = window;
  const { floatTimes, histogramTimes } = columns;
  const lookback = source.mode === undefined ? 0 : window.evaluation.options.lookbackMs;
  const after = source.mode === 'smoothed' ? lookback : 0;
  const hasHistograms = histogramTimes.length > 0;
  // A sample at the left end belongs to the window where it is closed.
  const open = source.leftOpen;
  let any = false;
  let lookedAt = 0;
  let floatFrom = 0;
  let floatTo = 0;
  let histogramFrom = 0;
  let histogramTo = 0;
  for (let step = 0; step < grid.count; step += 1) {
    const stepMs = gridTime(grid, step);
    const endMs = (source.fixedMs ?? stepMs) - source.offsetMs;
    const startMs = endMs - source.rangeMs;
    const outerStart = startMs - lookback;
    const outerEnd = endMs + after;
    while (floatTo < floatTimes.length && floatTimes[floatTo]! <= outerEnd) floatTo += 1;
    while (floatFrom < floatTo && isBefore(floatTimes[floatFrom]!, outerStart, open)) floatFrom += 1;
    if (hasHistograms) {
      while (histogramTo < histogramTimes.length && histogramTimes[histogramTo]! <= outerEnd) histogramTo += 1;
      while (histogramFrom < histogramTo && isBefore(histogramTimes[histogramFrom]!, outerStart, open))
        histogramFrom += 1;
    }
    if (floatFrom === floatTo && histogramFrom === histogramTo) continue;
    lookedAt += floatTo - floatFrom + histogramTo - histogramFrom;
    window.floatFrom = floatFrom;
    window.floatTo = floatTo;
    window.histogramFrom = histogramFrom;
    window.histogramTo = histogramTo;
    window.startMs = startMs;
    window.endMs = endMs;
    window.stepMs = stepMs;
    for (let i = 0; i < scalars.length; i += 1) window.args[i] = scalars[i]![step]!;
    if (source.mode !== undefined) trimToBorders(window);
    if (window.floatFrom === window.floatTo && window.histogramFrom === window.histogramTo) continue;
    window.answered = 'nothing';
    apply(window);
    if (window.answered === 'nothing') continue;
    any = true;
    if (window.answered === 'float') setFloat(series, step, window.float);
    else setHistogram(series, step, window.histogram!);
  }
  window.evaluation.lookedAt += lookedAt;
  return any;
}

function isBefore(time: number, start: number, open: boolean): boolean {
  return open ? time <= start : time < start;
}

/** Of what is outside an anchored or smoothed window only the nearest samples count. */
function trimToBorders(window: RangeWindow): void {
  const { floatTimes, histogramTimes } = window.columns;
  const [floatFrom, floatTo] = trimmed(floatTimes, window.floatFrom, window.floatTo, window);
  const [histogramFrom, histogramTo] = trimmed(histogramTimes, window.histogramFrom, window.histogramTo, window);
  window.floatFrom = floatFrom;
  window.floatTo = floatTo;
  window.histogramFrom = histogramFrom;
  window.histogramTo = histogramTo;
}

function trimmed(times: Float64Array, from: number, to: number, window: RangeWindow): readonly [number, number] {
  let first = from;
  while (first + 1 < to && times[first + 1]! <= window.startMs) first += 1;
  let end = to;
  while (end - 2 >= first && times[end - 2]! >= window.endMs) end -= 1;
  return [first, end];
}

/** For the series of the whole call: what `absent_over_time` asks. */
export function windowsOccupied(columns: RangeColumns, source: RangeSource, grid: Grid, occupied: Uint8Array): void {
  for (const times of [columns.floatTimes, columns.histogramTimes]) {
    let next = 0;
    for (let step = 0; step < grid.count; step += 1) {
      const endMs = (source.fixedMs ?? gridTime(grid, step)) - source.offsetMs;
      while (next < times.length && times[next]! <= endMs) next += 1;
      if (next > 0 && !isBefore(times[next - 1]!, endMs - source.rangeMs, source.leftOpen)) occupied[step] = 1;
    }
  }
}
