/** Sums over the last minutes, kept in buckets of time: exact to the width of a bucket, in bounded memory. */
export class SlidingSums {
  readonly #bucketMs: number;
  readonly #buckets: { start: number; count: number; sum: number }[];

  constructor(windowMs: number, buckets = 60) {
    this.#bucketMs = windowMs / buckets;
    this.#buckets = Array.from({ length: buckets }, () => ({ start: Number.NEGATIVE_INFINITY, count: 0, sum: 0 }));
  }

  add(value: number, nowUnixMs: number): void {
    const start = Math.floor(nowUnixMs / this.#bucketMs);
    const bucket = this.#buckets[start % this.#buckets.length];
    if (bucket === undefined) return;
    if (bucket.start !== start) Object.assign(bucket, { start, count: 0, sum: 0 });
    bucket.count += 1;
    bucket.sum += value;
  }

  /** Mean of what was added within the window; `undefined` when nothing was. */
  mean(nowUnixMs: number): number | undefined {
    const oldest = Math.floor(nowUnixMs / this.#bucketMs) - this.#buckets.length;
    let count = 0;
    let sum = 0;
    for (const bucket of this.#buckets) {
      if (bucket.start <= oldest) continue;
      count += bucket.count;
      sum += bucket.sum;
    }
    return count === 0 ? undefined : sum / count;
  }
}

/** How many different names were seen in the last minutes; the oldest give way when there are too many. */
export class RecentNames {
  readonly #windowMs: number;
  readonly #max: number;
  /** In the order in which they were last seen. */
  readonly #seen = new Map<string, number>();

  constructor(windowMs: number, max = 100_000) {
    this.#windowMs = windowMs;
    this.#max = max;
  }

  see(name: string, nowUnixMs: number): void {
    this.#seen.delete(name);
    this.#seen.set(name, nowUnixMs);
    if (this.#seen.size > this.#max) this.#dropFirst();
  }

  count(nowUnixMs: number): number {
    for (const seenMs of this.#seen.values()) {
      if (seenMs > nowUnixMs - this.#windowMs) break;
      this.#dropFirst();
    }
    return this.#seen.size;
  }

  #dropFirst(): void {
    for (const name of this.#seen.keys()) {
      this.#seen.delete(name);
      return;
    }
  }
}
