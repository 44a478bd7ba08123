import { addHistograms } from './combine-histograms.js';
import type { Buckets, NativeHistogram } from './native-histogram.js';
import { compact, scale } from './native-histogram.js';

export interface AggregatedHistograms {
  /** `undefined` where exponential and listed boundaries meet. */
  readonly histogram: NativeHistogram | undefined;
  readonly resetCollision: boolean;
  readonly reconciled: boolean;
}

/** Adds up histograms; what rounding loses is kept apart until the end. */
export class HistogramSum {
  #sum: NativeHistogram | undefined;
  #lost: NativeHistogram | undefined;
  #count = 0;
  #mean = false;
  #resetSeen = false;
  #noResetSeen = false;
  #reconciled = false;
  #incompatible = false;

  get count(): number {
    return this.#count;
  }

  /** As it will be after this, the sum of all so far. */
  addToSum(histogram: NativeHistogram): void {
    this.#see(histogram);
    if (this.#sum === undefined) this.#sum = histogram;
    else this.#accumulate(histogram);
  }

  /** As `addToSum`, but goes on as a mean once the sum is too large for a number. */
  addToMean(histogram: NativeHistogram): void {
    this.#see(histogram);
    if (this.#sum === undefined || this.#incompatible) {
      this.#sum ??= histogram;
      return;
    }
    if (!this.#mean) {
      const before = { sum: this.#sum, lost: this.#lost };
      this.#accumulate(histogram);
      if (this.#incompatible || !overflows(this.#sum)) return;
      this.#mean = true;
      this.#sum = divide(before.sum, this.#count - 1);
      this.#lost = before.lost === undefined ? undefined : divide(before.lost, this.#count - 1);
    }
    const weight = (this.#count - 1) / this.#count;
    this.#sum = scale(this.#sum, weight);
    if (this.#lost !== undefined) this.#lost = scale(this.#lost, weight);
    this.#accumulate(divide(histogram, this.#count));
  }

  sum(): AggregatedHistograms {
    return this.#finished((histogram) => histogram);
  }

  average(): AggregatedHistograms {
    return this.#finished((histogram) => (this.#mean ? histogram : divide(histogram, this.#count)));
  }

  #see({ resetHint }: NativeHistogram): void {
    this.#count += 1;
    if (resetHint === 'reset') this.#resetSeen = true;
    else if (resetHint === 'not_reset') this.#noResetSeen = true;
  }

  #accumulate(histogram: NativeHistogram): void {
    if (this.#incompatible) return;
    const before = this.#sum!;
    const combined = addHistograms(before, histogram);
    if (combined.histogram === undefined) {
      this.#incompatible = true;
      return;
    }
    if (combined.reconciled) this.#reconciled = true;
    const lost = roundingOf(before, histogram, combined.histogram);
    this.#sum = combined.histogram;
    if (lost === undefined) return;
    this.#lost = this.#lost === undefined ? lost : (addHistograms(this.#lost, lost).histogram ?? this.#lost);
  }

  #finished(finish: (histogram: NativeHistogram) => NativeHistogram): AggregatedHistograms {
    const notes = { resetCollision: this.#resetSeen && this.#noResetSeen, reconciled: this.#reconciled };
    if (this.#incompatible || this.#sum === undefined)
      return { histogram: undefined, resetCollision: false, reconciled: this.#reconciled };
    const sum = finish(this.#sum);
    const lost = this.#lost === undefined ? undefined : addHistograms(sum, finish(this.#lost)).histogram;
    const whole = lost === undefined ? sum : { ...lost, resetHint: sum.resetHint };
    return { histogram: compact(whole), ...notes };
  }
}

export function sumHistograms(histograms: readonly NativeHistogram[]): AggregatedHistograms {
  const sum = new HistogramSum();
  for (const histogram of histograms) sum.addToSum(histogram);
  return sum.sum();
}

export function averageHistograms(histograms: readonly NativeHistogram[]): AggregatedHistograms {
  const sum = new HistogramSum();
  for (const histogram of histograms) sum.addToMean(histogram);
  return sum.average();
}

function divide(histogram: NativeHistogram, by: number): NativeHistogram {
  const parts = (buckets: Buckets): Buckets => ({
    indexes: buckets.indexes,
    counts: buckets.counts.map((count) => count / by),
  });
  return {
    ...histogram,
    zeroCount: histogram.zeroCount / by,
    count: histogram.count / by,
    sum: histogram.sum / by,
    positive: parts(histogram.positive),
    negative: parts(histogram.negative),
  };
}

function overflows(histogram: NativeHistogram): boolean {
  const isInfinite = (value: number) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
  return (
    isInfinite(histogram.zeroCount) ||
    isInfinite(histogram.count) ||
    isInfinite(histogram.sum) ||
    histogram.positive.counts.some(isInfinite) ||
    histogram.negative.counts.some(isInfinite)
  );
}

/** What an addition lost in the numbers that may be of any size, as a histogram to add later; `undefined` when nothing. */
function roundingOf(a: NativeHistogram, b: NativeHistogram, total: NativeHistogram): NativeHistogram | undefined {
  const lost = {
    count: lostIn(a.count, b.count, total.count),
    sum: lostIn(a.sum, b.sum, total.sum),
    zeroCount: a.zeroThreshold === b.zeroThreshold ? lostIn(a.zeroCount, b.zeroCount, total.zeroCount) : 0,
  };
  const sameBuckets =
    a.schema === b.schema && a.zeroThreshold === b.zeroThreshold && a.customBounds?.length === b.customBounds?.length;
  const positive = sameBuckets ? lostInBuckets(a.positive, b.positive, total.positive) : undefined;
  const negative = sameBuckets ? lostInBuckets(a.negative, b.negative, total.negative) : undefined;
  if (lost.count === 0 && lost.sum === 0 && lost.zeroCount === 0 && positive === undefined && negative === undefined)
    return undefined;
  const none: Buckets = { indexes: [], counts: [] };
  return { ...total, ...lost, positive: positive ?? none, negative: negative ?? none };
}

function lostInBuckets(a: Buckets, b: Buckets, total: Buckets): Buckets | undefined {
  const indexes: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  for (const [at, index] of total.indexes.entries()) {
    const left = a.indexes[i] === index ? a.counts[i++]! : 0;
    const right = b.indexes[j] === index ? b.counts[j++]! : 0;
    const lost = lostIn(left, right, total.counts[at]!);
    if (lost === 0) continue;
    indexes.push(index);
    counts.push(lost);
  }
  return indexes.length === 0 ? undefined : { indexes, counts };
}

function lostIn(a: number, b: number, total: number): number {
  if (!Number.isFinite(total)) return 0;
  return Math.abs(a) >= Math.abs(b) ? a - total + b : b - total + a;
}
