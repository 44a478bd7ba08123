import { detectReset } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { equalHistograms } from '../histogram/native-histogram.js';
import { beganAnew } from './counter-start.js';
import type { RangeFunction, RangeWindow } from './range-window.js';

/** One sample of a window, be it a number or a histogram. */
interface Point {
  time: number;
  start: number;
  float: number;
  histogram: NativeHistogram | undefined;
}

export const changes: RangeFunction = (window) =>
  countPairs(window, (before, now) => {
    if (before.histogram === undefined && now.histogram === undefined) {
      return now.float !== before.float && !(Number.isNaN(now.float) && Number.isNaN(before.float));
    }
    if (before.histogram === undefined || now.histogram === undefined) return true;
    return !equalHistograms(now.histogram, before.histogram);
  });

export const resets: RangeFunction = (window) =>
  countPairs(window, (before, now) => {
    const anew = beganAnew(before.start, before.time, now.start, now.time);
    if (before.histogram === undefined && now.histogram === undefined) return now.float < before.float || anew;
    if (before.histogram === undefined || now.histogram === undefined) return true;
    return anew || detectReset(now.histogram, before.histogram);
  });

/** Counts the neighbours in time of which something holds. */
function countPairs(window: RangeWindow, holds: (before: Point, now: Point) => boolean): void {
  const { columns, floatTo, histogramTo } = window;
  let float = window.floatFrom;
  let histogram = window.histogramFrom;
  if (window.mode === 'anchored') {
    // The last sample at or before the start of the window is where it begins; one before that does not count.
    while (float < floatTo && columns.floatTimes[float]! <= window.startMs) float += 1;
    while (histogram < histogramTo && columns.histogramTimes[histogram]! <= window.startMs) histogram += 1;
    if (float >= floatTo && histogram >= histogramTo) return;
    const floatBefore = float > window.floatFrom ? columns.floatTimes[float - 1]! : Number.NEGATIVE_INFINITY;
    const histogramBefore =
      histogram > window.histogramFrom ? columns.histogramTimes[histogram - 1]! : Number.NEGATIVE_INFINITY;
    if (floatBefore !== Number.NEGATIVE_INFINITY && floatBefore >= histogramBefore) float -= 1;
    else if (histogramBefore !== Number.NEGATIVE_INFINITY) histogram -= 1;
  }
  let count = 0;
  let before: Point = { time: 0, start: 0, float: 0, histogram: undefined };
  let now: Point = { time: 0, start: 0, float: 0, histogram: undefined };
  for (let first = true; float < floatTo || histogram < histogramTo; first = false) {
    [before, now] = [now, before];
    const isFloat =
      histogram >= histogramTo || (float < floatTo && columns.floatTimes[float]! < columns.histogramTimes[histogram]!);
    if (isFloat) {
      now.time = columns.floatTimes[float]!;
      now.start = columns.floatStarts?.[float] ?? 0;
      now.float = columns.floats[float]!;
      now.histogram = undefined;
      float += 1;
    } else {
      now.time = columns.histogramTimes[histogram]!;
      now.start = columns.histogramStarts?.[histogram] ?? 0;
      now.histogram = columns.histograms[histogram]!;
      histogram += 1;
    }
    if (!first && holds(before, now)) count += 1;
  }
  window.setFloat(count);
}
