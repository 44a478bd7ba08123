import type { NativeHistogram } from '../histogram/native-histogram.js';
import { withHint } from '../histogram/native-histogram.js';
import type { LabelSet } from '../labels/label-set.js';
import type { MatrixSelector, Subquery, VectorSelector } from '../syntax/ast.js';
import type { Evaluation, LoadedSeries } from './evaluation.js';
import type { Grid, StepSeries } from './step-series.js';
import { ABSENT, FLOAT, gridTime } from './step-series.js';
import { atMs, offsetMs, positiveMs, subqueryGrid } from './time-range.js';

/** The samples of one series that windows slide over: numbers and histograms apart, markers of staleness gone. */
export interface RangeColumns {
  readonly labels: LabelSet;
  readonly dropName: boolean;
  readonly floatTimes: Float64Array;
  readonly floats: Float64Array;
  readonly histogramTimes: Float64Array;
  readonly histograms: readonly NativeHistogram[];
  readonly floatStarts: Float64Array | undefined;
  readonly histogramStarts: Float64Array | undefined;
}

/** All series of a range, and where its windows end. */
export interface RangeSource {
  readonly series: readonly RangeColumns[];
  readonly rangeMs: number;
  readonly offsetMs: number;
  /** The end of all windows, where `@` fixes it. */
  readonly fixedMs: number | undefined;
  readonly mode: VectorSelector['mode'];
  /** How the left end of a window is meant. */
  readonly leftOpen: boolean;
}

const NO_TIMES = new Float64Array(0);

export function rangeOfSelector(evaluation: Evaluation, node: MatrixSelector): RangeSource {
  const { selector } = node;
  return {
    series: (evaluation.selected.get(selector) ?? []).map(columnsOf),
    rangeMs: positiveMs(node.duration, evaluation),
    offsetMs: offsetMs(selector, evaluation),
    fixedMs: atMs(selector, evaluation),
    mode: selector.mode,
    leftOpen: evaluation.options.leftOpen,
  };
}

/** `evaluate` answers the expression inside on a grid. */
export async function rangeOfSubquery(
  evaluation: Evaluation,
  node: Subquery,
  grid: Grid,
  evaluate: (grid: Grid) => Promise<readonly StepSeries[]>,
): Promise<RangeSource> {
  const fixedMs = atMs(node, evaluation);
  const offset = offsetMs(node, evaluation);
  const rangeMs = positiveMs(node.duration, evaluation);
  const { leftOpen, subqueryStepMs } = evaluation.options;
  const stepMs = node.step === undefined ? subqueryStepMs : positiveMs(node.step, evaluation);
  const firstMs = (fixedMs ?? grid.startMs) - offset;
  const lastMs = (fixedMs ?? gridTime(grid, grid.count - 1)) - offset;
  const inner = subqueryGrid(firstMs, lastMs, rangeMs, stepMs, leftOpen);
  evaluation.reserve(inner.count);
  const series = inner.count === 0 ? [] : await evaluate(inner);
  return {
    series: series.map((one) => columnsOfSteps(one, inner)),
    rangeMs,
    offsetMs: offset,
    fixedMs,
    mode: undefined,
    leftOpen,
  };
}

/** Numbers and histograms apart, without markers of staleness. */
export function columnsOf(series: LoadedSeries): RangeColumns {
  const { labels, timestampsMs, values, histograms, stale, startTimestampsMs } = series;
  if (histograms === undefined && stale === undefined) {
    return {
      labels,
      dropName: false,
      floatTimes: timestampsMs,
      floats: values,
      histogramTimes: NO_TIMES,
      histograms: [],
      floatStarts: startTimestampsMs,
      histogramStarts: undefined,
    };
  }
  const floatAt: number[] = [];
  const histogramAt: number[] = [];
  for (let i = 0; i < timestampsMs.length; i += 1) {
    if (stale?.[i] === 1) continue;
    (histograms?.[i] === undefined ? floatAt : histogramAt).push(i);
  }
  const pick = (column: Float64Array, at: readonly number[]) => Float64Array.from(at, (i) => column[i]!);
  return {
    labels,
    dropName: false,
    floatTimes: pick(timestampsMs, floatAt),
    floats: pick(values, floatAt),
    histogramTimes: pick(timestampsMs, histogramAt),
    histograms: histogramAt.map((i) => histograms![i]!),
    floatStarts: startTimestampsMs === undefined ? undefined : pick(startTimestampsMs, floatAt),
    histogramStarts: startTimestampsMs === undefined ? undefined : pick(startTimestampsMs, histogramAt),
  };
}

/**
 * What is said of resets is said about the sample before: a subquery leaves samples out, and has one several times. As Prometheus, the
 * counts are to be compared then.
 */
function withoutCertainty(histogram: NativeHistogram): NativeHistogram {
  return histogram.resetHint === 'gauge' ? histogram : withHint(histogram, 'unknown');
}

function columnsOfSteps(series: StepSeries, grid: Grid): RangeColumns {
  const { kinds, values, histograms } = series;
  let floatCount = 0;
  for (const kind of kinds) if (kind === FLOAT) floatCount += 1;
  const floatTimes = new Float64Array(floatCount);
  const floats = new Float64Array(floatCount);
  const histogramTimes: number[] = [];
  const found: NativeHistogram[] = [];
  let at = 0;
  for (let step = 0; step < kinds.length; step += 1) {
    if (kinds[step] === ABSENT) continue;
    if (kinds[step] === FLOAT) {
      floatTimes[at] = gridTime(grid, step);
      floats[at] = values[step]!;
      at += 1;
    } else {
      histogramTimes.push(gridTime(grid, step));
      found.push(withoutCertainty(histograms![step]!));
    }
  }
  return {
    labels: series.labels,
    dropName: series.dropName,
    floatTimes,
    floats,
    histogramTimes: histogramTimes.length === 0 ? NO_TIMES : Float64Array.from(histogramTimes),
    histograms: found,
    floatStarts: undefined,
    histogramStarts: undefined,
  };
}
