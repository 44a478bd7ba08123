import type { NativeHistogram } from '@vedetta/model';
import type { Labels, SampleHints, SampleStore, SeriesSamples } from '../index.js';
import { toLabels } from '../index.js';

/**
 * Series that the killed program writes: the n-th sample of each has the value n, or is a histogram that counts n observations, at a
 * time that follows from n.
 */
export interface KillSeries {
  readonly labels: Labels;
  readonly firstMs: number;
  readonly stepMs: number;
  /** Old enough to be thinned out while it is written. */
  readonly isOld: boolean;
  /** Whether the n-th sample is a histogram. */
  readonly isHistogram: (n: number) => boolean;
}

const HOUR_MS = 3_600_000;
const SERIES = 12;
/** Width of the windows that old samples are thinned out to. */
export const WINDOW_MS = 300_000;
export const TIERS = [
  { ageMs: 24 * HOUR_MS, windowMs: WINDOW_MS },
  { ageMs: 72 * HOUR_MS, windowMs: 3 * WINDOW_MS },
];

/** A series that changes between numbers and histograms does so after so many samples: within what is written at once. */
const MIXED_RUN = 37;
const KINDS: readonly KillSeries['isHistogram'][] = [
  () => false,
  () => true,
  (n) => Math.floor(n / MIXED_RUN) % 2 === 1,
];

/** Half of them begin three hours ago, half twenty days; a third each are numbers, histograms, and now these, now those. */
export function killSeries(nowMs: number): readonly KillSeries[] {
  return Array.from({ length: SERIES }, (_, i) => {
    const isOld = i % 2 === 1;
    return {
      labels:
        toLabels([
          ['__name__', isOld ? 'old_total' : 'fresh'],
          ['series', String(i)],
        ]) ?? [],
      firstMs: nowMs - (isOld ? 480 * HOUR_MS : 3 * HOUR_MS),
      stepMs: isOld ? 10_000 : 1,
      isOld,
      isHistogram: KINDS[Math.floor(i / 2) % KINDS.length] ?? (() => false),
    };
  });
}

/** Some samples of a series, from the n-th on. */
export function samplesFrom({ labels, firstMs, stepMs, isHistogram }: KillSeries, n: number, count: number) {
  const values = Float64Array.from({ length: count }, (_, i) => n + i);
  return {
    labels,
    timestampsMs: values.map((value) => firstMs + value * stepMs),
    values,
    histograms: Array.from(values, (value) => (isHistogram(value) ? histogramOf(value) : undefined)),
  } satisfies SeriesSamples;
}

function histogramOf(count: number): NativeHistogram {
  const [low, high] = [Math.floor(count / 2), Math.ceil(count / 2)];
  return {
    schema: 3,
    zeroThreshold: 0,
    zeroCount: 0,
    count,
    sum: count / 3,
    positive: { indexes: [1, 9], counts: [low, high] },
    negative: { indexes: [], counts: [] },
    customBounds: undefined,
    resetHint: 'unknown',
  };
}

/** All samples of a series. */
export async function readSeries(
  samples: SampleStore,
  { labels }: KillSeries,
  hints?: SampleHints,
): Promise<readonly (readonly [timestampMs: number, value: number])[]> {
  const matchers = labels.map(([name, value]) => ({ name, values: [value], test: (other: string) => other === value }));
  const range = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
  const outcome = await samples.select(matchers, range, { maxSeries: 1, maxSamples: 100_000_000 }, hints);
  if (outcome.kind !== 'series') throw new Error(outcome.message);
  return outcome.series.flatMap(({ timestampsMs, values, histograms }) =>
    Array.from(timestampsMs, (timestampMs, i) => {
      const { count, positive } = histograms?.[i] ?? {};
      const isWhole = positive === undefined || positive.counts.reduce((sum, each) => sum + each, 0) === count;
      return [timestampMs, isWhole ? (count ?? values[i] ?? Number.NaN) : Number.NaN] as const;
    }),
  );
}
