/** Sums over the last minutes, kept in buckets of time: exact to the width of a bucket, in bounded memory whatever comes. */
export class SlidingSums {
  readonly #bucketMs: number;
  readonly #starts: Float64Array;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor(windowMs: number, buckets = 60) {
    this.#bucketMs = windowMs / buckets;
    this.#starts = new Float64Array(buckets).fill(Number.NEGATIVE_INFINITY);
    this.#counts = new Float64Array(buckets);
    this.#sums = new Float64Array(buckets);
  }

  add(value: number, nowUnixMs: number): void {
    const start = Math.floor(nowUnixMs / this.#bucketMs);
    const i = start % this.#starts.length;
    if (this.#starts[i] !== start) {
      this.#starts[i] = start;
      this.#counts[i] = 0;
      this.#sums[i] = 0;
    }
    this.#counts[i] = (this.#counts[i] as number) + 1;
    this.#sums[i] = (this.#sums[i] as number) + value;
  }

  /** Mean of what was added within the window; `undefined` when nothing was. */
  mean(nowUnixMs: number): number | undefined {
    const newest = Math.floor(nowUnixMs / this.#bucketMs);
    const oldest = newest - this.#starts.length;
    let count = 0;
    let sum = 0;
    for (let i = 0; i < this.#starts.length; i += 1) {
      const start = this.#starts[i] as number;
      // What lies ahead was added before the clock was set back.
      if (start <= oldest || start > newest) continue;
      count += this.#counts[i] as number;
      sum += this.#sums[i] as number;
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

  /** The name is known to be gone. */
  forget(name: string): void {
    this.#seen.delete(name);
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
