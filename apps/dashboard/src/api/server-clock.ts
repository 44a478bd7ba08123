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
  useEffect(() => {
    if (everyMs === 0) return;
    const timer = setInterval(() => document.hidden || setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
