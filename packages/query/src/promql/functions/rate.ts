import { detectReset } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { scale } from '../histogram/native-histogram.js';
import { beganAnew, noteOverlap } from './counter-start.js';
import { extendedRate } from './extended-rate.js';
import { histogramIncrease } from './histogram-rate.js';
import { addNoted, subtractNoted } from './noted-histograms.js';
import type { RangeFunction, RangeWindow } from './range-window.js';

export const rate: RangeFunction = (window) => extrapolated(window, true, true);
export const increase: RangeFunction = (window) => extrapolated(window, true, false);
export const delta: RangeFunction = (window) => extrapolated(window, false, false);
export const irate: RangeFunction = (window) => lastTwo(window, true);
export const idelta: RangeFunction = (window) => lastTwo(window, false);

/**
 * The increase of the samples, extrapolated to the ends of the window: to where the next sample would have been, half an
 * interval where that is outside, and for a counter not beyond where it would have been zero.
 */
function extrapolated(window: RangeWindow, isCounter: boolean, isRate: boolean): void {
  if (window.refuseMixed()) return;
  if (window.mode !== undefined) {
    extendedRate(window, isCounter, isRate);
    return;
  }
  const { columns } = window;
  const isHistogram = window.histogramCount > 0;
  const times = isHistogram ? columns.histogramTimes : columns.floatTimes;
  const starts = isHistogram ? columns.histogramStarts : columns.floatStarts;
  const from = isHistogram ? window.histogramFrom : window.floatFrom;
  const to = isHistogram ? window.histogramTo : window.floatTo;
  const gaps = to - from - 1;
  let increase = 0;
  let histogram: NativeHistogram | undefined;
  if (isHistogram) {
    if (gaps > 0) {
      histogram = histogramIncrease(window, isCounter);
      if (histogram === undefined) return;
    }
  } else {
    increase = floatIncrease(window, isCounter);
  }
  const firstMs = times[from]!;
  const lastMs = times[to - 1]!;
  let toStart = (firstMs - window.startMs) / 1000;
  let toEnd = (window.endMs - lastMs) / 1000;
  let sampled = (lastMs - firstMs) / 1000;
  const average = gaps > 0 ? sampled / gaps : 0;
  const threshold = average * 1.1;
  const start = starts?.[from] ?? 0;
  const firstValue = isHistogram ? columns.histograms[from]!.count : columns.floats[from]!;
  if (isCounter && start !== 0 && start > window.startMs && start < firstMs) {
    // The counter is known to have begun within the window: nothing is guessed at its start.
    toStart = 0;
    sampled = (lastMs - start) / 1000;
    if (!isHistogram) increase += firstValue;
    else {
      histogram =
        histogram === undefined ? columns.histograms[from]! : addNoted(window, histogram, columns.histograms[from]!);
      if (histogram === undefined) return;
    }
  } else if (gaps === 0) {
    return;
  } else {
    if (toStart >= threshold) toStart = average / 2;
    const total = histogram === undefined ? increase : histogram.count;
    if (isCounter && total > 0 && firstValue >= 0) toStart = Math.min(toStart, sampled * (firstValue / total));
  }
  if (toEnd >= threshold) toEnd = average / 2;
  let factor = sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
  if (isRate) factor /= window.rangeMs / 1000;
  if (histogram === undefined) window.setFloat(increase * factor);
  else window.setHistogram(scale(histogram, factor));
}

/** Last minus first, plus what was counted before each reset. */
function floatIncrease(window: RangeWindow, isCounter: boolean): number {
  const { floats, floatTimes, floatStarts } = window.columns;
  const { floatFrom, floatTo } = window;
  let previous = floats[floatFrom]!;
  let total = floats[floatTo - 1]! - previous;
  if (!isCounter) return total;
  for (let i = floatFrom + 1; i < floatTo; i += 1) {
    const value = floats[i]!;
    if (value < previous) total += previous;
    else if (
      floatStarts !== undefined &&
      beganAnew(floatStarts[i - 1]!, floatTimes[i - 1]!, floatStarts[i]!, floatTimes[i]!)
    ) {
      total += previous;
    }
    previous = value;
  }
  if (floatStarts !== undefined) noteOverlap(window, floatTimes, floatStarts, floatFrom, floatTo);
  return total;
}

interface Point {
  readonly time: number;
  readonly start: number;
  readonly float: number;
  readonly histogram: NativeHistogram | undefined;
}

/** The change between the last two samples. */
function lastTwo(window: RangeWindow, isRate: boolean): void {
  if (window.floatCount + window.histogramCount < 2) return;
  const { columns } = window;
  if (window.histogramCount === 0 && columns.floatStarts === undefined) {
    // By far the most frequent case needs no objects.
    const last = window.floatTo - 1;
    const change = columns.floats[last]! - columns.floats[last - 1]!;
    const seconds = (columns.floatTimes[last]! - columns.floatTimes[last - 1]!) / 1000;
    const value = isRate && columns.floats[last]! < columns.floats[last - 1]! ? columns.floats[last]! : change;
    window.setFloat(isRate ? value / seconds : value);
    return;
  }
  const points: Point[] = [];
  for (let i = Math.max(window.floatFrom, window.floatTo - 2); i < window.floatTo; i += 1) {
    points.push({
      time: columns.floatTimes[i]!,
      start: columns.floatStarts?.[i] ?? 0,
      float: columns.floats[i]!,
      histogram: undefined,
    });
  }
  for (let i = Math.max(window.histogramFrom, window.histogramTo - 2); i < window.histogramTo; i += 1) {
    const start = columns.histogramStarts?.[i] ?? 0;
    points.push({ time: columns.histogramTimes[i]!, start, float: 0, histogram: columns.histograms[i]! });
  }
  points.sort((a, b) => a.time - b.time);
  const [before, last] = points.slice(-2) as [Point, Point];
  const seconds = (last.time - before.time) / 1000;
  if (seconds === 0) return;
  const anew = beganAnew(before.start, before.time, last.start, last.time);
  if (last.histogram === undefined && before.histogram === undefined) {
    const value = isRate && (last.float < before.float || anew) ? last.float : last.float - before.float;
    window.setFloat(isRate ? value / seconds : value);
    return;
  }
  if (last.histogram === undefined || before.histogram === undefined) {
    window.evaluation.notes.mixedTypes(window.metricName, window.range);
    return;
  }
  const isGauge = [last.histogram.resetHint === 'gauge', before.histogram.resetHint === 'gauge'];
  if (isRate && isGauge.includes(true)) window.evaluation.notes.notCounter(window.metricName, window.range);
  if (!isRate && isGauge.includes(false)) window.evaluation.notes.notGauge(window.metricName, window.range);
  let result: NativeHistogram | undefined = last.histogram;
  if (!isRate || (!anew && !detectReset(last.histogram, before.histogram))) {
    result = subtractNoted(window, last.histogram, before.histogram);
    if (result === undefined) return;
  }
  const gauge: NativeHistogram = { ...result, resetHint: 'gauge' };
  window.setHistogram(isRate ? scale(gauge, 1 / seconds) : gauge);
}
