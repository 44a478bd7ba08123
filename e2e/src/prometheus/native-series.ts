import type { Buckets, NativeHistogram } from '@vedetta/query';
import { setStale } from '@vedetta/query';
import type { WrittenSeries } from '../support/remote-write.js';
import { createRandom, DATA_END_MS, DATA_START_MS } from './test-series.js';

/** What a sample of a series of native histograms is: `undefined` where there is none. */
type HistogramAt = (i: number) => NativeHistogram | 'stale' | undefined;

const INTERVAL_MS = 15_000;
const NONE: Buckets = { indexes: [], counts: [] };

/** Native histograms of the kinds that Prometheus 2.42 knows: whole and in fractions, with resets, gaps, other schemas, gauges. */
export function nativeSeries(): WrittenSeries[] {
  const latency = (instance: string, seed: number, more: Partial<CounterOptions> = {}) =>
    createSeries({ __name__: 'native_latency_seconds', instance, job: 'native' }, counterOf({ seed, ...more }));
  return [
    latency('a', 1),
    latency('b', 2, { schema: 0 }),
    latency('c', 3, { hasNegative: true, zeroEach: 3 }),
    createSeries({ __name__: 'native_reset', job: 'native' }, counterOf({ seed: 4, resetEvery: 90 })),
    createSeries({ __name__: 'native_gaps', job: 'native' }, withGaps(counterOf({ seed: 5 }))),
    createSeries({ __name__: 'native_float', job: 'native' }, inFractions(counterOf({ seed: 6 }))),
    createSeries({ __name__: 'native_coarser', job: 'native' }, becomingCoarser(7)),
    createSeries({ __name__: 'native_gauge', job: 'native' }, gaugeOf(8)),
  ];
}

interface CounterOptions {
  readonly seed: number;
  readonly schema?: number;
  readonly hasNegative?: boolean;
  /** Observations of nothing between two samples. */
  readonly zeroEach?: number;
  readonly resetEvery?: number;
}

/** A counter whose buckets come up as they are needed. */
function counterOf(options: CounterOptions): HistogramAt {
  const { seed, schema = 3, hasNegative = false, zeroEach = 0, resetEvery = 0 } = options;
  const random = createRandom(seed);
  let state = { positive: new Map<number, number>(), negative: new Map<number, number>(), zero: 0, sum: 0 };
  return (i) => {
    if (resetEvery > 0 && i % resetEvery === resetEvery - 1) {
      state = { positive: new Map(), negative: new Map(), zero: 0, sum: 0 };
    }
    for (let n = 0; n < 20; n += 1) {
      const exponent = (random() + random() + random() - 1.5) * 3;
      const isNegative = hasNegative && random() < 0.2;
      const side = isNegative ? state.negative : state.positive;
      const index = Math.ceil(exponent * 2 ** schema);
      side.set(index, (side.get(index) ?? 0) + 1);
      state.sum += (isNegative ? -1 : 1) * 2 ** exponent;
    }
    state.zero += zeroEach;
    return toHistogram(schema, state);
  };
}

function toHistogram(
  schema: number,
  state: { positive: Map<number, number>; negative: Map<number, number>; zero: number; sum: number },
): NativeHistogram {
  const [positive, negative] = [toBuckets(state.positive), toBuckets(state.negative)];
  return {
    schema,
    zeroThreshold: 2 ** -128,
    zeroCount: state.zero,
    count: [...positive.counts, ...negative.counts].reduce((sum, count) => sum + count, state.zero),
    sum: state.sum,
    positive,
    negative,
    customBounds: undefined,
    resetHint: 'unknown',
  };
}

function toBuckets(counts: ReadonlyMap<number, number>): Buckets {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  if (sorted.length === 0) return NONE;
  return { indexes: sorted.map(([index]) => index), counts: sorted.map(([, count]) => count) };
}

function withGaps(inner: HistogramAt): HistogramAt {
  return (i) => {
    const histogram = inner(i);
    if (i % 100 === 60) return 'stale';
    return i % 100 > 60 && i % 100 < 85 ? undefined : histogram;
  };
}

function inFractions(inner: HistogramAt): HistogramAt {
  return (i) => {
    const histogram = inner(i);
    return typeof histogram === 'object' ? times(histogram, 0.5) : histogram;
  };
}

function times(histogram: NativeHistogram, factor: number): NativeHistogram {
  const scale = ({ indexes, counts }: Buckets): Buckets => ({ indexes, counts: counts.map((count) => count * factor) });
  return {
    ...histogram,
    count: histogram.count * factor,
    sum: histogram.sum * factor,
    zeroCount: histogram.zeroCount * factor,
    positive: scale(histogram.positive),
    negative: scale(histogram.negative),
  };
}

/** The schema is halved in the middle, as a client does that has too many buckets. */
function becomingCoarser(seed: number): HistogramAt {
  const inner = counterOf({ seed, schema: 3 });
  const half = (DATA_END_MS - DATA_START_MS) / INTERVAL_MS / 2;
  return (i) => {
    const histogram = inner(i);
    if (i < half || typeof histogram !== 'object') return histogram;
    const merged = new Map<number, number>();
    for (const [at, index] of histogram.positive.indexes.entries()) {
      const coarse = Math.ceil(index / 2);
      merged.set(coarse, (merged.get(coarse) ?? 0) + (histogram.positive.counts[at] as number));
    }
    return { ...histogram, schema: 2, positive: toBuckets(merged) };
  };
}

function gaugeOf(seed: number): HistogramAt {
  const random = createRandom(seed);
  return () => {
    const state = { positive: new Map<number, number>(), negative: new Map<number, number>(), zero: 1, sum: 0 };
    for (let index = 0; index < 12; index += 1) {
      const count = Math.floor(random() * 9) + 1;
      state.positive.set(index, count);
      state.sum += count * 2 ** (index / 8);
    }
    return { ...toHistogram(3, state), resetHint: 'gauge' };
  };
}

/** Off the full second, as `createSeries` of numbers does and why. */
function createSeries(labels: Readonly<Record<string, string>>, at: HistogramAt): WrittenSeries {
  const count = (DATA_END_MS - DATA_START_MS) / INTERVAL_MS;
  const samples = Array.from({ length: count }, (_, i) => [DATA_START_MS + i * INTERVAL_MS + 3, at(i)] as const);
  const there = samples.filter(([, sample]) => sample !== undefined);
  const values = new Float64Array(there.length);
  for (const [i, [, sample]] of there.entries()) if (sample === 'stale') setStale(values, i);
  return {
    labels: Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
    timestampsMs: Float64Array.from(there, ([timeMs]) => timeMs),
    values,
    histograms: there.map(([, sample]) => (typeof sample === 'object' ? sample : undefined)),
  };
}
