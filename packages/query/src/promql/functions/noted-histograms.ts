import type { Combined } from '../histogram/combine-histograms.js';
import { addHistograms, subtractHistograms } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import type { RangeWindow } from './range-window.js';

/** The sum, with notes about what had to be made to fit; `undefined` where there is none. */
export function addNoted(window: RangeWindow, a: NativeHistogram, b: NativeHistogram): NativeHistogram | undefined {
  return noted(window, addHistograms(a, b), 'addition');
}

export function subtractNoted(
  window: RangeWindow,
  a: NativeHistogram,
  b: NativeHistogram,
): NativeHistogram | undefined {
  return noted(window, subtractHistograms(a, b), 'subtraction');
}

function noted(window: RangeWindow, combined: Combined, operation: string): NativeHistogram | undefined {
  const { notes } = window.evaluation;
  if (combined.histogram === undefined) notes.mixedSchemas(window.metricName, window.range);
  else if (combined.reconciled) notes.boundsReconciled(operation, window.range);
  return combined.histogram;
}
