import type { CaptureBudget } from './capture-budget.js';

/** Longest copy of one body. */
export const MAX_COPY_BYTES = 4 * 1024 * 1024;

/** The beginning of one body, as it passed: chunks are kept by reference. */
export class BodyCopy {
  readonly #budget: CaptureBudget;
  #chunks: Buffer[] = [];
  #keptBytes = 0;
  /** Bytes that passed, kept or not. */
  sizeBytes = 0;
  /** What is kept is not all. */
  truncated = false;

  constructor(budget: CaptureBudget) {
    this.#budget = budget;
  }

  push(chunk: Buffer): void {
    this.sizeBytes += chunk.length;
    if (this.truncated) return;
    if (this.#keptBytes + chunk.length > MAX_COPY_BYTES || !this.#budget.take(chunk.length)) {
      this.truncated = true;
      return;
    }
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.length;
  }

  /** The kept bytes; they are not kept any longer. */
  take(): Buffer {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.release();
    return all;
  }

  release(): void {
    this.#budget.give(this.#keptBytes);
    this.#chunks = [];
    this.#keptBytes = 0;
  }
}
