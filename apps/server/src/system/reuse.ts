/** An answer to something that changed is asked for anew when the last one took no more than this share of the time since. */
const BUSY_SHARE = 0.1;

/** Settings of {@link reuse}. */
export interface ReuseOptions {
  /** Longest that an answer is used again, in milliseconds. */
  readonly maxAgeMs: number;
  /** Differs when the answer may have changed. */
  readonly version: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Answers from the last call, so that many callers cost one. What changed is read anew at once while reading is quick; a slow
 * read is repeated less often, the slowest after `maxAgeMs`. Callers at the same time share one call; a failed one is not kept.
 */
export function reuse<T>(read: () => Promise<T>, { maxAgeMs, version, now }: ReuseOptions): () => Promise<T> {
  let last: { answer: Promise<T>; atMs: number; version: number; tookMs: number } | undefined;
  return () => {
    if (last !== undefined) {
      const limitMs = version() === last.version ? maxAgeMs : Math.min(maxAgeMs, last.tookMs / BUSY_SHARE);
      if (now() - last.atMs < limitMs) return last.answer;
    }
    // Until it is over, it counts as slow: callers meanwhile share it.
    const asked = { atMs: now(), version: version(), tookMs: Number.POSITIVE_INFINITY };
    const current = { ...asked, answer: read() };
    last = current;
    current.answer.then(
      () => {
        current.tookMs = now() - current.atMs;
      },
      () => {
        if (last === current) last = undefined;
      },
    );
    return current.answer;
  };
}
