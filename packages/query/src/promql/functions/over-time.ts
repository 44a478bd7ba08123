import { KahanMean, KahanSum } from '../eval/kahan-sum.js';
import { quantileOf } from '../eval/quantile.js';
import { averageHistograms, sumHistograms } from '../histogram/aggregate-histograms.js';
import type { RangeFunction, RangeWindow } from './range-window.js';

const sum = new KahanSum();
const mean = new KahanMean();

export const sumOverTime: RangeFunction = (window) => {
  if (window.refuseMixed()) return;
  if (window.floatCount === 0) return histogramsOverTime(window, sumHistograms);
  const { floats } = window.columns;
  sum.reset(0);
  for (let i = window.floatFrom; i < window.floatTo; i += 1) sum.add(floats[i]!);
  window.setFloat(sum.total);
};

export const avgOverTime: RangeFunction = (window) => {
  if (window.refuseMixed()) return;
  if (window.floatCount === 0) return histogramsOverTime(window, averageHistograms);
  const { floats } = window.columns;
  mean.reset();
  for (let i = window.floatFrom; i < window.floatTo; i += 1) mean.add(floats[i]!);
  window.setFloat(mean.mean);
};

export const countOverTime: RangeFunction = (window) => window.setFloat(window.floatCount + window.histogramCount);
export const presentOverTime: RangeFunction = (window) => window.setFloat(1);

export const firstOverTime: RangeFunction = (window) => {
  const { columns, floatFrom, histogramFrom } = window;
  const float = window.floatCount > 0 ? columns.floatTimes[floatFrom]! : Number.POSITIVE_INFINITY;
  const histogram = window.histogramCount > 0 ? columns.histogramTimes[histogramFrom]! : Number.POSITIVE_INFINITY;
  if (float < histogram) window.setFloat(columns.floats[floatFrom]!);
  else window.setHistogram(columns.histograms[histogramFrom]!);
};

export const lastOverTime: RangeFunction = (window) => {
  const { columns, floatTo, histogramTo } = window;
  const float = window.floatCount > 0 ? columns.floatTimes[floatTo - 1]! : Number.NEGATIVE_INFINITY;
  const histogram = window.histogramCount > 0 ? columns.histogramTimes[histogramTo - 1]! : Number.NEGATIVE_INFINITY;
  if (float > histogram) window.setFloat(columns.floats[floatTo - 1]!);
  else window.setHistogram(columns.histograms[histogramTo - 1]!);
};

export const tsOfFirstOverTime: RangeFunction = (window) => {
  const { columns } = window;
  const float = window.floatCount > 0 ? columns.floatTimes[window.floatFrom]! : Number.POSITIVE_INFINITY;
  const histogram =
    window.histogramCount > 0 ? columns.histogramTimes[window.histogramFrom]! : Number.POSITIVE_INFINITY;
  window.setFloat(Math.min(float, histogram) / 1000);
};

export const tsOfLastOverTime: RangeFunction = (window) => {
  const { columns } = window;
  const float = window.floatCount > 0 ? columns.floatTimes[window.floatTo - 1]! : Number.NEGATIVE_INFINITY;
  const histogram =
    window.histogramCount > 0 ? columns.histogramTimes[window.histogramTo - 1]! : Number.NEGATIVE_INFINITY;
  window.setFloat(Math.max(float, histogram) / 1000);
};

export const maxOverTime = extreme(1, false, false);
export const minOverTime = extreme(-1, false, false);
export const tsOfMaxOverTime = extreme(1, true, true);
export const tsOfMinOverTime = extreme(-1, true, true);

export const stdvarOverTime: RangeFunction = (window) => variance(window, (value) => value);
export const stddevOverTime: RangeFunction = (window) => variance(window, Math.sqrt);

export const quantileOverTime: RangeFunction = (window) => {
  if (window.floatCount === 0) return;
  const q = window.args[0]!;
  if (!(q >= 0 && q <= 1)) window.evaluation.notes.invalidQuantile(q, window.firstRange);
  window.noteIgnoredHistograms();
  window.setFloat(quantileOf(q, floatsOf(window), window.floatCount));
};

export const madOverTime: RangeFunction = (window) => {
  if (window.floatCount === 0) return;
  window.noteIgnoredHistograms();
  const count = window.floatCount;
  const values = floatsOf(window);
  for (let i = 0; i < count; i += 1) if (Number.isNaN(values[i]!)) return window.setFloat(Number.NaN);
  const median = quantileOf(0.5, values, count);
  for (let i = 0; i < count; i += 1) values[i] = Math.abs(values[i]! - median);
  window.setFloat(quantileOf(0.5, values, count));
};

/** One for all windows: its memory is used again. */
let copied = new Float64Array(1024);

/** A copy of the window's numbers, with more behind them. */
function floatsOf(window: RangeWindow): Float64Array {
  const { floats } = window.columns;
  const { floatFrom, floatTo } = window;
  const count = floatTo - floatFrom;
  if (count > copied.length) copied = new Float64Array(count);
  for (let i = 0; i < count; i += 1) copied[i] = floats[floatFrom + i]!;
  return copied;
}

/** `sign` 1 looks for the largest, -1 for the smallest. Of equal ones the first counts, or the last. */
function extreme(sign: 1 | -1, time: boolean, last: boolean): RangeFunction {
  return (window) => {
    if (window.floatCount === 0) return;
    window.noteIgnoredHistograms();
    const { floats, floatTimes } = window.columns;
    let at = window.floatFrom;
    let best = floats[at]!;
    for (let i = at + 1; i < window.floatTo; i += 1) {
      const value = floats[i]!;
      if ((sign > 0 ? value > best : value < best) || Number.isNaN(best) || (last && value === best)) {
        best = value;
        at = i;
      }
    }
    window.setFloat(time ? floatTimes[at]! / 1000 : best);
  };
}

const meanOf = new KahanSum();
const squares = new KahanSum();

function variance(window: RangeWindow, finish: (variance: number) => number): void {
  if (window.floatCount === 0) return;
  window.noteIgnoredHistograms();
  const { floats } = window.columns;
  meanOf.reset(0);
  squares.reset(0);
  let count = 0;
  for (let i = window.floatFrom; i < window.floatTo; i += 1) {
    count += 1;
    const value = floats[i]!;
    const delta = value - (meanOf.sum + meanOf.lost);
    meanOf.add(delta / count);
    squares.add(delta * (value - (meanOf.sum + meanOf.lost)));
  }
  window.setFloat(finish((squares.sum + squares.lost) / count));
}

function histogramsOverTime(window: RangeWindow, combine: typeof sumHistograms): void {
  const { histograms } = window.columns;
  const combined = combine(histograms.slice(window.histogramFrom, window.histogramTo));
  const { notes } = window.evaluation;
  if (combined.resetCollision) notes.resetCollision('aggregation', window.range);
  if (combined.reconciled) notes.boundsReconciled('aggregation', window.range);
  if (combined.histogram === undefined) notes.mixedSchemas(window.metricName, window.range);
  else window.setHistogram(combined.histogram);
}
