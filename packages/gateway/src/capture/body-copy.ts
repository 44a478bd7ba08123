import type { CaptureBudget } from './capture-budget.js';
import type { FormFields } from './form-fields.js';

/** Longest copy of one body. */
export const MAX_COPY_BYTES = 4 * 1024 * 1024;

/** The beginning of one body, as it passed: chunks are kept by reference. Of a form only the fields are kept. */
export class BodyCopy {
  readonly #budget: CaptureBudget;
  readonly #form: FormFields | undefined;
  #chunks: Buffer[] = [];
  #keptBytes = 0;
  /** It was read, or given up: nothing more is kept. */
  #closed = false;
  /** Bytes that passed, kept or not. */
  sizeBytes = 0;
  /** What is kept is not all. */
  truncated = false;

  constructor(budget: CaptureBudget, form?: FormFields) {
    this.#budget = budget;
    this.#form = form;
  }

  push(chunk: Buffer): void {
    this.sizeBytes += chunk.length;
    if (this.#form !== undefined) {
      this.#form.push(chunk);
      return;
    }
    if (this.truncated || this.#closed) return;
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
    this.#closed = true;
    this.#budget.give(this.#keptBytes);
    this.#chunks = [];
    this.#keptBytes = 0;
  }
}
