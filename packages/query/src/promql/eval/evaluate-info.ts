import { LabelSet, METRIC_NAME } from '../labels/label-set.js';
import type { Call } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { Evaluation } from './evaluation.js';
import { dataMatchers, infoNameMatchers, infoSelector } from './info-selector.js';
import { selectInstant } from './select-instant.js';
import type { Grid, StepSeries } from './step-series.js';
import { ABSENT, copyStep, createStepSeries } from './step-series.js';

/** The labels by which a series and its info metrics belong together. */
const IDENTIFYING = ['instance', 'job'];

/** Series with the labels of their info metrics (`info`, experimental in Prometheus). */
export async function evaluateInfo(
  evaluation: Evaluation,
  grid: Grid,
  call: Call,
  series: readonly StepSeries[],
): Promise<StepSeries[]> {
  // The values are the times of the samples: of two the newer one counts.
  const infos = await selectInstant(evaluation, infoSelector(call), grid, 'timestamp');
  if (evaluation.selected.get(infoSelector(call))?.some((one) => one.histograms !== undefined)) {
    throw new PromqlError('execution', 'info sample should be float', call.range);
  }
  const byIdentity = new Map<string, StepSeries[]>();
  for (const info of infos) {
    const key = info.labels.keyOn(IDENTIFYING);
    byIdentity.set(key, [...(byIdentity.get(key) ?? []), info]);
  }
  const names = infoNameMatchers(call);
  const wanted = dataMatchers(call);
  const mayMiss = wanted.every((matcher) => matcher.test(''));
  const results = new Map<string, StepSeries>();
  const put = (from: StepSeries, labels: LabelSet, step: number) => {
    let result = results.get(labels.key);
    if (result === undefined) {
      evaluation.reserve(grid.count);
      result = createStepSeries(labels, grid.count, from.dropName);
      results.set(labels.key, result);
    }
    if (result.kinds[step] !== ABSENT) {
      throw new PromqlError('execution', 'vector cannot contain metrics with the same labelset', call.range);
    }
    copyStep(from, result, step);
  };
  for (const base of series) {
    if (evaluation.due) await evaluation.breathe();
    const isInfo = names.every((matcher) => matcher.test(base.labels.get(METRIC_NAME)));
    const identified = IDENTIFYING.some((name) => base.labels.get(name) !== '');
    const candidates = identified ? (byIdentity.get(base.labels.keyOn(IDENTIFYING)) ?? []) : [];
    for (let step = 0; step < grid.count; step += 1) {
      if (base.kinds[step] === ABSENT) continue;
      const found = isInfo ? [] : newest(candidates, step, call);
      if (!isInfo && found.length === 0 && !mayMiss) continue;
      put(base, joined(base.labels, found, new Set(wanted.map((matcher) => matcher.name)), call), step);
    }
  }
  return [...results.values()];
}

/** Of the info series of one name the newest. */
function newest(candidates: readonly StepSeries[], step: number, call: Call): readonly StepSeries[] {
  const byName = new Map<string, StepSeries>();
  for (const info of candidates) {
    if (info.kinds[step] === ABSENT) continue;
    const name = info.labels.get(METRIC_NAME);
    const other = byName.get(name);
    if (other !== undefined && other.values[step] === info.values[step]) {
      const [a, b] = [other.labels.toString(), info.labels.toString()];
      throw new PromqlError('execution', `found duplicate series for info metric: existing ${a}, new ${b}`, call.range);
    }
    if (other === undefined || other.values[step]! < info.values[step]!) byName.set(name, info);
  }
  return [...byName.values()];
}

function joined(base: LabelSet, infos: readonly StepSeries[], wanted: ReadonlySet<string>, call: Call): LabelSet {
  const added = new Map<string, string>();
  for (const { labels } of infos) {
    for (const [name, value] of labels.pairs) {
      if (name === METRIC_NAME || (wanted.size > 0 && !wanted.has(name))) continue;
      const other = added.get(name);
      if (other !== undefined && other !== value)
        throw new PromqlError('execution', `conflicting label: ${name}`, call.range);
      if (!base.has(name)) added.set(name, value);
    }
  }
  return added.size === 0 ? base : LabelSet.from([...base.pairs, ...added]);
}
