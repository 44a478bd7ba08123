import type { NativeHistogram } from '@vedetta/model';
import type { SampleHints } from '../api/sample-store.js';
import { copyOf, interpolateHistograms } from './histograms/interpolate-histograms.js';
import type { SampleColumns } from './sample-chunk.js';
import { staleOf } from './stale-marker.js';
import type { Aggregate, ThinnedSamples } from './tier-chunk.js';

/** Below the five minutes for which Prometheus looks back: what is further apart has points put between. */
const INSTANT_STEP_MS = 240_000;
/** Points that a range is given at least. */
const POINTS_A_RANGE = 4;
const MIN_STEP_MS = 1000;

const AGGREGATE_OF: Readonly<Record<string, Aggregate>> = {
  min_over_time: 'min',
  max_over_time: 'max',
  sum_over_time: 'sum',
};
/** They ask how a value changes: it is taken to do so evenly. */
const OF_CHANGE: ReadonlySet<string> = new Set([
  'rate',
  'increase',
  'irate',
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
]);
/** They add samples up: what is put between would be added too. */
const OF_AMOUNT: ReadonlySet<string> = new Set(['sum_over_time', 'count_over_time', 'changes', 'resets']);

/**
 * The samples that a question gets of thinned ones: of `min_over_time`, `max_over_time`, `sum_over_time` and `avg_over_time` the
 * window's own, of all others those that were kept. A question whose range is shorter than two windows, or that looks for the
 * value at a time, would find none between two windows: there, points are put.
 */
export function readThinned(thinned: ThinnedSamples, windowMs: number, hints: SampleHints): SampleColumns {
  const samples = columnsFor(thinned, hints.functionName);
  if (hints.rangeMs === 0) return fill(samples, { windowMs, stepMs: INSTANT_STEP_MS, points: EARLIER });
  if (hints.rangeMs >= 2 * windowMs || OF_AMOUNT.has(hints.functionName)) return samples;
  const stepMs = Math.max(MIN_STEP_MS, Math.floor(hints.rangeMs / POINTS_A_RANGE));
  return fill(samples, { windowMs, stepMs, points: OF_CHANGE.has(hints.functionName) ? EVEN : LATER });
}

/** What a sample between two is, at a share of the time from one to the other. */
interface PointsBetween {
  readonly number: (a: number, b: number, share: number) => number;
  readonly histogram: (a: NativeHistogram, b: NativeHistogram, share: number) => NativeHistogram;
}

const EARLIER: PointsBetween = { number: (a) => a, histogram: copyOf };
const LATER: PointsBetween = { number: (_a, b) => b, histogram: (_a, b) => copyOf(b) };
const EVEN: PointsBetween = {
  number: (a, b, share) => (b >= a ? a + (b - a) * share : a),
  histogram: interpolateHistograms,
};

function columnsFor({ kept, aggregates }: ThinnedSamples, functionName: string): SampleColumns {
  if (aggregates === undefined) return kept;
  const name = AGGREGATE_OF[functionName];
  if (name !== undefined) return aggregates[name];
  if (functionName !== 'avg_over_time') return kept;
  const { sum, count } = aggregates;
  return { timestampsMs: sum.timestampsMs, values: sum.values.map((value, i) => value / (count.values[i] as number)) };
}

interface FillOptions {
  readonly windowMs: number;
  readonly stepMs: number;
  readonly points: PointsBetween;
}

/**
 * Puts points between samples of neighbouring windows; never behind a marker of staleness, where a window is missing, or between
 * a number and a histogram.
 */
function fill(samples: SampleColumns, { windowMs, stepMs, points: between }: FillOptions): SampleColumns {
  const { timestampsMs, values, histograms } = samples;
  const isStale = staleOf(values);
  const gapOf = (i: number): number => (timestampsMs[i] as number) - (timestampsMs[i - 1] as number);
  const pointsBefore = (i: number): number => {
    if (i === 0 || gapOf(i) <= stepMs || gapOf(i) > 2 * windowMs || isStale(i - 1) || isStale(i)) return 0;
    if ((histograms?.[i] === undefined) !== (histograms?.[i - 1] === undefined)) return 0;
    return Math.ceil(gapOf(i) / stepMs) - 1;
  };
  let points = 0;
  for (let i = 0; i < values.length; i += 1) points += pointsBefore(i);
  if (points === 0) return samples;
  const filled = {
    timestampsMs: new Float64Array(values.length + points),
    values: new Float64Array(values.length + points),
  };
  const filledHistograms: (NativeHistogram | undefined)[] = [];
  const [from, to] = [
    new BigUint64Array(values.buffer, values.byteOffset, values.length),
    new BigUint64Array(filled.values.buffer),
  ];
  let at = 0;
  for (let i = 0; i < values.length; i += 1) {
    const count = pointsBefore(i);
    const [before, after] = [histograms?.[i - 1], histograms?.[i]];
    for (let k = 1; k <= count; k += 1) {
      const offsetMs = k * stepMs;
      const share = offsetMs / gapOf(i);
      filled.timestampsMs[at] = (timestampsMs[i - 1] as number) + offsetMs;
      filled.values[at] = between.number(values[i - 1] as number, values[i] as number, share);
      filledHistograms[at] = before && after && between.histogram(before, after, share);
      at += 1;
    }
    filled.timestampsMs[at] = timestampsMs[i] as number;
    to[at] = from[i] as bigint;
    filledHistograms[at] = after;
    at += 1;
  }
  return histograms === undefined ? filled : { ...filled, histograms: filledHistograms };
}
