import type { NativeHistogram } from '../histogram/native-histogram.js';
import type { LabelSet } from '../labels/label-set.js';

/** What a series has at a step. */
export const ABSENT = 0;
export const FLOAT = 1;
export const HISTOGRAM = 2;

/** The times of a query: one, or evenly spaced. */
export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export function gridTime(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

/** One series over all steps of a query, column by column. */
export interface StepSeries {
  labels: LabelSet;
  /** The name of the metric goes away when the query is answered, not before: `label_replace` may still look at it. */
  dropName: boolean;
  /** `ABSENT`, `FLOAT` or `HISTOGRAM` for each step. */
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  histograms: (NativeHistogram | undefined)[] | undefined;
}

/** What an expression evaluates to. */
export type StepValue =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly series: StepSeries[] };

export function createStepSeries(labels: LabelSet, count: number, dropName = false): StepSeries {
  return { labels, dropName, kinds: new Uint8Array(count), values: new Float64Array(count), histograms: undefined };
}

export function setFloat(series: StepSeries, step: number, value: number): void {
  series.kinds[step] = FLOAT;
  series.values[step] = value;
}

export function setHistogram(series: StepSeries, step: number, histogram: NativeHistogram): void {
  series.kinds[step] = HISTOGRAM;
  series.histograms ??= [];
  series.histograms[step] = histogram;
}

export function copyStep(from: StepSeries, to: StepSeries, step: number): void {
  const kind = from.kinds[step]!;
  if (kind === FLOAT) setFloat(to, step, from.values[step]!);
  else if (kind === HISTOGRAM) setHistogram(to, step, from.histograms![step]!);
}

export function isEmpty(series: StepSeries): boolean {
  return !series.kinds.some((kind) => kind !== ABSENT);
}
