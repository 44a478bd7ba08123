import { useSyncExternalStore } from 'react';

let ids: readonly string[] = [];
const listeners = new Set<() => void>();

/** The requests that the page lists now, in its order: what "next" and "previous" go through. */
export function setRowList(next: readonly string[]): void {
  ids = next;
  for (const listener of listeners) listener();
}

/** The page's list, kept up to date. */
export function useRowList(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ids,
  );
}

/** The request after or before another in the page's list; `undefined` at its ends, or when it is not in the list. */
export function neighbourOf(requestId: string, step: 1 | -1): string | undefined {
  const index = ids.indexOf(requestId);
  return index < 0 ? undefined : ids[index + step];
}
