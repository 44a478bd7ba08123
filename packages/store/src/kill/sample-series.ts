import type { Labels, SampleHints, SampleStore } from '../index.js';
import { toLabels } from '../index.js';

/** Series that the killed program writes: the n-th sample of each has the value n, at a time that follows from n. */
export interface KillSeries {
  readonly labels: Labels;
  readonly firstMs: number;
  readonly stepMs: number;
  /** Old enough to be thinned out while it is written. */
  readonly isOld: boolean;
}

const HOUR_MS = 3_600_000;
const SERIES = 12;
/** Width of the windows that old samples are thinned out to. */
export const WINDOW_MS = 300_000;
export const TIERS = [
  { ageMs: 24 * HOUR_MS, windowMs: WINDOW_MS },
  { ageMs: 72 * HOUR_MS, windowMs: 3 * WINDOW_MS },
];

/** Half of them begin three hours ago, half twenty days. */
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
    };
  });
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
  return outcome.series.flatMap(({ timestampsMs, values }) =>
    Array.from(timestampsMs, (timestampMs, i) => [timestampMs, values[i] ?? Number.NaN] as const),
  );
}
