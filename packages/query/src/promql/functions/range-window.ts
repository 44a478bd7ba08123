import type { Evaluation } from '../eval/evaluation.js';
import type { RangeColumns } from '../eval/range-columns.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { TextRange } from '../syntax/ast.js';

/**
 * What a function over a range sees: the samples of one series from `floatFrom` to `floatTo` (exclusive), histograms likewise.
 * One object slides over all steps of all series; a function answers through `setFloat` or `setHistogram`, or not at all.
 */
export class RangeWindow {
  readonly evaluation: Evaluation;
  /** Of the range selector in the query, and of the whole call. */
  readonly range: TextRange;
  readonly callRange: TextRange;
  /** Of the first argument. */
  readonly firstRange: TextRange;
  columns: RangeColumns;
  floatFrom = 0;
  floatTo = 0;
  histogramFrom = 0;
  histogramTo = 0;
  /** Where the window begins and ends, after `offset` and `@`. */
  startMs = 0;
  endMs = 0;
  /** The time of the step. */
  stepMs = 0;
  rangeMs = 0;
  mode: 'anchored' | 'smoothed' | undefined;
  /** The other arguments at the step. */
  readonly args: number[] = [];
  /** What the function answered. */
  answered: 'nothing' | 'float' | 'histogram' = 'nothing';
  float = 0;
  histogram: NativeHistogram | undefined;

  constructor(
    evaluation: Evaluation,
    columns: RangeColumns,
    ranges: { readonly range: TextRange; readonly callRange: TextRange; readonly firstRange: TextRange },
  ) {
    this.evaluation = evaluation;
    this.columns = columns;
    this.range = ranges.range;
    this.callRange = ranges.callRange;
    this.firstRange = ranges.firstRange;
  }

  get floatCount(): number {
    return this.floatTo - this.floatFrom;
  }

  get histogramCount(): number {
    return this.histogramTo - this.histogramFrom;
  }

  get metricName(): string {
    return this.columns.labels.get(METRIC_NAME);
  }

  setFloat(value: number): void {
    this.answered = 'float';
    this.float = value;
  }

  setHistogram(histogram: NativeHistogram): void {
    this.answered = 'histogram';
    this.histogram = histogram;
  }

  /** Numbers and histograms in one window: most functions give no answer then, and say why. */
  refuseMixed(): boolean {
    if (this.floatCount === 0 || this.histogramCount === 0) return false;
    this.evaluation.notes.mixedTypes(this.metricName, this.range);
    return true;
  }

  /** Functions of numbers pass over histograms, and say so where there are both. */
  noteIgnoredHistograms(): void {
    if (this.histogramCount > 0) this.evaluation.notes.histogramIgnoredInRange(this.metricName, this.range);
  }
}

export type RangeFunction = (window: RangeWindow) => void;
