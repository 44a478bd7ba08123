import { HistogramSum } from '../histogram/aggregate-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import type { LabelSet } from '../labels/label-set.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { Aggregation } from '../syntax/ast.js';
import type { Evaluation } from './evaluation.js';
import { KahanMean } from './kahan-sum.js';
import { quantileOf } from './quantile.js';
import type { Grid, StepSeries } from './step-series.js';
import { ABSENT, createStepSeries, FLOAT, HISTOGRAM, setFloat, setHistogram } from './step-series.js';
import { metricNameOf } from './vector-functions.js';

/** Series that an aggregation puts together. */
export interface SeriesGroup {
  readonly labels: LabelSet;
  readonly members: StepSeries[];
}

/** Groups series by the labels of `by` or `without`, in the order of the first member. */
export function groupSeries(expr: Aggregation, series: readonly StepSeries[]): SeriesGroup[] {
  const names = new Set(expr.labels);
  if (expr.without) names.add(METRIC_NAME);
  const sorted = [...names].sort();
  const groups = new Map<string, SeriesGroup>();
  for (const one of series) {
    const key = expr.without ? one.labels.keyWithout(names) : one.labels.keyOn(sorted);
    let group = groups.get(key);
    if (group === undefined) {
      group = { labels: expr.without ? one.labels.drop(names) : one.labels.keep(names), members: [] };
      groups.set(key, group);
    }
    group.members.push(one);
  }
  return [...groups.values()];
}

/** The aggregations that make one series of a group; `parameter` is the quantile. */
export async function aggregate(
  evaluation: Evaluation,
  grid: Grid,
  expr: Aggregation,
  series: readonly StepSeries[],
  parameter: Float64Array | undefined,
): Promise<StepSeries[]> {
  const results: StepSeries[] = [];
  for (const { labels, members } of groupSeries(expr, series)) {
    if (evaluation.due) await evaluation.breathe();
    evaluation.reserve(grid.count * 3);
    const dropName = members.some((member) => member.dropName);
    const result = createStepSeries(labels, grid.count, dropName);
    const work: GroupWork = { evaluation, expr, members, result, parameter };
    switch (expr.operator) {
      case 'sum':
        sumGroup(work);
        break;
      case 'avg':
        averageGroup(work);
        break;
      case 'min':
      case 'max':
        extremeOfGroup(work);
        break;
      case 'count':
      case 'group':
        countGroup(work);
        break;
      case 'stddev':
      case 'stdvar':
        varianceOfGroup(work);
        break;
      default:
        await quantileOfGroup(work);
    }
    if (result.kinds.some((kind) => kind !== ABSENT)) results.push(result);
  }
  return results;
}

interface GroupWork {
  readonly evaluation: Evaluation;
  readonly expr: Aggregation;
  readonly members: readonly StepSeries[];
  readonly result: StepSeries;
  readonly parameter: Float64Array | undefined;
}

function sumGroup(work: GroupWork): void {
  const { members, result } = work;
  const { kinds, values: sums } = result;
  const lost = new Float64Array(kinds.length);
  const mixed = new Uint8Array(kinds.length);
  let histograms = false;
  for (const member of members) {
    for (let step = 0; step < kinds.length; step += 1) {
      const kind = member.kinds[step]!;
      if (kind === ABSENT) continue;
      mixed[step] = mixed[step]! | kind;
      if (kind === HISTOGRAM) {
        histograms = true;
        continue;
      }
      const value = member.values[step]!;
      if (kinds[step] === ABSENT) {
        kinds[step] = FLOAT;
        sums[step] = value;
        continue;
      }
      // Kahan's sum in Neumaier's form, column by column.
      const before = sums[step]!;
      const total = before + value;
      if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) lost[step] = 0;
      else if (Math.abs(before) >= Math.abs(value)) lost[step] = lost[step]! + (before - total + value);
      else lost[step] = lost[step]! + (value - total + before);
      sums[step] = total;
    }
  }
  for (let step = 0; step < kinds.length; step += 1) if (lost[step] !== 0) sums[step] = sums[step]! + lost[step]!;
  if (histograms)
    combineHistograms(
      work,
      mixed,
      (sum, histogram) => sum.addToSum(histogram),
      (sum) => sum.sum(),
    );
}

function averageGroup(work: GroupWork): void {
  const { members, result } = work;
  const mean = new KahanMean();
  const mixed = new Uint8Array(result.kinds.length);
  let histograms = false;
  for (let step = 0; step < result.kinds.length; step += 1) {
    mean.reset();
    for (const member of members) {
      const kind = member.kinds[step]!;
      if (kind === ABSENT) continue;
      mixed[step] = mixed[step]! | kind;
      if (kind === FLOAT) mean.add(member.values[step]!);
      else histograms = true;
    }
    if (mixed[step] === FLOAT) setFloat(result, step, mean.mean);
  }
  if (histograms)
    combineHistograms(
      work,
      mixed,
      (sum, histogram) => sum.addToMean(histogram),
      (sum) => sum.average(),
    );
}

/** Steps with histograms alone get one; steps with both get nothing. */
function combineHistograms(
  { evaluation, expr, members, result }: GroupWork,
  mixed: Uint8Array,
  add: (sum: HistogramSum, histogram: NativeHistogram) => void,
  finish: (sum: HistogramSum) => ReturnType<HistogramSum['sum']>,
): void {
  const { notes } = evaluation;
  const { range } = expr.expr;
  for (let step = 0; step < mixed.length; step += 1) {
    if (mixed[step] === (FLOAT | HISTOGRAM)) {
      result.kinds[step] = ABSENT;
      notes.warn('encountered a mix of histograms and floats for aggregation', range);
    } else if (mixed[step] === HISTOGRAM) {
      const sum = new HistogramSum();
      let name = '';
      for (const member of members) {
        if (member.kinds[step] !== HISTOGRAM) continue;
        name = metricNameOf(member);
        add(sum, member.histograms![step]!);
      }
      const combined = finish(sum);
      if (combined.reconciled) notes.boundsReconciled('aggregation', range);
      if (combined.resetCollision) notes.resetCollision('aggregation', range);
      if (combined.histogram === undefined) notes.mixedSchemas(name, range);
      else setHistogram(result, step, combined.histogram);
    }
  }
}

function extremeOfGroup({ evaluation, expr, members, result }: GroupWork): void {
  const isMax = expr.operator === 'max';
  const { kinds, values: best } = result;
  for (const member of members) {
    for (let step = 0; step < kinds.length; step += 1) {
      const kind = member.kinds[step]!;
      if (kind === ABSENT) continue;
      if (kind === HISTOGRAM) {
        evaluation.notes.histogramIgnoredInAggregation(expr.operator, expr.expr.range);
        continue;
      }
      const value = member.values[step]!;
      const known = best[step]!;
      if (kinds[step] === ABSENT || Number.isNaN(known) || (isMax ? known < value : known > value)) {
        kinds[step] = FLOAT;
        best[step] = value;
      }
    }
  }
}

function countGroup({ expr, members, result }: GroupWork): void {
  const { kinds, values } = result;
  const counts = expr.operator === 'count';
  for (const member of members) {
    for (let step = 0; step < kinds.length; step += 1) {
      if (member.kinds[step] === ABSENT) continue;
      kinds[step] = FLOAT;
      values[step] = counts ? values[step]! + 1 : 1;
    }
  }
}

/** Welford's method, column by column. */
function varianceOfGroup({ evaluation, expr, members, result }: GroupWork): void {
  const { kinds, values: squares } = result;
  const means = new Float64Array(kinds.length);
  const counts = new Float64Array(kinds.length);
  for (const member of members) {
    for (let step = 0; step < kinds.length; step += 1) {
      const kind = member.kinds[step]!;
      if (kind === ABSENT) continue;
      if (kind === HISTOGRAM) {
        evaluation.notes.histogramIgnoredInAggregation(expr.operator, expr.expr.range);
        continue;
      }
      const value = member.values[step]!;
      kinds[step] = FLOAT;
      counts[step] = counts[step]! + 1;
      if (counts[step] === 1) {
        means[step] = value;
        squares[step] = Number.isFinite(value) ? 0 : Number.NaN;
        continue;
      }
      const delta = value - means[step]!;
      means[step] = means[step]! + delta / counts[step]!;
      squares[step] = squares[step]! + delta * (value - means[step]!);
    }
  }
  for (let step = 0; step < kinds.length; step += 1) {
    if (kinds[step] === ABSENT) continue;
    const variance = squares[step]! / counts[step]!;
    squares[step] = expr.operator === 'stddev' ? Math.sqrt(variance) : variance;
  }
}

async function quantileOfGroup({ evaluation, expr, members, result, parameter }: GroupWork): Promise<void> {
  const values = new Float64Array(members.length);
  for (let step = 0; step < result.kinds.length; step += 1) {
    if (evaluation.due) await evaluation.breathe();
    let count = 0;
    for (const member of members) {
      if (member.kinds[step] === FLOAT) {
        values[count] = member.values[step]!;
        count += 1;
      } else if (member.kinds[step] === HISTOGRAM) {
        evaluation.notes.histogramIgnoredInAggregation('quantile', expr.expr.range);
      }
    }
    if (count === 0) continue;
    setFloat(result, step, quantileOf(parameter![step]!, values, count));
  }
}
