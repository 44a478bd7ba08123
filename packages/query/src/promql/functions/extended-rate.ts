import { CUSTOM_SCHEMA } from '../histogram/bucket-bounds.js';
import { detectReset } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { compact, scale } from '../histogram/native-histogram.js';
import { addNoted, subtractNoted } from './noted-histograms.js';
import type { RangeWindow } from './range-window.js';

/** Rates of ranges that are `anchored` at, or `smoothed` to, their borders: nothing is extrapolated. Experimental in Prometheus. */
export function extendedRate(window: RangeWindow, isCounter: boolean, isRate: boolean): void {
  if (window.histogramCount > 0) extendedHistogramRate(window, isCounter, isRate);
  else if (window.floatCount > 0) extendedFloatRate(window, isCounter, isRate);
}

/** The samples that stand for the borders; `undefined` where none does. */
function borders(
  window: RangeWindow,
  times: Float64Array,
  from: number,
  to: number,
): readonly [number, number] | undefined {
  const smoothed = window.mode === 'smoothed';
  let last = to - 1;
  let first = from;
  while (first < last && times[first]! <= window.startMs) first += 1;
  first = Math.max(from, first - 1);
  if (smoothed) {
    let end = from;
    while (end < last && times[end]! < window.endMs) end += 1;
    last = end;
  }
  if (times[last]! <= window.startMs || (smoothed && times[first]! > window.endMs)) return undefined;
  return [first, last];
}

function extendedFloatRate(window: RangeWindow, isCounter: boolean, isRate: boolean): void {
  const { floats, floatTimes: times } = window.columns;
  const found = borders(window, times, window.floatFrom, window.floatTo);
  if (found === undefined) return;
  let [first, last] = found;
  const smoothed = window.mode === 'smoothed';
  const between = (at: number, time: number): number => {
    const before = isCounter && floats[at + 1]! < floats[at]! ? 0 : floats[at]!;
    return before + ((floats[at + 1]! - before) * (time - times[at]!)) / (times[at + 1]! - times[at]!);
  };
  const left = smoothed && times[first]! < window.startMs ? between(first, window.startMs) : floats[first]!;
  const right =
    smoothed && last > window.floatFrom && times[last]! > window.endMs
      ? between(last - 1, window.endMs)
      : floats[last]!;
  let result = right - left;
  if (isCounter) {
    // Resets at the borders are in what was put between the samples there.
    if (times[first]! <= window.startMs) first += 1;
    if (times[last]! >= window.endMs) last -= 1;
    let previous = left;
    for (let i = first; i <= last; i += 1) {
      if (floats[i]! < previous) result += previous;
      previous = floats[i]!;
    }
    if (right < previous) result += previous;
  }
  window.setFloat(isRate ? result / (window.rangeMs / 1000) : result);
}

function extendedHistogramRate(window: RangeWindow, isCounter: boolean, isRate: boolean): void {
  const { histograms, histogramTimes: times } = window.columns;
  const found = borders(window, times, window.histogramFrom, window.histogramTo);
  if (found === undefined) return;
  const [first, last] = found;
  if (!fitTogether(window, isCounter, first, last)) return;
  const smoothed = window.mode === 'smoothed';
  const left =
    smoothed && times[first]! < window.startMs ? between(window, first, window.startMs, isCounter) : histograms[first];
  const isAfter = smoothed && last > window.histogramFrom && times[last]! > window.endMs;
  const right = isAfter ? between(window, last - 1, window.endMs, isCounter) : histograms[last];
  if (left === undefined || right === undefined) return;
  if (!isCounter && (left.resetHint !== 'gauge' || right.resetHint !== 'gauge')) {
    window.evaluation.notes.notGauge(window.metricName, window.range);
  }
  let result = subtractNoted(window, right, left);
  if (isCounter) {
    for (const lost of lostInResets(window, first, last, left, right)) {
      if (result !== undefined) result = addNoted(window, result, lost);
    }
  }
  if (result === undefined) return;
  const whole = isRate ? scale(result, 1000 / window.rangeMs) : result;
  window.setHistogram({ ...compact(whole), resetHint: 'gauge' });
}

function fitTogether(window: RangeWindow, isCounter: boolean, first: number, last: number): boolean {
  const { histograms } = window.columns;
  const custom = histograms[first]!.schema === CUSTOM_SCHEMA;
  for (let i = first; i <= last; i += 1) {
    const histogram = histograms[i]!;
    if ((histogram.schema === CUSTOM_SCHEMA) !== custom) {
      window.evaluation.notes.mixedSchemas(window.metricName, window.range);
      return false;
    }
    if (isCounter && histogram.resetHint === 'gauge')
      window.evaluation.notes.notCounter(window.metricName, window.range);
  }
  return true;
}

/** The histogram that would have been there at a time between two. */
function between(window: RangeWindow, at: number, time: number, isCounter: boolean): NativeHistogram | undefined {
  const { histograms, histogramTimes: times } = window.columns;
  const before = histograms[at]!;
  const after = histograms[at + 1]!;
  if (time === times[at]) return before;
  if (time === times[at + 1]) return after;
  const fraction = (time - times[at]!) / (times[at + 1]! - times[at]!);
  if (isCounter && detectReset(after, before)) return scale(after, fraction);
  const change = subtractNoted(window, after, before);
  return change === undefined ? undefined : addNoted(window, scale(change, fraction), before);
}

/** What was counted before each reset between the borders. */
function lostInResets(
  window: RangeWindow,
  first: number,
  last: number,
  left: NativeHistogram,
  right: NativeHistogram,
): readonly NativeHistogram[] {
  const { histograms, histogramTimes: times } = window.columns;
  const lost: NativeHistogram[] = [];
  let from = first + 1;
  let previous = left;
  if (
    window.mode === 'smoothed' &&
    times[first]! < window.startMs &&
    detectReset(histograms[from]!, histograms[first]!)
  ) {
    // That reset is in what was put between the two.
    previous = histograms[from]!;
    from += 1;
  }
  if (from > last) return lost;
  for (let i = from; i < last; i += 1) {
    if (detectReset(histograms[i]!, previous)) lost.push(previous);
    previous = histograms[i]!;
  }
  if (detectReset(right, previous)) lost.push(previous);
  return lost;
}
