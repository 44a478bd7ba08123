import { METRIC_NAME } from '../labels/label-set.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { Evaluation } from './evaluation.js';
import type { StepSeries } from './step-series.js';
import { ABSENT, copyStep, createStepSeries, FLOAT, setFloat } from './step-series.js';

const SAME_LABELS = 'vector cannot contain metrics with the same labelset';

/** A function of each number, as a new vector without names; other samples go away. */
export function mapFloats(
  evaluation: Evaluation,
  series: readonly StepSeries[],
  apply: (value: number, step: number) => number | undefined,
): StepSeries[] {
  const mapped: StepSeries[] = [];
  for (const one of series) {
    evaluation.reserve(one.kinds.length);
    const result = createStepSeries(one.labels, one.kinds.length, one.dropName);
    let any = false;
    for (let step = 0; step < one.kinds.length; step += 1) {
      if (one.kinds[step] !== FLOAT) continue;
      const value = apply(one.values[step]!, step);
      if (value === undefined) continue;
      setFloat(result, step, value);
      any = true;
    }
    if (any) mapped.push(result);
  }
  return dropNames(evaluation, mapped);
}

/** Takes the names of metrics off: at once, or when the query is answered. */
export function dropNames(evaluation: Evaluation, series: readonly StepSeries[]): StepSeries[] {
  if (evaluation.options.delayedNameRemoval) return series.map((one) => ({ ...one, dropName: true }));
  const nameless = series.map(({ labels, dropName, kinds, values, histograms }): StepSeries => {
    return { labels: labels.dropName(), dropName, kinds, values, histograms };
  });
  // Series of one name differ in the rest.
  const name = series[0]?.labels.get(METRIC_NAME);
  return series.every(({ labels }) => labels.get(METRIC_NAME) === name) ? nameless : mergeSame(nameless);
}

/** Series of the same labels become one; an error where both have a sample at a step. */
export function mergeSame(series: readonly StepSeries[], message = SAME_LABELS): StepSeries[] {
  const byKey = new Map<string, StepSeries>();
  const owned = new Set<StepSeries>();
  for (const one of series) {
    const known = byKey.get(one.labels.key);
    if (known === undefined) {
      byKey.set(one.labels.key, one);
      continue;
    }
    // What is merged into must be nobody else's.
    const target = owned.has(known) ? known : copySeries(known);
    owned.add(target);
    byKey.set(one.labels.key, target);
    for (let step = 0; step < one.kinds.length; step += 1) {
      if (one.kinds[step] === ABSENT) continue;
      if (target.kinds[step] !== ABSENT) throw new PromqlError('execution', message);
      copyStep(one, target, step);
    }
  }
  return byKey.size === series.length ? [...series] : [...byKey.values()];
}

/** Takes off the names that were to go when the query is answered. */
export function removeDroppedNames(series: readonly StepSeries[]): StepSeries[] {
  return mergeSame(
    series.map((one) => (one.dropName ? { ...one, dropName: false, labels: one.labels.dropName() } : one)),
  );
}

export function copySeries(series: StepSeries): StepSeries {
  const copy = createStepSeries(series.labels, series.kinds.length, series.dropName);
  for (let step = 0; step < series.kinds.length; step += 1) copyStep(series, copy, step);
  return copy;
}

/** The name under which notes speak of a series. */
export function metricNameOf(series: StepSeries): string {
  return series.labels.get(METRIC_NAME);
}
