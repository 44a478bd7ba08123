import { setStale } from '@vedetta/query';

/** Samples of one series, as both servers are given them. */
export interface TestSeries {
  /** Sorted by name. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Ascending milliseconds. */
  readonly timestampsMs: Float64Array;
  /** Bit for bit: a marker of staleness is a NaN of its own bits. */
  readonly values: Float64Array;
}

/** The data end here and begin two hours before. Long ago, so that no server takes them for the future. */
export const DATA_END_MS = Date.UTC(2025, 0, 15, 12);
export const DATA_START_MS = DATA_END_MS - 2 * 3_600_000;

/** A value that stands for the marker of staleness until the series is made. */
export const STALE = Symbol('stale');

/** The value at a sample's number, `undefined` where there is no sample. */
export type ValueAt = (i: number) => number | typeof STALE | undefined;

/**
 * One series. Samples are a few milliseconds off the full second: no time that is asked about, less any whole number of
 * seconds, is the time of a sample. Prometheus 2 counts a sample at the left end of a range, Prometheus 3 does not.
 */
export function createSeries(
  labels: Readonly<Record<string, string>>,
  valueAt: ValueAt,
  { intervalMs = 30_000, phaseMs = 0 }: { readonly intervalMs?: number; readonly phaseMs?: number } = {},
): TestSeries {
  const times: number[] = [];
  const values: (number | typeof STALE)[] = [];
  const count = Math.floor((DATA_END_MS - DATA_START_MS) / intervalMs);
  for (let i = 0; i < count; i += 1) {
    const value = valueAt(i);
    if (value === undefined) continue;
    times.push(DATA_START_MS + i * intervalMs + phaseMs + 3);
    values.push(value);
  }
  const column = Float64Array.from(values, (value) => (value === STALE ? Number.NaN : value));
  for (const [i, value] of values.entries()) if (value === STALE) setStale(column, i);
  return {
    labels: Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
    timestampsMs: Float64Array.from(times),
    values: column,
  };
}

/** Numbers from 0 to 1 that look random and are the same in each run. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * A counter that grows by up to `speed` a sample and begins anew now and then, well above zero: where it would have been zero
 * is then outside any window, about which the versions of Prometheus differ.
 */
export function counterOf(seed: number, speed: number, resetEvery = 97): ValueAt {
  const random = createRandom(seed);
  let value = Math.floor((random() * 40 + 10) * speed);
  return (i) => {
    const added = Math.floor(random() * speed);
    value = i % resetEvery === resetEvery - 1 ? 10 * speed + added : value + added;
    return value;
  };
}

/** A gauge that wanders around `middle`. */
export function gaugeOf(seed: number, middle: number, width: number): ValueAt {
  const random = createRandom(seed);
  let value = middle;
  return () => {
    value += (random() - 0.5) * width + (middle - value) * 0.05;
    return value;
  };
}

/** The same with samples missing by chance, and now and then several in a row. */
export function withGaps(seed: number, share: number, inner: ValueAt): ValueAt {
  const random = createRandom(seed);
  let gap = 0;
  return (i) => {
    const value = inner(i);
    if (gap > 0) {
      gap -= 1;
      return undefined;
    }
    if (random() < share) gap = Math.floor(random() * 15);
    return value;
  };
}
