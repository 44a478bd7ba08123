import type { LabelSet } from '../labels/label-set.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { Binary, VectorMatching } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { SampleValue } from './binary-operators.js';
import { isComparison, isTrim, operate, SCALAR_OPERATORS } from './binary-operators.js';
import type { Evaluation } from './evaluation.js';
import { matchedLabels, signatureOfMatching } from './signatures.js';
import type { Grid, StepSeries } from './step-series.js';
import { ABSENT, createStepSeries, FLOAT, setFloat, setHistogram } from './step-series.js';

/** Series of one signature, on the side of many and on the side of one. */
interface MatchGroup {
  readonly many: StepSeries[];
  readonly one: StepSeries[];
}

/** Operators between two vectors: series belong together by their labels, one on one side and one or many on the other. */
export async function matchVectors(
  evaluation: Evaluation,
  grid: Grid,
  expr: Binary,
  left: readonly StepSeries[],
  right: readonly StepSeries[],
): Promise<StepSeries[]> {
  return new VectorMatch(evaluation, grid, expr).match(left, right);
}

class VectorMatch {
  readonly #evaluation: Evaluation;
  readonly #grid: Grid;
  readonly #expr: Binary;
  readonly #matching: VectorMatching;
  readonly #swapped: boolean;
  readonly #dropsName: boolean;
  readonly #results = new Map<string, StepSeries>();
  /** Steps at which a result is known of, even one that a comparison took away. */
  readonly #taken = new Map<StepSeries, Uint8Array>();

  constructor(evaluation: Evaluation, grid: Grid, expr: Binary) {
    this.#evaluation = evaluation;
    this.#grid = grid;
    this.#expr = expr;
    this.#matching = expr.matching!;
    this.#swapped = this.#matching.cardinality === 'one-to-many';
    this.#dropsName = expr.bool || !(isComparison(expr.operator) || isTrim(expr.operator));
  }

  async match(left: readonly StepSeries[], right: readonly StepSeries[]): Promise<StepSeries[]> {
    const [many, one] = this.#swapped ? [right, left] : [left, right];
    const groups = this.#group(many, one);
    // Where one side is empty at a step nothing matches, and nothing can be ambiguous.
    const skip = this.#emptySteps(many, one);
    for (const group of groups.values()) {
      if (this.#evaluation.due) await this.#evaluation.breathe();
      await this.#matchGroup(group, skip);
    }
    return [...this.#results.values()].filter((series) => series.kinds.some((kind) => kind !== ABSENT));
  }

  #group(many: readonly StepSeries[], one: readonly StepSeries[]): Map<string, MatchGroup> {
    const signature = signatureOfMatching(this.#matching);
    const groups = new Map<string, MatchGroup>();
    for (const [side, list] of [
      ['many', many],
      ['one', one],
    ] as const) {
      for (const series of list) {
        const key = signature(series.labels);
        let group = groups.get(key);
        if (group === undefined) {
          group = { many: [], one: [] };
          groups.set(key, group);
        }
        group[side].push(series);
      }
    }
    return groups;
  }

  #emptySteps(many: readonly StepSeries[], one: readonly StepSeries[]): Uint8Array | undefined {
    if (this.#matching.fillLeft !== undefined || this.#matching.fillRight !== undefined) return undefined;
    const empty = new Uint8Array(this.#grid.count).fill(1);
    for (let step = 0; step < this.#grid.count; step += 1) {
      const has = (series: StepSeries) => series.kinds[step] !== ABSENT;
      if (many.some(has) && one.some(has)) empty[step] = 0;
    }
    return empty;
  }

  async #matchGroup({ many, one }: MatchGroup, skip: Uint8Array | undefined): Promise<void> {
    const { fillLeft, fillRight, cardinality } = this.#matching;
    const [fillMany, fillOne] = this.#swapped ? [fillRight, fillLeft] : [fillLeft, fillRight];
    if (many.length === 0 && fillMany === undefined && one.length < 2) return;
    if (one.length === 0 && fillOne === undefined) return;
    const exclusive = cardinality === 'one-to-one' && many.length > 1 ? new Uint8Array(this.#grid.count) : undefined;
    if (exclusive === undefined && one.length === 1 && fillMany === undefined && fillOne === undefined) {
      for (const series of many) {
        if (this.#evaluation.due) await this.#evaluation.breathe();
        this.#pair(series, one[0]!);
      }
      return;
    }
    const matched = new Uint8Array(this.#grid.count);
    for (let step = 0; step < this.#grid.count; step += 1) {
      if (skip?.[step] === 1) continue;
      const single = this.#single(one, step);
      for (const series of many) {
        if (series.kinds[step] === ABSENT) continue;
        if (single === undefined && fillOne === undefined) continue;
        const labels = single === undefined ? matchedLabels(series.labels, this.#matching) : single.labels;
        const value = single === undefined ? fillOne! : sampleAt(single, step);
        const dropName = series.dropName;
        const result = this.#resultOf(series.labels, labels, dropName);
        const answer = this.#operate(sampleAt(series, step), value);
        if (answer === 'mismatch') continue;
        if (exclusive !== undefined) {
          if (exclusive[step] === 1) {
            throw new PromqlError(
              'execution',
              'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
              this.#expr.range,
            );
          }
          exclusive[step] = 1;
        }
        matched[step] = 1;
        this.#put(result, step, answer);
      }
      if (fillMany === undefined || single === undefined || matched[step] === 1) continue;
      const labels = matchedLabels(single.labels, this.#matching);
      const answer = this.#operate(fillMany, sampleAt(single, step));
      if (answer !== 'mismatch') this.#put(this.#resultOf(labels, single.labels, false), step, answer);
    }
  }

  /** The one series of its side, with one of the other: the frequent case, series by series. */
  #pair(many: StepSeries, one: StepSeries): void {
    const result = this.#resultOf(many.labels, one.labels, many.dropName);
    const fast = this.#swapped ? undefined : SCALAR_OPERATORS[this.#expr.operator];
    const isPlain = fast !== undefined && this.#dropsName;
    const taken = this.#taken.get(result)!;
    for (let step = 0; step < this.#grid.count; step += 1) {
      if (many.kinds[step] === ABSENT || one.kinds[step] === ABSENT) continue;
      if (isPlain && many.kinds[step] === FLOAT && one.kinds[step] === FLOAT) {
        if (taken[step] === 1) throw this.#doubled();
        taken[step] = 1;
        setFloat(result, step, fast(many.values[step]!, one.values[step]!));
        continue;
      }
      const answer = this.#operate(sampleAt(many, step), sampleAt(one, step));
      if (answer !== 'mismatch') this.#put(result, step, answer);
    }
  }

  /** The series of the side of one that has a sample; more than one is an error. */
  #single(one: readonly StepSeries[], step: number): StepSeries | undefined {
    let single: StepSeries | undefined;
    for (const series of one) {
      if (series.kinds[step] === ABSENT) continue;
      if (single !== undefined) throw this.#ambiguous(single, series);
      single = series;
    }
    return single;
  }

  #ambiguous(a: StepSeries, b: StepSeries): PromqlError {
    const side = this.#swapped ? 'left' : 'right';
    const [first, second] = [a.labels.toString(), b.labels.toString()].sort();
    const group = matchedLabels(a.labels, this.#matching).toString();
    const message = `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${first}, ${second}];many-to-many matching not allowed: matching labels must be unique on one side`;
    return new PromqlError('execution', message, this.#expr.range);
  }

  /** The answer, `undefined` where a comparison does not hold. */
  #operate(many: SampleValue, one: SampleValue): SampleValue | undefined | 'mismatch' {
    const { operator, bool, range } = this.#expr;
    const { notes } = this.#evaluation;
    const [left, right] = this.#swapped ? [one, many] : [many, one];
    const answer = operate(operator, left, right, notes, range);
    if (isComparison(operator)) {
      const comparable =
        typeof left === typeof right && (typeof left === 'number' || operator === '==' || operator === '!=');
      if (!comparable) return 'mismatch';
      return bool ? (answer === undefined ? 0 : 1) : answer;
    }
    return answer === undefined ? 'mismatch' : answer;
  }

  #resultOf(many: LabelSet, one: LabelSet, dropName: boolean): StepSeries {
    const { on, labels: names, cardinality, include } = this.#matching;
    const { delayedNameRemoval } = this.#evaluation.options;
    const isArithmetic = !isComparison(this.#expr.operator) && !isTrim(this.#expr.operator);
    let labels = many;
    if (isArithmetic || (this.#dropsName && !delayedNameRemoval)) labels = labels.dropName();
    if (cardinality === 'one-to-one') labels = on ? labels.keep(new Set(names)) : labels.drop(new Set(names));
    for (const name of include) labels = labels.with(name, one.get(name));
    let result = this.#results.get(labels.key);
    if (result === undefined) {
      this.#evaluation.reserve(this.#grid.count);
      const drop = (dropName || this.#expr.bool) && labels.has(METRIC_NAME) && delayedNameRemoval;
      result = createStepSeries(labels, this.#grid.count, drop);
      this.#results.set(labels.key, result);
      this.#taken.set(result, new Uint8Array(this.#grid.count));
    }
    return result;
  }

  #doubled(): PromqlError {
    const message = 'multiple matches for labels: grouping labels must ensure unique matches';
    return new PromqlError('execution', message, this.#expr.range);
  }

  #put(result: StepSeries, step: number, value: SampleValue | undefined): void {
    const taken = this.#taken.get(result)!;
    if (taken[step] === 1) throw this.#doubled();
    taken[step] = 1;
    if (value === undefined) return;
    if (typeof value === 'number') setFloat(result, step, value);
    else setHistogram(result, step, value);
  }
}

function sampleAt(series: StepSeries, step: number): SampleValue {
  return series.kinds[step] === FLOAT ? series.values[step]! : series.histograms![step]!;
}
