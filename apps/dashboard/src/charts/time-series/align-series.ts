import type { ChartSeries } from './types.js';

/** A value, a gap (`null`), or nothing to say (`undefined`): another series has a point at that time. */
export type Cell = number | null | undefined;

/** Series on one axis of time. */
export interface AlignedSeries {
  /** Every time at which some series has a point, milliseconds, ascending. */
  readonly times: readonly number[];
  /** One column a series, as long as the times. */
  readonly columns: readonly (readonly Cell[])[];
}

/** A point further away than this many steps stands alone. */
const GAP_STEPS = 1.5;

/**
 * Brings series together on one axis. A series that has no point at a time has a gap there, unless its neighbours are no
 * further apart than its own step: then another series is only finer.
 */
export function alignSeries(series: readonly ChartSeries[]): AlignedSeries {
  const times = unionOfTimes(series);
  return { times, columns: series.map((one) => toColumn(one, times)) };
}

function unionOfTimes(series: readonly ChartSeries[]): readonly number[] {
  const [first] = series;
  if (first === undefined) return [];
  // Answers to one question share their times, most often all of them.
  const shared = series.every(({ times, stepMs }) => stepMs === first.stepMs && sameTimes(times, first.times));
  const all = new Set(first.times);
  if (!shared) for (const { times } of series) for (const time of times) all.add(time);
  const before = all.size;
  for (const one of shared ? [first] : series) addGaps(one, all);
  if (shared && all.size === before) return first.times;
  return [...all].sort((a, b) => a - b);
}

/** Where a series pauses there must be a time without its value, or the line would go on; other series may have none there. */
function addGaps({ times, stepMs }: ChartSeries, all: Set<number>): void {
  const step = stepMs ?? smallestStep(times);
  for (let i = 1; i < times.length; i += 1) {
    const before = times[i - 1] as number;
    if ((times[i] as number) - before > step * GAP_STEPS) all.add(before + step);
  }
}

function sameTimes(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function toColumn({ times: own, values, stepMs }: ChartSeries, times: readonly number[]): readonly Cell[] {
  const column: Cell[] = new Array(times.length).fill(null);
  const reach = (stepMs ?? smallestStep(own)) * GAP_STEPS;
  let at = 0;
  let before = -1;
  for (let i = 0; i < own.length; i += 1) {
    const time = own[i] as number;
    while (at < times.length && (times[at] as number) < time) at += 1;
    if (at >= times.length) break;
    const value = values[i];
    column[at] = value === null || value === undefined || !Number.isFinite(value) ? null : value;
    const near = i > 0 && time - (own[i - 1] as number) <= reach;
    if (near) for (let k = before + 1; k < at; k += 1) column[k] = undefined;
    before = at;
  }
  return column;
}

function smallestStep(times: readonly number[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < times.length; i += 1)
    smallest = Math.min(smallest, (times[i] as number) - (times[i - 1] as number));
  return smallest;
}
