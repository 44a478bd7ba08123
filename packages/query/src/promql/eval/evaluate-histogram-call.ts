import type { ClassicBucket } from '../histogram/classic-buckets.js';
import { classicFraction, classicQuantile } from '../histogram/classic-buckets.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import type { NativeFigure } from '../histogram/native-statistics.js';
import { nativeFraction, nativeQuantile, nativeVariance } from '../histogram/native-statistics.js';
import type { LabelSet } from '../labels/label-set.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { Call, Expr, TextRange } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { Evaluation } from './evaluation.js';
import { textOf } from './label-functions.js';
import { forMetric, formatFloat } from './notes.js';
import type { Grid, StepSeries } from './step-series.js';
import { createStepSeries, FLOAT, gridTime, HISTOGRAM, setFloat } from './step-series.js';
import { dropNames, mergeSame } from './vector-functions.js';

/** How the arguments of a call are evaluated. */
export interface Arguments {
  vector(arg: Expr): Promise<StepSeries[]>;
  scalars(arg: Expr): Promise<Float64Array>;
}

/** Functions of histograms, native and classic. */
export async function evaluateHistogramCall(
  evaluation: Evaluation,
  grid: Grid,
  call: Call,
  args: Arguments,
): Promise<StepSeries[]> {
  const simple = NATIVE_FUNCTIONS[call.name];
  if (simple !== undefined) return dropNames(evaluation, ofNative(await args.vector(call.args[0]!), simple));
  const work = new HistogramWork(evaluation, grid, call);
  switch (call.name) {
    case 'histogram_quantile': {
      const [q, arg] = call.args as [Expr, Expr];
      const quantiles = await args.scalars(q);
      return dropNames(evaluation, await work.quantiles(quantiles, q.range, arg.range, await args.vector(arg)));
    }
    case 'histogram_quantiles': {
      const [arg, label, ...qs] = call.args as [Expr, Expr, ...Expr[]];
      const series = await args.vector(arg);
      const all: StepSeries[] = [];
      for (const q of qs) {
        const quantiles = await args.scalars(q);
        const found = await work.quantiles(quantiles, q.range, arg.range, series);
        all.push(...found.flatMap((one) => withQuantileLabel(one, textOf(label), quantiles)));
      }
      return dropNames(evaluation, mergeSame(all));
    }
    case 'histogram_fraction': {
      const [low, high, arg] = call.args as [Expr, Expr, Expr];
      const [lower, upper] = [await args.scalars(low), await args.scalars(high)];
      return dropNames(evaluation, await work.fractions(lower, upper, arg.range, await args.vector(arg)));
    }
    default:
      throw new PromqlError('execution', `unknown function with name "${call.name}"`, call.range);
  }
}

const NATIVE_FUNCTIONS: Readonly<Record<string, (histogram: NativeHistogram) => number>> = {
  histogram_avg: ({ sum, count }) => sum / count,
  histogram_count: ({ count }) => count,
  histogram_sum: ({ sum }) => sum,
  histogram_stddev: (histogram) => Math.sqrt(nativeVariance(histogram)),
  histogram_stdvar: nativeVariance,
};

function ofNative(series: readonly StepSeries[], apply: (histogram: NativeHistogram) => number): StepSeries[] {
  const results: StepSeries[] = [];
  for (const one of series) {
    if (one.histograms === undefined) continue;
    const result = createStepSeries(one.labels, one.kinds.length, one.dropName);
    for (let step = 0; step < one.kinds.length; step += 1) {
      if (one.kinds[step] === HISTOGRAM) setFloat(result, step, apply(one.histograms[step]!));
    }
    results.push(result);
  }
  return results;
}

/** A classic histogram: its buckets are series. A native one under the same labels spoils both. */
interface Family {
  readonly labels: LabelSet;
  readonly buckets: { readonly bound: number; readonly series: StepSeries }[];
  native: StepSeries | undefined;
}

class HistogramWork {
  readonly #evaluation: Evaluation;
  readonly #grid: Grid;
  readonly #call: Call;

  constructor(evaluation: Evaluation, grid: Grid, call: Call) {
    this.#evaluation = evaluation;
    this.#grid = grid;
    this.#call = call;
  }

  quantiles(
    quantiles: Float64Array,
    quantileRange: TextRange,
    range: TextRange,
    series: readonly StepSeries[],
  ): Promise<StepSeries[]> {
    const invalid = quantiles.find((q) => !(q >= 0 && q <= 1));
    if (invalid !== undefined) this.#evaluation.notes.invalidQuantile(invalid, quantileRange);
    return this.#each(series, range, {
      native: (histogram, step) => nativeQuantile(quantiles[step]!, histogram),
      classic: (buckets, step, name) => {
        const { quantile, forced } = classicQuantile(quantiles[step]!, buckets);
        if (forced !== undefined) this.#noteForced(forced, step, name, range);
        return quantile;
      },
    });
  }

  fractions(
    lower: Float64Array,
    upper: Float64Array,
    range: TextRange,
    series: readonly StepSeries[],
  ): Promise<StepSeries[]> {
    return this.#each(series, range, {
      native: (histogram, step) => nativeFraction(lower[step]!, upper[step]!, histogram),
      classic: (buckets, step) => classicFraction(lower[step]!, upper[step]!, buckets),
    });
  }

  async #each(
    series: readonly StepSeries[],
    range: TextRange,
    of: {
      native(histogram: NativeHistogram, step: number): NativeFigure;
      classic(buckets: ClassicBucket[], step: number, name: string): number;
    },
  ): Promise<StepSeries[]> {
    const results: StepSeries[] = [];
    for (const { labels, buckets, native } of this.#families(series, range)) {
      if (this.#evaluation.due) await this.#evaluation.breathe();
      this.#evaluation.reserve(this.#grid.count);
      const result = createStepSeries(
        labels,
        this.#grid.count,
        buckets[0]?.series.dropName ?? native?.dropName ?? false,
      );
      const name = labels.get(METRIC_NAME);
      let any = false;
      for (let step = 0; step < this.#grid.count; step += 1) {
        const present: ClassicBucket[] = [];
        for (const { bound, series: bucket } of buckets) {
          if (bucket.kinds[step] === FLOAT) present.push({ bound, count: bucket.values[step]! });
        }
        const histogram = native?.kinds[step] === HISTOGRAM ? native.histograms![step] : undefined;
        if (histogram !== undefined && present.length > 0) {
          this.#evaluation.notes.warn(
            `vector contains a mix of classic and native histograms${forMetric(this.#nameInNotes(name))}`,
            range,
          );
          continue;
        }
        if (histogram !== undefined) {
          const { value, nan } = of.native(histogram, step);
          this.#noteNan(nan, name, range);
          setFloat(result, step, value);
        } else if (present.length > 0) setFloat(result, step, of.classic(present, step, name));
        else continue;
        any = true;
      }
      if (any) results.push(result);
    }
    return results;
  }

  #families(series: readonly StepSeries[], range: TextRange): Iterable<Family> {
    const families = new Map<string, Family>();
    const familyOf = (labels: LabelSet): Family => {
      let family = families.get(labels.key);
      if (family === undefined) {
        family = { labels, buckets: [], native: undefined };
        families.set(labels.key, family);
      }
      return family;
    };
    for (const one of series) {
      if (one.histograms !== undefined) familyOf(one.labels).native = one;
      if (!one.kinds.includes(FLOAT)) continue;
      const bound = parseBound(one.labels.get('le'));
      if (bound === undefined) {
        const name = this.#nameInNotes(one.labels.get(METRIC_NAME));
        const message = `bucket label "le" is missing or has a malformed value of ${JSON.stringify(one.labels.get('le'))}${forMetric(name)}`;
        this.#evaluation.notes.warn(message, range);
        continue;
      }
      familyOf(one.labels.drop(BUCKET_LABEL)).buckets.push({ bound, series: one });
    }
    return families.values();
  }

  #noteForced(
    forced: { readonly minBound: number; readonly maxBound: number; readonly maxDifference: number },
    step: number,
    name: string,
    range: TextRange,
  ): void {
    const { minBound, maxBound, maxDifference } = forced;
    const time = new Date(gridTime(this.#grid, step)).toISOString();
    const message = `input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)${forMetric(this.#nameInNotes(name))}, from buckets ${formatFloat(minBound)} to ${formatFloat(maxBound)}, with a max diff of ${formatFloat(maxDifference)}, at ${time}`;
    this.#evaluation.notes.info(message, range);
  }

  #noteNan(nan: NativeFigure['nan'], name: string, range: TextRange): void {
    if (nan === 'none') return;
    const function_ = this.#call.name === 'histogram_fraction' ? 'histogram_fraction' : 'histogram_quantile';
    const what =
      nan === 'excluded'
        ? 'which are excluded from all fractions'
        : nan === 'result'
          ? 'result is NaN'
          : 'result is skewed higher';
    this.#evaluation.notes.info(`input to ${function_} has NaN observations, ${what}${forMetric(name)}`, range);
  }

  /** Prometheus knows the name only where names go away last. */
  #nameInNotes(name: string): string {
    return this.#evaluation.options.delayedNameRemoval ? name : '';
  }
}

const BUCKET_LABEL: ReadonlySet<string> = new Set(['le']);

/** A boundary as Go reads numbers; `undefined` where it is none. */
function parseBound(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}

/** The quantile may differ from step to step: each value of it is a series. */
function withQuantileLabel(series: StepSeries, label: string, quantiles: Float64Array): StepSeries[] {
  const byValue = new Map<number, StepSeries>();
  for (let step = 0; step < series.kinds.length; step += 1) {
    if (series.kinds[step] !== FLOAT) continue;
    const q = quantiles[step]!;
    let one = byValue.get(q);
    if (one === undefined) {
      one = createStepSeries(series.labels.with(label, formatOpenMetrics(q)), series.kinds.length, series.dropName);
      byValue.set(q, one);
    }
    setFloat(one, step, series.values[step]!);
  }
  return [...byValue.values()];
}

/** OpenMetrics writes whole numbers with a fraction: `1.0`. */
function formatOpenMetrics(value: number): string {
  const text = formatFloat(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
