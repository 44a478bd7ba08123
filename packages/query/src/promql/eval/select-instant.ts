import type { VectorSelector } from '../syntax/ast.js';
import type { Evaluation, LoadedSeries } from './evaluation.js';
import type { Grid, StepSeries } from './step-series.js';
import { createStepSeries, gridTime, setFloat, setHistogram } from './step-series.js';
import { atMs, offsetMs } from './time-range.js';

/** What is taken of the sample that stands for a series at a step. */
export type SampleAspect = 'value' | 'timestamp' | 'start_timestamp';

/** The newest sample of each series at each step, no older than the look back and no marker of staleness. */
export async function selectInstant(
  evaluation: Evaluation,
  selector: VectorSelector,
  grid: Grid,
  aspect: SampleAspect = 'value',
): Promise<StepSeries[]> {
  const fixed = atMs(selector, evaluation);
  const offset = offsetMs(selector, evaluation);
  const selected: StepSeries[] = [];
  for (const series of evaluation.selected.get(selector) ?? []) {
    if (evaluation.due) await evaluation.breathe();
    evaluation.reserve(grid.count);
    const steps = createStepSeries(series.labels, grid.count);
    if (fill(series, steps, grid, fixed, offset, evaluation, aspect)) selected.push(steps);
  }
  return selected;
}

function fill(
  series: LoadedSeries,
  steps: StepSeries,
  grid: Grid,
  fixed: number | undefined,
  offset: number,
  evaluation: Evaluation,
  aspect: SampleAspect,
): boolean {
  const { timestampsMs, values, histograms, stale } = series;
  const { leftOpen, lookbackMs } = evaluation.options;
  const length = timestampsMs.length;
  let next = 0;
  let found = 0;
  for (let step = 0; step < grid.count; step += 1) {
    const time = (fixed ?? gridTime(grid, step)) - offset;
    while (next < length && timestampsMs[next]! <= time) next += 1;
    const at = next - 1;
    if (at < 0) continue;
    const age = time - timestampsMs[at]!;
    if (leftOpen ? age >= lookbackMs : age > lookbackMs) continue;
    if (stale !== undefined && stale[at] === 1) continue;
    found += 1;
    if (aspect === 'timestamp') setFloat(steps, step, timestampsMs[at]! / 1000);
    else if (aspect === 'start_timestamp') setFloat(steps, step, (series.startTimestampsMs?.[at] ?? 0) / 1000);
    else {
      const histogram = histograms?.[at];
      if (histogram === undefined) setFloat(steps, step, values[at]!);
      else setHistogram(steps, step, histogram);
    }
  }
  evaluation.lookedAt += found;
  return found > 0;
}
