import type { Binary } from '../syntax/ast.js';
import type { Evaluation } from './evaluation.js';
import { signatureOfMatching } from './signatures.js';
import type { Grid, StepSeries } from './step-series.js';
import { ABSENT, copyStep, createStepSeries } from './step-series.js';
import { mergeSame } from './vector-functions.js';

/** `and`, `or` and `unless`: samples are taken as they are, or not. */
export async function evaluateSetOperator(
  evaluation: Evaluation,
  grid: Grid,
  expr: Binary,
  left: readonly StepSeries[],
  right: readonly StepSeries[],
): Promise<StepSeries[]> {
  const signature = signatureOfMatching(expr.matching!);
  if (expr.operator === 'or') {
    const present = presence(left, signature, grid);
    const others = await filtered(evaluation, right, signature, present, false);
    return mergeSame([...left, ...others]);
  }
  return filtered(evaluation, left, signature, presence(right, signature, grid), expr.operator === 'and');
}

/** For each signature the steps at which some series has a sample. */
function presence(
  series: readonly StepSeries[],
  signature: (labels: StepSeries['labels']) => string,
  grid: Grid,
): Map<string, Uint8Array> {
  const present = new Map<string, Uint8Array>();
  for (const one of series) {
    const key = signature(one.labels);
    let steps = present.get(key);
    if (steps === undefined) {
      steps = new Uint8Array(grid.count);
      present.set(key, steps);
    }
    for (let step = 0; step < grid.count; step += 1) if (one.kinds[step] !== ABSENT) steps[step] = 1;
  }
  return present;
}

/** The samples whose signature is, or is not, present on the other side. */
async function filtered(
  evaluation: Evaluation,
  series: readonly StepSeries[],
  signature: (labels: StepSeries['labels']) => string,
  present: ReadonlyMap<string, Uint8Array>,
  wanted: boolean,
): Promise<StepSeries[]> {
  const kept: StepSeries[] = [];
  for (const one of series) {
    if (evaluation.due) await evaluation.breathe();
    const steps = present.get(signature(one.labels));
    if (steps === undefined) {
      if (!wanted) kept.push(one);
      continue;
    }
    evaluation.reserve(one.kinds.length);
    const result = createStepSeries(one.labels, one.kinds.length, one.dropName);
    let any = false;
    for (let step = 0; step < one.kinds.length; step += 1) {
      if (one.kinds[step] === ABSENT || (steps[step] === 1) !== wanted) continue;
      copyStep(one, result, step);
      any = true;
    }
    if (any) kept.push(result);
  }
  return kept;
}
