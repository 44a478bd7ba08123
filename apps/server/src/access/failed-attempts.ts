const WINDOW_MS = 60_000;
const MAX_GUESSES = 10;
// Addresses are the attacker's to choose (IPv6), so the memory of them is bounded.
const MAX_ADDRESSES = 10_000;

/**
 * Counts different wrong credentials by address within a minute. An exporter that repeats one outdated key all day is one
 * guess and locks nobody out; a program that tries passwords is stopped after ten.
 */
export class FailedAttempts {
  readonly #now: () => number;
  readonly #byAddress = new Map<string, { endsAtMs: number; guesses: Set<string> }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Records a wrong credential, given as a digest. */
  add(address: string, credentialDigest: string): void {
    const now = this.#now();
    let entry = this.#byAddress.get(address);
    if (entry === undefined || entry.endsAtMs <= now) {
      this.#byAddress.delete(address);
      if (this.#byAddress.size >= MAX_ADDRESSES) this.#forgetOldest();
      entry = { endsAtMs: now + WINDOW_MS, guesses: new Set() };
      this.#byAddress.set(address, entry);
    }
    if (entry.guesses.size < MAX_GUESSES) entry.guesses.add(credentialDigest);
  }

  /** How long the address has to wait; 0 when it may try. */
  blockedForMs(address: string): number {
    const entry = this.#byAddress.get(address);
    if (entry === undefined || entry.guesses.size < MAX_GUESSES) return 0;
    return Math.max(0, entry.endsAtMs - this.#now());
  }

  #forgetOldest(): void {
    for (const address of this.#byAddress.keys()) {
      this.#byAddress.delete(address);
      return;
    }
  }
}
