/** Memory that copies of bodies may take together: over it calls go on and are recorded without the rest of their content. */
export class CaptureBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** True when there was room. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }

  get leftBytes(): number {
    return this.#left;
  }
}
