import { useEffect, useState } from 'react';

let offsetMs = 0;

/** Takes the server's clock as it states it; the browser's may be minutes off, and elapsed times would be wrong. */
export function noteServerTime(iso: string): void {
  const serverMs = Date.parse(iso);
  if (!Number.isNaN(serverMs)) offsetMs = serverMs - Date.now();
}

/** Now by the server's clock, in milliseconds since the epoch. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** Now by the server's clock, renewed every `everyMs` while the page is visible; `0` stops the clock. */
export function useServerNow(everyMs: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => (everyMs === 0 ? undefined : onTick(everyMs, setNow)), [everyMs]);
  return now;
}

type Listener = (nowMs: number) => void;

const tickers = new Map<
  number,
  { readonly listeners: Set<Listener>; readonly timer: ReturnType<typeof setInterval> }
>();

/** One timer for all that tick alike, so that a list of running requests is drawn once a tick. */
function onTick(everyMs: number, listener: Listener): () => void {
  const ticker = tickers.get(everyMs) ?? startTicker(everyMs);
  ticker.listeners.add(listener);
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size > 0) return;
    clearInterval(ticker.timer);
    tickers.delete(everyMs);
  };
}

function startTicker(everyMs: number) {
  const listeners = new Set<Listener>();
  const timer = setInterval(() => {
    if (document.hidden) return;
    const nowMs = serverNow();
    for (const listener of listeners) listener(nowMs);
  }, everyMs);
  const ticker = { listeners, timer };
  tickers.set(everyMs, ticker);
  return ticker;
}
