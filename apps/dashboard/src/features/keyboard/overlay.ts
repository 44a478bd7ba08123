import { useSyncExternalStore } from 'react';

/** What lies over the page; at most one. */
export type Overlay = 'palette' | 'help' | undefined;

let shown: Overlay;
const listeners = new Set<() => void>();

export function openOverlay(overlay: Overlay): void {
  shown = overlay;
  for (const listener of listeners) listener();
}

export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
