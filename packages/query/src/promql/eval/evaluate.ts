import { DATE_FUNCTIONS } from '../functions/date-functions.js';
import { clampTo, MATH_FUNCTIONS, roundTo } from '../functions/math-functions.js';
import { RANGE_FUNCTIONS } from '../functions/range-functions.js';
import { scale } from '../histogram/native-histogram.js';
import { LabelSet } from '../labels/label-set.js';
import type { Aggregation, Call, Expr } from '../syntax/ast.js';
import { unwrapParens } from '../syntax/ast.js';
import { typeOf } from '../syntax/check-types.js';
import { PromqlError } from '../syntax/promql-error.js';
import { aggregate } from './aggregate.js';
import { countValues, selectOfGroups } from './aggregate-select.js';
import { evaluateBinary } from './evaluate-binary.js';
import { evaluateHistogramCall } from './evaluate-histogram-call.js';
import { evaluateInfo } from './evaluate-info.js';
import { evaluateRangeFunction, windowsOccupied } from './evaluate-range-function.js';
import type { Evaluation } from './evaluation.js';
import { absentLabels, labelJoin, labelReplace, textOf } from './label-functions.js';
import type { RangeSource } from './range-columns.js';
import { rangeOfSelector, rangeOfSubquery } from './range-columns.js';
import type { SampleAspect } from './select-instant.js';
import { selectInstant } from './select-instant.js';
import { selectSmoothed } from './select-smoothed.js';
import { sortByLabels, sortByValue } from './sort-series.js';
import { isStepInvariant } from './step-invariant.js';
import type { Grid, StepSeries, StepValue } from './step-series.js';
import { ABSENT, copyStep, createStepSeries, FLOAT, gridTime, setFloat, setHistogram } from './step-series.js';
import { dropNames, mapFloats } from './vector-functions.js';

/** The value of an expression at every step of the grid. */
export async function evaluate(evaluation: Evaluation, expr: Expr, grid: Grid): Promise<StepValue> {
  if (grid.count > 1 && expr.kind !== 'number' && expr.kind !== 'string' && isStepInvariant(expr)) {
    const once = await new Evaluator(evaluation, { ...grid, count: 1 }).value(expr);
    return repeated(evaluation, once, grid);
  }
  return new Evaluator(evaluation, grid).value(expr);
}

function repeated(evaluation: Evaluation, value: StepValue, grid: Grid): StepValue {
  if (value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', values: new Float64Array(grid.count).fill(value.values[0]!) };
  const series = value.series.map((one) => {
    evaluation.reserve(grid.count);
    const result = createStepSeries(one.labels, grid.count, one.dropName);
    const histogram = one.histograms?.[0];
    for (let step = 0; step < grid.count; step += 1) {
      if (one.kinds[0] === FLOAT) setFloat(result, step, one.values[0]!);
      else if (histogram !== undefined) setHistogram(result, step, histogram);
    }
    return result;
  });
  return { type: 'vector', series };
}

class Evaluator {
  readonly #evaluation: Evaluation;
  readonly #grid: Grid;

  constructor(evaluation: Evaluation, grid: Grid) {
    this.#evaluation = evaluation;
    this.#grid = grid;
  }

  async value(expr: Expr): Promise<StepValue> {
    if (this.#evaluation.due) await this.#evaluation.breathe();
    switch (expr.kind) {
      case 'number':
        return this.#scalar(() => expr.value);
      case 'string':
        return { type: 'string', value: expr.value };
      case 'selector':
        if (expr.mode === 'smoothed') return vector(await selectSmoothed(this.#evaluation, expr, this.#grid));
        return vector(await selectInstant(this.#evaluation, expr, this.#grid));
      case 'paren':
        return this.#inner(expr.expr);
      case 'unary':
        return this.#unary(expr.operator, await this.#inner(expr.expr));
      case 'binary': {
        const left = await this.#inner(expr.left);
        const right = await this.#inner(expr.right);
        return evaluateBinary(this.#evaluation, this.#grid, expr, left, right);
      }
      case 'aggregation':
        return vector(await this.#aggregation(expr));
      case 'call':
        return this.#call(expr);
      case 'matrix':
      case 'subquery':
        throw new PromqlError('execution', 'a range is no value of its own here', expr.range);
    }
  }

  #inner(expr: Expr): Promise<StepValue> {
    return evaluate(this.#evaluation, expr, this.#grid);
  }

  async #vector(expr: Expr): Promise<StepSeries[]> {
    const value = await this.#inner(expr);
    if (value.type !== 'vector') throw new PromqlError('execution', 'expected an instant vector', expr.range);
    return value.series;
  }

  async #scalars(expr: Expr): Promise<Float64Array> {
    const value = await this.#inner(expr);
    if (value.type !== 'scalar') throw new PromqlError('execution', 'expected a scalar', expr.range);
    return value.values;
  }

  #scalar(at: (step: number) => number): StepValue {
    this.#evaluation.reserve(this.#grid.count);
    const values = new Float64Array(this.#grid.count);
    for (let step = 0; step < values.length; step += 1) values[step] = at(step);
    return { type: 'scalar', values };
  }

  #unary(operator: '-' | '+', value: StepValue): StepValue {
    if (operator === '+' || value.type === 'string') return value;
    if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((number) => -number) };
    const negated = value.series.map((series) => {
      const result = createStepSeries(series.labels, series.kinds.length, series.dropName);
      for (let step = 0; step < series.kinds.length; step += 1) {
        if (series.kinds[step] === FLOAT) setFloat(result, step, -series.values[step]!);
        else if (series.kinds[step] !== ABSENT) setHistogram(result, step, scale(series.histograms![step]!, -1));
      }
      return result;
    });
    return vector(dropNames(this.#evaluation, negated));
  }

  async #aggregation(expr: Aggregation): Promise<StepSeries[]> {
    const { parameter, operator } = expr;
    const label = parameter !== undefined && operator === 'count_values' ? textOf(parameter) : undefined;
    const scalars = parameter === undefined || label !== undefined ? undefined : await this.#scalars(parameter);
    if (operator === 'quantile') {
      const invalid = scalars!.find((q) => !(q >= 0 && q <= 1));
      if (invalid !== undefined) this.#evaluation.notes.invalidQuantile(invalid, parameter!.range);
    }
    if (label !== undefined && label === '')
      throw new PromqlError('execution', `invalid label name "${label}"`, expr.range);
    const series = await this.#vector(expr.expr);
    switch (operator) {
      case 'count_values':
        return countValues(this.#evaluation, this.#grid, expr, series, label!);
      case 'topk':
      case 'bottomk':
      case 'limitk':
      case 'limit_ratio':
        return selectOfGroups(this.#evaluation, this.#grid, expr, series, scalars!);
      default:
        return aggregate(this.#evaluation, this.#grid, expr, series, scalars);
    }
  }

  async #call(call: Call): Promise<StepValue> {
    const rangeIndex = call.args.findIndex((arg) => typeOf(arg) === 'matrix');
    if (rangeIndex >= 0) return vector(await this.#rangeCall(call, rangeIndex));
    const first = call.args[0];
    const math = MATH_FUNCTIONS[call.name];
    if (math !== undefined) return vector(mapFloats(this.#evaluation, await this.#vector(first!), math));
    const date = DATE_FUNCTIONS[call.name];
    if (date !== undefined) {
      const series = first === undefined ? [this.#timeSeries()] : await this.#vector(first);
      return vector(mapFloats(this.#evaluation, series, date));
    }
    switch (call.name) {
      case 'time':
        return this.#scalar((step) => gridTime(this.#grid, step) / 1000);
      case 'pi':
        return this.#scalar(() => Math.PI);
      case 'start':
        return this.#scalar(() => this.#evaluation.startMs / 1000);
      case 'end':
        return this.#scalar(() => this.#evaluation.endMs / 1000);
      case 'step':
        return this.#scalar(() => this.#evaluation.stepMs / 1000);
      case 'range':
        return this.#scalar(() => (this.#evaluation.endMs - this.#evaluation.startMs) / 1000);
      case 'min_of':
      case 'max_of': {
        const pick = call.name === 'min_of' ? Math.min : Math.max;
        const [left, right] = [await this.#scalars(first!), await this.#scalars(call.args[1]!)];
        return this.#scalar((step) => pick(left[step]!, right[step]!));
      }
      case 'scalar': {
        const series = await this.#vector(first!);
        return this.#scalar((step) => onlyFloat(series, step));
      }
      case 'vector': {
        const values = await this.#scalars(first!);
        this.#evaluation.reserve(this.#grid.count);
        const series = createStepSeries(LabelSet.EMPTY, this.#grid.count);
        for (let step = 0; step < values.length; step += 1) setFloat(series, step, values[step]!);
        return vector([series]);
      }
      case 'clamp':
      case 'clamp_min':
      case 'clamp_max':
        return vector(await this.#clamp(call));
      case 'round': {
        const nearest = call.args[1] === undefined ? undefined : await this.#scalars(call.args[1]);
        return vector(
          mapFloats(this.#evaluation, await this.#vector(first!), (value, step) =>
            roundTo(value, nearest?.[step] ?? 1),
          ),
        );
      }
      case 'timestamp':
      case 'start_timestamp':
        return vector(await this.#timestamp(first!, call.name));
      case 'absent':
        return vector(this.#absent(first!, occupiedBy(await this.#vector(first!), this.#grid)));
      case 'label_replace':
        return vector(labelReplace(call, await this.#vector(first!), this.#evaluation.options.utf8Names));
      case 'label_join':
        return vector(labelJoin(call, await this.#vector(first!), this.#evaluation.options.utf8Names));
      case 'sort':
      case 'sort_desc':
      case 'sort_by_label':
      case 'sort_by_label_desc':
        return vector(await this.#sort(call));
      case 'info':
        return vector(await evaluateInfo(this.#evaluation, this.#grid, call, await this.#vector(first!)));
      default:
        return vector(
          await evaluateHistogramCall(this.#evaluation, this.#grid, call, {
            vector: (arg) => this.#vector(arg),
            scalars: (arg) => this.#scalars(arg),
          }),
        );
    }
  }

  async #rangeCall(call: Call, rangeIndex: number): Promise<StepSeries[]> {
    const arg = call.args[rangeIndex]!;
    const scalars: Float64Array[] = [];
    for (const [i, other] of call.args.entries()) if (i !== rangeIndex) scalars.push(await this.#scalars(other));
    const source = await this.#source(arg);
    refuseMode(call, source);
    if (call.name === 'absent_over_time') {
      const occupied = new Uint8Array(this.#grid.count);
      for (const columns of source.series) windowsOccupied(columns, source, this.#grid, occupied);
      return this.#absent(unwrapParens(arg), occupied);
    }
    const entry = RANGE_FUNCTIONS[call.name];
    if (entry === undefined) throw new PromqlError('execution', `function "${call.name}" takes no range`, call.range);
    const series = await evaluateRangeFunction(this.#evaluation, this.#grid, {
      call,
      rangeArg: arg,
      source,
      scalars,
      apply: entry.apply,
    });
    this.#noteNonCounter(call, source);
    return entry.keepsName ? series : dropNames(this.#evaluation, series);
  }

  #noteNonCounter(call: Call, source: RangeSource): void {
    if (call.name !== 'rate' && call.name !== 'increase') return;
    for (const { labels, histograms } of source.series) {
      const name = labels.get('__name__');
      if (name === '' || histograms.length > 0 || /(?:_total|_sum|_count|_bucket)$/.test(name)) continue;
      const message = `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "${name}"`;
      this.#evaluation.notes.info(message, call.args[0]!.range);
    }
  }

  #source(arg: Expr): Promise<RangeSource> {
    const node = unwrapParens(arg);
    if (node.kind === 'matrix') return Promise.resolve(rangeOfSelector(this.#evaluation, node));
    if (node.kind !== 'subquery') throw new PromqlError('execution', 'expected a range vector', arg.range);
    return rangeOfSubquery(this.#evaluation, node, this.#grid, async (grid) => {
      const value = await evaluate(this.#evaluation, node.expr, grid);
      return value.type === 'vector' ? value.series : [];
    });
  }

  #timeSeries(): StepSeries {
    const series = createStepSeries(LabelSet.EMPTY, this.#grid.count);
    for (let step = 0; step < this.#grid.count; step += 1) setFloat(series, step, gridTime(this.#grid, step) / 1000);
    return series;
  }

  async #clamp(call: Call): Promise<StepSeries[]> {
    const [arg, first, second] = call.args;
    const bound = await this.#scalars(first!);
    const other = second === undefined ? undefined : await this.#scalars(second);
    const series = await this.#vector(arg!);
    return mapFloats(this.#evaluation, series, (value, step) => {
      const limit = bound[step]!;
      if (call.name === 'clamp_min') return clampTo(value, limit, Number.POSITIVE_INFINITY);
      if (call.name === 'clamp_max') return clampTo(value, Number.NEGATIVE_INFINITY, limit);
      const high = other![step]!;
      return high < limit ? undefined : clampTo(value, limit, high);
    });
  }

  /** Of a selector the time of the sample, of anything else that of the step. */
  async #timestamp(arg: Expr, aspect: SampleAspect): Promise<StepSeries[]> {
    const selector = unwrapParens(arg);
    if (selector.kind === 'selector') {
      return dropNames(this.#evaluation, await selectInstant(this.#evaluation, selector, this.#grid, aspect));
    }
    const series = await this.#vector(arg);
    if (aspect === 'start_timestamp') return [];
    const times = series.map((one) => {
      const result = createStepSeries(one.labels, one.kinds.length, one.dropName);
      for (let step = 0; step < one.kinds.length; step += 1) {
        if (one.kinds[step] !== ABSENT) setFloat(result, step, gridTime(this.#grid, step) / 1000);
      }
      return result;
    });
    return dropNames(this.#evaluation, times);
  }

  #absent(arg: Expr, occupied: Uint8Array): StepSeries[] {
    const series = createStepSeries(LabelSet.from(absentLabels(arg)), this.#grid.count);
    for (let step = 0; step < occupied.length; step += 1) if (occupied[step] === 0) setFloat(series, step, 1);
    return series.kinds.some((kind) => kind !== ABSENT) ? [series] : [];
  }

  async #sort(call: Call): Promise<StepSeries[]> {
    const [arg, ...labels] = call.args;
    const series = await this.#vector(arg!);
    const { startMs, endMs } = this.#evaluation;
    if (startMs !== endMs) {
      this.#evaluation.notes.warn(
        'sort is ineffective for range queries since results are always ordered by labels',
        call.range,
      );
    }
    if (call.name.startsWith('sort_by_label'))
      return sortByLabels(series, labels.map(textOf), call.name.endsWith('_desc'));
    return this.#grid.count === 1 ? sortByValue(series, call.name === 'sort_desc') : onlyFloats(series);
  }
}

function vector(series: StepSeries[]): StepValue {
  return { type: 'vector', series };
}

function onlyFloats(series: readonly StepSeries[]): StepSeries[] {
  return series.map((one) => {
    const result = createStepSeries(one.labels, one.kinds.length, one.dropName);
    for (let step = 0; step < one.kinds.length; step += 1) if (one.kinds[step] === FLOAT) copyStep(one, result, step);
    return result;
  });
}

function onlyFloat(series: readonly StepSeries[], step: number): number {
  let found = Number.NaN;
  let count = 0;
  for (const one of series) {
    if (one.kinds[step] !== FLOAT) continue;
    found = one.values[step]!;
    count += 1;
  }
  return count === 1 ? found : Number.NaN;
}

function occupiedBy(series: readonly StepSeries[], grid: Grid): Uint8Array {
  const occupied = new Uint8Array(grid.count);
  for (const one of series)
    for (let step = 0; step < grid.count; step += 1) if (one.kinds[step] !== ABSENT) occupied[step] = 1;
  return occupied;
}

const WITH_MODE = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
} as const;

function refuseMode(call: Call, { mode }: RangeSource): void {
  if (mode === undefined || (WITH_MODE[mode] as readonly string[]).includes(call.name)) return;
  const names = WITH_MODE[mode].join(', ');
  throw new PromqlError(
    'execution',
    `${mode} modifier can only be used with: ${names} - not with ${call.name}`,
    call.range,
  );
}
