import { formatHistogram } from '../histogram/format-histogram.js';
import type { Aggregation } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { SeriesGroup } from './aggregate.js';
import { groupSeries } from './aggregate.js';
import type { Evaluation } from './evaluation.js';
import { formatDecimal, formatFloat } from './notes.js';
import type { Grid, StepSeries } from './step-series.js';
import { ABSENT, copyStep, createStepSeries, FLOAT, HISTOGRAM, setFloat } from './step-series.js';

/** The aggregations that let some samples of a group pass as they are: `topk`, `bottomk`, `limitk` and `limit_ratio`. */
export async function selectOfGroups(
  evaluation: Evaluation,
  grid: Grid,
  expr: Aggregation,
  series: readonly StepSeries[],
  parameter: Float64Array,
): Promise<StepSeries[]> {
  refuseBadParameters(expr, parameter, grid);
  const results = new Map<StepSeries, StepSeries>();
  for (const group of groupSeries(expr, series)) {
    for (let step = 0; step < grid.count; step += 1) {
      if (evaluation.due) await evaluation.breathe();
      for (const member of choose(evaluation, expr, group, step, parameter[step]!)) {
        let result = results.get(member);
        if (result === undefined) {
          evaluation.reserve(grid.count);
          result = createStepSeries(member.labels, grid.count, member.dropName);
          results.set(member, result);
        }
        copyStep(member, result, step);
      }
    }
  }
  return [...results.values()];
}

function refuseBadParameters(expr: Aggregation, parameter: Float64Array, grid: Grid): void {
  for (let step = 0; step < grid.count; step += 1) {
    const value = parameter[step]!;
    if (expr.operator === 'limit_ratio') {
      if (Number.isNaN(value)) throw new PromqlError('execution', 'Ratio value is NaN', expr.range);
      continue;
    }
    if (Number.isNaN(value)) throw new PromqlError('execution', 'Parameter value is NaN', expr.range);
    if (value <= -(2 ** 63) || value >= 2 ** 63) {
      throw new PromqlError(
        'execution',
        `Scalar value ${formatFloat(value)} ${value > 0 ? 'overflows' : 'underflows'} int64`,
        expr.range,
      );
    }
  }
}

function choose(
  evaluation: Evaluation,
  expr: Aggregation,
  group: SeriesGroup,
  step: number,
  parameter: number,
): readonly StepSeries[] {
  if (expr.operator === 'limit_ratio')
    return group.members.filter((member) => member.kinds[step] !== ABSENT && isSampled(member, parameter));
  const count = Math.trunc(parameter);
  if (count < 1) return [];
  if (expr.operator === 'limitk')
    return group.members.filter((member) => member.kinds[step] !== ABSENT).slice(0, count);
  const candidates: StepSeries[] = [];
  for (const member of group.members) {
    if (member.kinds[step] === FLOAT) candidates.push(member);
    else if (member.kinds[step] === HISTOGRAM)
      evaluation.notes.histogramIgnoredInAggregation(expr.operator, expr.range);
  }
  return best(candidates, count, step, expr.operator === 'topk' ? -1 : 1);
}

// So many are put in their place one by one faster than all are sorted.
const FEW = 64;

/** The first of all, had they been sorted; of equal ones those that come first. NaN comes last either way. */
function best(candidates: readonly StepSeries[], count: number, step: number, sign: 1 | -1): readonly StepSeries[] {
  if (count > FEW) {
    const order = (a: number, b: number) => (comesBefore(a, b, sign) ? -1 : comesBefore(b, a, sign) ? 1 : 0);
    return [...candidates].sort((a, b) => order(a.values[step]!, b.values[step]!)).slice(0, count);
  }
  const chosen: StepSeries[] = [];
  for (const candidate of candidates) {
    const value = candidate.values[step]!;
    if (chosen.length === count && !comesBefore(value, chosen[count - 1]!.values[step]!, sign)) continue;
    let low = 0;
    let high = chosen.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comesBefore(value, chosen[middle]!.values[step]!, sign)) high = middle;
      else low = middle + 1;
    }
    chosen.splice(low, 0, candidate);
    if (chosen.length > count) chosen.pop();
  }
  return chosen;
}

function comesBefore(a: number, b: number, sign: 1 | -1): boolean {
  if (Number.isNaN(b)) return !Number.isNaN(a);
  return sign > 0 ? a < b : a > b;
}

/** The same series is always in or always out; a negative ratio takes what its complement leaves. */
function isSampled(series: StepSeries, ratio: number): boolean {
  const at = hashRatio(series.labels.key);
  return ratio >= 0 ? at < ratio : at >= 1 + ratio;
}

/** Spreads texts over 0 to 1 (FNV-1a, mixed once more). */
function hashRatio(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** `count_values`: a series for each value, counting how often it comes. */
export async function countValues(
  evaluation: Evaluation,
  grid: Grid,
  expr: Aggregation,
  series: readonly StepSeries[],
  label: string,
): Promise<StepSeries[]> {
  // The label of the value is part of what is grouped by.
  const results = new Map<string, StepSeries>();
  for (const group of groupSeries(expr, series)) {
    for (const member of group.members) {
      if (evaluation.due) await evaluation.breathe();
      for (let step = 0; step < grid.count; step += 1) {
        const kind = member.kinds[step]!;
        if (kind === ABSENT) continue;
        const text = kind === FLOAT ? formatDecimal(member.values[step]!) : formatHistogram(member.histograms![step]!);
        const labels = group.labels.with(label, text);
        let result = results.get(labels.key);
        if (result === undefined) {
          evaluation.reserve(grid.count);
          result = createStepSeries(labels, grid.count);
          results.set(labels.key, result);
        }
        result.dropName ||= member.dropName;
        setFloat(result, step, result.values[step]! + 1);
      }
    }
  }
  return [...results.values()];
}
