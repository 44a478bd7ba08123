import { BoundedMap } from './bounded-map.js';
import { addExponential } from './exponential.js';
import type { Point } from './point.js';

/** What all sums may hold together, in characters of keys and numbers of buckets. */
const MAX_COST = 32 * 1024 * 1024;
const ENTRY_COST = 64;
/** Of one side; twice what is written, so that adding up costs little and loses little. */
const MAX_BUCKETS = 320;

/** Sums of what was sent as differences, by series. Forgets the oldest: those count from zero again, as after a restart. */
export class DeltaState {
  readonly #sums = new BoundedMap<Point>(MAX_COST, costOf);

  /** Begins a body: nothing of it stays unless it is committed. */
  begin(): DeltaBatch {
    return new DeltaBatch(this.#sums);
  }
}

/** The points of one body added to what was there. */
export class DeltaBatch {
  readonly #sums: BoundedMap<Point>;
  readonly #staged = new Map<string, Point>();

  constructor(sums: BoundedMap<Point>) {
    this.#sums = sums;
  }

  /** The point as a cumulative one; `undefined` when it is not newer than the latest: it was sent again, and counts once. */
  add(key: string, point: Point): Point | undefined {
    const before = this.#staged.get(key) ?? this.#sums.get(key);
    if (before !== undefined && point.timeMs <= before.timeMs) return undefined;
    const sum = before === undefined ? point : addPoints(before, point);
    this.#staged.set(key, sum);
    return sum;
  }

  /** To be called when the samples are stored. */
  commit(): void {
    for (const [key, point] of this.#staged) this.#sums.set(key, point);
  }
}

function costOf(key: string, { counts, positive, negative }: Point): number {
  return key.length + counts.length + positive.counts.length + negative.counts.length + ENTRY_COST;
}

/** What cannot be added, such as histograms of other boundaries, begins anew. */
function addPoints(before: Point, point: Point): Point {
  const sums = {
    value: point.value === undefined ? undefined : point.value + (before.value ?? 0),
    count: point.count + before.count,
    sum: point.sum === undefined ? undefined : point.sum + (before.sum ?? 0),
  };
  if (point.counts.length > 0 || before.counts.length > 0) {
    const same =
      point.bounds.length === before.bounds.length &&
      point.counts.length === before.counts.length &&
      point.bounds.every((bound, i) => bound === before.bounds[i]);
    if (!same) return point;
    return { ...point, ...sums, counts: point.counts.map((count, i) => count + (before.counts[i] as number)) };
  }
  const merged = addExponential(before, point, MAX_BUCKETS);
  return merged === undefined ? point : { ...merged, ...sums };
}
