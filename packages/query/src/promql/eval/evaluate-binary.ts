import type { Binary } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { SampleValue } from './binary-operators.js';
import { isComparison, isTrim, operate, SCALAR_OPERATORS } from './binary-operators.js';
import type { Evaluation } from './evaluation.js';
import { matchVectors } from './match-vectors.js';
import { evaluateSetOperator } from './set-operators.js';
import type { Grid, StepSeries, StepValue } from './step-series.js';
import { ABSENT, createStepSeries, FLOAT, setFloat, setHistogram } from './step-series.js';
import { dropNames } from './vector-functions.js';

export async function evaluateBinary(
  evaluation: Evaluation,
  grid: Grid,
  expr: Binary,
  left: StepValue,
  right: StepValue,
): Promise<StepValue> {
  if (left.type === 'scalar' && right.type === 'scalar') {
    const apply = SCALAR_OPERATORS[expr.operator];
    if (apply === undefined)
      throw new PromqlError('execution', `operator "${expr.operator}" not allowed for Scalar operations`);
    evaluation.reserve(grid.count);
    return {
      type: 'scalar',
      values: Float64Array.from(left.values, (value, step) => apply(value, right.values[step]!)),
    };
  }
  if (left.type === 'vector' && right.type === 'vector') {
    const isSet = expr.operator === 'and' || expr.operator === 'or' || expr.operator === 'unless';
    const evaluate = isSet ? evaluateSetOperator : matchVectors;
    return { type: 'vector', series: await evaluate(evaluation, grid, expr, left.series, right.series) };
  }
  if (left.type === 'vector' && right.type === 'scalar')
    return withScalar(evaluation, expr, left.series, right.values, false);
  if (left.type === 'scalar' && right.type === 'vector')
    return withScalar(evaluation, expr, right.series, left.values, true);
  throw new PromqlError('execution', 'binary expression must contain only scalar and instant vector types');
}

async function withScalar(
  evaluation: Evaluation,
  expr: Binary,
  vector: readonly StepSeries[],
  scalars: Float64Array,
  scalarFirst: boolean,
): Promise<StepValue> {
  const comparison = isComparison(expr.operator);
  const keepsName = (comparison && !expr.bool) || isTrim(expr.operator);
  const results: StepSeries[] = [];
  const fast = SCALAR_OPERATORS[expr.operator];
  for (const series of vector) {
    if (evaluation.due) await evaluation.breathe();
    const count = series.kinds.length;
    evaluation.reserve(count);
    const result = createStepSeries(series.labels, count, series.dropName);
    let any = false;
    for (let step = 0; step < count; step += 1) {
      const kind = series.kinds[step]!;
      if (kind === ABSENT) continue;
      const scalar = scalars[step]!;
      if (kind === FLOAT && fast !== undefined) {
        const value = series.values[step]!;
        const answer = scalarFirst ? fast(scalar, value) : fast(value, scalar);
        if (comparison && !expr.bool) {
          // A comparison keeps the sample of the vector, on whichever side it is.
          if (answer !== 1) continue;
          setFloat(result, step, value);
        } else setFloat(result, step, answer);
        any = true;
        continue;
      }
      const sample: SampleValue = kind === FLOAT ? series.values[step]! : series.histograms![step]!;
      const answer = scalarFirst
        ? operate(expr.operator, scalar, sample, evaluation.notes, expr.range)
        : operate(expr.operator, sample, scalar, evaluation.notes, expr.range);
      if (answer === undefined) continue;
      any = true;
      if (typeof answer === 'number') setFloat(result, step, answer);
      else setHistogram(result, step, answer);
    }
    if (any) results.push(result);
  }
  return { type: 'vector', series: keepsName ? results : dropNames(evaluation, results) };
}
