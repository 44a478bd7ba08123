/**
 * Answers from the last call while that is younger than `maxAgeMs`, so that many callers cost one. Callers at the same time
 * share one call; a failed call is not kept.
 */
export function reuse<T>(read: () => Promise<T>, maxAgeMs: number, now: () => number): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly atMs: number } | undefined;
  return () => {
    if (last !== undefined && now() - last.atMs < maxAgeMs) return last.answer;
    const current = { answer: read(), atMs: now() };
    last = current;
    current.answer.catch(() => {
      if (last === current) last = undefined;
    });
    return current.answer;
  };
}
