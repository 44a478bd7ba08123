const FIRST_MS = 500;
const LONGEST_MS = 10_000;
/** A server that asks for more is asked again sooner: a dashboard that lags half a minute is the most anyone accepts. */
const LONGEST_RETRY_AFTER_MS = 30_000;

/**
 * Milliseconds to wait after `failures` failures in a row (1 or more): doubling, with jitter of one half so that the
 * clients of a server that comes back do not come back together. A server's own wish counts when it is longer.
 */
export function backoffMs(failures: number, retryAfterMs: number | undefined, random: number): number {
  const fullMs = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LONGEST_MS);
  return Math.max(fullMs / 2 + (fullMs / 2) * random, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}
