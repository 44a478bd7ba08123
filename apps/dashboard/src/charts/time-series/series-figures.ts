import type { ChartSeries, SeriesFigure } from './types.js';

/** What is said of a series as a whole; `null` when it has no value. */
export type SeriesFigures = Readonly<Record<SeriesFigure, number | null>> & { readonly points: number };

export const FIGURE_NAMES: Readonly<Record<SeriesFigure, string>> = {
  last: 'Last',
  min: 'Min',
  max: 'Max',
  mean: 'Mean',
  sum: 'Sum',
};

/** Figures over the finite values of a series. */
export function seriesFigures({ values }: Pick<ChartSeries, 'values'>): SeriesFigures {
  let [points, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let last: number | null = null;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    points += 1;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
  }
  return points === 0
    ? { points, last, min: null, max: null, mean: null, sum: null }
    : { points, last, min, max, mean: sum / points, sum };
}
