import { ApiError } from './envelope.js';

/** How many queries run at once, and how many may wait for their turn. */
export class QuerySlots {
  readonly #running: number;
  readonly #maxWaiting: number;
  #used = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(running: number, waiting: number) {
    this.#running = running;
    this.#maxWaiting = waiting;
  }

  /** Runs a query in its turn. Refuses as `unavailable` when too many wait, `canceled` when the client went away meanwhile. */
  async run<T>(signal: AbortSignal, query: () => Promise<T>): Promise<T> {
    if (this.#used >= this.#running) {
      if (this.#waiting.length >= this.#maxWaiting)
        throw new ApiError('unavailable', 'too many queries wait; try again');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#used += 1;
    try {
      if (signal.aborted) throw new ApiError('canceled', 'the client went away');
      return await query();
    } finally {
      // The slot goes to the next one as it is.
      const next = this.#waiting.shift();
      if (next === undefined) this.#used -= 1;
      else next();
    }
  }
}
