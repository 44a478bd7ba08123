interface Generation<V> {
  readonly entries: Map<string, V>;
  cost: number;
}

/**
 * A map that forgets what was not asked for longest when the cost of all entries is over its limit. Entries live in two generations:
 * when the younger one has half of what all may cost, the older one is let go whole. Deleting entry by entry from the front of a large
 * `Map` would look at all that was deleted before, each time.
 */
export class BoundedMap<V extends object> {
  readonly #maxCost: number;
  #young: Generation<V> = { entries: new Map(), cost: 0 };
  #old: Generation<V> = { entries: new Map(), cost: 0 };
  readonly #costOf: (key: string, value: V) => number;

  /** `costOf` must be the same for the same entry each time. */
  constructor(maxCost: number, costOf: (key: string, value: V) => number) {
    this.#maxCost = maxCost;
    this.#costOf = costOf;
  }

  get(key: string): V | undefined {
    const found = this.#young.entries.get(key);
    if (found !== undefined) return found;
    const older = this.#old.entries.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  /** Puts an entry in place of what the key had. One that costs more than half of what all may is not kept. */
  set(key: string, value: V): void {
    const cost = this.#costOf(key, value);
    forget(this.#young, key, this.#costOf);
    forget(this.#old, key, this.#costOf);
    const half = this.#maxCost / 2;
    if (cost > half) return;
    if (this.#young.cost + cost > half) {
      this.#old = this.#young;
      this.#young = { entries: new Map(), cost: 0 };
    }
    this.#young.entries.set(key, value);
    this.#young.cost += cost;
  }
}

function forget<V>(generation: Generation<V>, key: string, costOf: (key: string, value: V) => number): void {
  const found = generation.entries.get(key);
  if (found === undefined) return;
  generation.cost -= costOf(key, found);
  generation.entries.delete(key);
}
