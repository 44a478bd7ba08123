/** A map that forgets what was put in first when the cost of all entries is over its limit. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly cost: number }>();
  readonly #maxCost: number;
  #cost = 0;

  constructor(maxCost: number) {
    this.#maxCost = maxCost;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Puts an entry last. One that costs more than all may is not kept. */
  set(key: string, value: V, cost: number): void {
    this.#delete(key);
    if (cost > this.#maxCost) return;
    this.#entries.set(key, { value, cost });
    this.#cost += cost;
    for (const oldest of this.#entries.keys()) {
      if (this.#cost <= this.#maxCost) break;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    const found = this.#entries.get(key);
    if (found === undefined) return;
    this.#cost -= found.cost;
    this.#entries.delete(key);
  }
}
