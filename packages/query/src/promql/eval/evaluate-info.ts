import type { Call } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { Evaluation } from './evaluation.js';
import type { Grid, StepSeries } from './step-series.js';

export async function evaluateInfo(
  _evaluation: Evaluation,
  _grid: Grid,
  call: Call,
  _series: StepSeries[],
): Promise<StepSeries[]> {
  throw new PromqlError('execution', 'function "info" is not supported', call.range);
}
