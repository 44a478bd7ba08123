const RESYNC_AFTER_MS = 10_000;
/** Below this the wall clock and the monotonic clock are taken to agree: steps of NTP are smaller. */
const TOLERATED_DRIFT_MS = 20;

/**
 * Gives each request the offset between the monotonic clock and the epoch. A request keeps its offset, so its durations
 * stay monotonic when the wall clock is set; a request that starts later gets the corrected one (after a suspend, say).
 */
export class EpochClock {
  #anchorMs = performance.timeOrigin;
  #checkedAtMs = Number.NEGATIVE_INFINITY;

  /** Milliseconds to add to `performance.now()` to get milliseconds since the epoch. */
  anchorMs(monotonicMs: number): number {
    if (monotonicMs - this.#checkedAtMs > RESYNC_AFTER_MS) {
      this.#checkedAtMs = monotonicMs;
      const wallAnchorMs = Date.now() - monotonicMs;
      if (Math.abs(wallAnchorMs - this.#anchorMs) > TOLERATED_DRIFT_MS) this.#anchorMs = wallAnchorMs;
    }
    return this.#anchorMs;
  }

  /** Milliseconds since the epoch, with a fraction. */
  nowUnixMs(): number {
    const monotonicMs = performance.now();
    return this.anchorMs(monotonicMs) + monotonicMs;
  }
}
