import { CUSTOM_SCHEMA } from '../histogram/bucket-bounds.js';
import { detectReset, toSchema } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { compact, NO_BUCKETS } from '../histogram/native-histogram.js';
import { beganAnew, noteOverlap } from './counter-start.js';
import { addNoted, subtractNoted } from './noted-histograms.js';
import type { RangeWindow } from './range-window.js';

/** Last minus first of at least two histograms, plus what was counted before each reset; `undefined` where they do not fit. */
export function histogramIncrease(window: RangeWindow, isCounter: boolean): NativeHistogram | undefined {
  const { histograms, histogramTimes, histogramStarts } = window.columns;
  const { notes } = window.evaluation;
  const { histogramFrom: from, histogramTo: to } = window;
  const first = histograms[from]!;
  const last = histograms[to - 1]!;
  const anew = (i: number): boolean =>
    histogramStarts !== undefined &&
    beganAnew(histogramStarts[i - 1]!, histogramTimes[i - 1]!, histogramStarts[i]!, histogramTimes[i]!);
  let previous = first;
  if (isCounter) {
    if (first.resetHint === 'gauge' || last.resetHint === 'gauge') notes.notCounter(window.metricName, window.range);
    const second = histograms[from + 1]!;
    // What comes before a reset at once is of no consequence, nor is how its buckets were.
    if (anew(from + 1) || detectReset(second, first)) previous = emptyLike(second);
  }
  const custom = previous.schema === CUSTOM_SCHEMA;
  let schema = Math.min(last.schema, previous.schema);
  const mixed = (): undefined => {
    notes.mixedSchemas(window.metricName, window.range);
    return undefined;
  };
  if ((last.schema === CUSTOM_SCHEMA) !== custom) return mixed();
  if (isCounter) {
    for (let i = from + 1; i < to - 1; i += 1) {
      const current = histograms[i]!;
      if (current.resetHint === 'gauge') notes.notCounter(window.metricName, window.range);
      if ((current.schema === CUSTOM_SCHEMA) !== custom) return mixed();
      schema = Math.min(schema, current.schema);
    }
  }
  let result = subtractNoted(window, toSchema(last, schema), previous);
  if (result === undefined) return undefined;
  if (isCounter) {
    for (let i = from + 1; i < to; i += 1) {
      const current = histograms[i]!;
      if (anew(i) || detectReset(current, previous)) {
        result = addNoted(window, result, previous);
        if (result === undefined) return undefined;
      }
      previous = current;
    }
    if (histogramStarts !== undefined) noteOverlap(window, histogramTimes, histogramStarts, from, to);
  } else if (first.resetHint !== 'gauge' || last.resetHint !== 'gauge') {
    notes.notGauge(window.metricName, window.range);
  }
  return { ...compact(result), resetHint: 'gauge' };
}

function emptyLike({ schema, customBounds }: NativeHistogram): NativeHistogram {
  return {
    schema,
    customBounds,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 0,
    sum: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    resetHint: 'unknown',
  };
}
