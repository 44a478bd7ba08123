/** Bodies that are decompressed and decoded at once; each may take the largest body's size, so few are let in. */
const MAX_DECODING = 4;

/** What one body holds of the budget. */
export interface HeldBody {
  bytes: number;
  /** The memory for bodies was used up while this one arrived; answer 503. */
  exceeded: boolean;
}

/**
 * Memory that request bodies may hold together. Bytes are counted as they arrive, so that a thousand slow senders that announce
 * much and send little take nothing from the others; what is decompressed is bounded by letting few bodies in at once.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #waiting: (() => void)[] = [];
  #heldBytes = 0;
  #decoding = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Passes a body's chunks on while there is room. `held` says how much to give back with {@link release}. */
  async *count(chunks: AsyncIterable<Uint8Array>, held: HeldBody): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      if (this.#heldBytes + chunk.length > this.#maxBytes) {
        held.exceeded = true;
        throw new Error('the memory for request bodies is used up');
      }
      this.#heldBytes += chunk.length;
      held.bytes += chunk.length;
      yield chunk;
    }
  }

  release(held: HeldBody): void {
    this.#heldBytes -= held.bytes;
    held.bytes = 0;
  }

  /** Runs the work when it is its turn, in order of arrival. */
  async decode<T>(work: () => Promise<T>): Promise<T> {
    if (this.#decoding >= MAX_DECODING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#decoding += 1;
    try {
      return await work();
    } finally {
      // The place is handed on without being given up, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#decoding -= 1;
      else next();
    }
  }
}
