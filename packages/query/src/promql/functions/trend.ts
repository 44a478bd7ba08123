import { KahanSum } from '../eval/kahan-sum.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { RangeFunction, RangeWindow } from './range-window.js';

/** The slope of a line through the numbers, per second. */
export const deriv: RangeFunction = (window) => {
  if (tooFew(window)) return;
  window.noteIgnoredHistograms();
  window.setFloat(fitLine(window, window.columns.floatTimes[window.floatFrom]!).slope);
};

/** Where the line through the numbers will be some seconds after the step. */
export const predictLinear: RangeFunction = (window) => {
  if (tooFew(window)) return;
  window.noteIgnoredHistograms();
  const { slope, intercept } = fitLine(window, window.stepMs);
  window.setFloat(slope * window.args[0]! + intercept);
};

/** Holt's method of smoothing level and trend. */
export const doubleExponentialSmoothing: RangeFunction = (window) => {
  const [smoothing, trending] = window.args as [number, number];
  if (!(smoothing > 0 && smoothing < 1)) {
    throw new PromqlError('execution', `invalid smoothing factor. Expected: 0 < sf < 1, got: ${smoothing.toFixed(6)}`);
  }
  if (!(trending > 0 && trending < 1)) {
    throw new PromqlError('execution', `invalid trend factor. Expected: 0 < tf < 1, got: ${trending.toFixed(6)}`);
  }
  if (tooFew(window)) return;
  window.noteIgnoredHistograms();
  const { floats } = window.columns;
  let before = 0;
  let level = floats[window.floatFrom]!;
  let trend = floats[window.floatFrom + 1]! - level;
  for (let i = window.floatFrom + 1; i < window.floatTo; i += 1) {
    if (i > window.floatFrom + 1) trend = trending * (level - before) + (1 - trending) * trend;
    const next = smoothing * floats[i]! + (1 - smoothing) * (level + trend);
    before = level;
    level = next;
  }
  window.setFloat(level);
};

function tooFew(window: RangeWindow): boolean {
  if (window.floatCount >= 2) return false;
  if (window.floatCount === 1) window.noteIgnoredHistograms();
  return true;
}

const sumX = new KahanSum();
const sumY = new KahanSum();
const sumXY = new KahanSum();
const sumX2 = new KahanSum();

/** The line of least squares; `intercept` is its value at the given time. */
function fitLine(window: RangeWindow, interceptMs: number): { slope: number; intercept: number } {
  const { floats, floatTimes } = window.columns;
  for (const sum of [sumX, sumY, sumXY, sumX2]) sum.reset(0);
  const first = floats[window.floatFrom]!;
  let constant = true;
  for (let i = window.floatFrom; i < window.floatTo; i += 1) {
    const y = floats[i]!;
    if (y !== first) constant = false;
    const x = (floatTimes[i]! - interceptMs) / 1000;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumX2.add(x * x);
  }
  if (constant)
    return Number.isFinite(first) || Number.isNaN(first)
      ? { slope: 0, intercept: first }
      : { slope: Number.NaN, intercept: Number.NaN };
  const n = window.floatCount;
  const x = sumX.sum + sumX.lost;
  const y = sumY.sum + sumY.lost;
  const covariance = sumXY.sum + sumXY.lost - (x * y) / n;
  const variance = sumX2.sum + sumX2.lost - (x * x) / n;
  const slope = covariance / variance;
  return { slope, intercept: y / n - (slope * x) / n };
}
