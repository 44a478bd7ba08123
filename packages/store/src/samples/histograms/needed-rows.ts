import type { SampleHints } from '../../api/sample-store.js';

/**
 * The rows that the hints ask for, of a part of a series in the order of time; `undefined` where that may be all of them. What
 * `needed-samples.ts` does to numbers in place: of histograms, which take kilobytes, the others are let go part by part.
 */
export function neededRows(timestampsMs: Float64Array, { rangeMs, times }: SampleHints): readonly number[] | undefined {
  if (times === undefined || (rangeMs > 0 && (times.count === 1 || times.stepMs <= rangeMs))) return undefined;
  const { firstMs, stepMs, count } = times;
  const rows: number[] = [];
  for (let row = 0; row < timestampsMs.length; row += 1) {
    const timeMs = timestampsMs[row] as number;
    const nextMs = timestampsMs[row + 1] ?? Number.POSITIVE_INFINITY;
    // The first of the times that is not before the row; a single one has no step.
    const step = timeMs <= firstMs ? 0 : Math.ceil((timeMs - firstMs) / stepMs);
    const askedMs = firstMs + step * stepMs;
    if (step < count && (rangeMs === 0 ? askedMs < nextMs : timeMs >= askedMs - rangeMs)) rows.push(row);
  }
  return rows;
}
