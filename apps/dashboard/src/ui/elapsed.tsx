import { useServerNow } from '../api/server-clock.js';
import { formatElapsed } from '../format/format.js';

/** Time since a start, ticking ten times a second at first and every second later. Not announced: it would never stop. */
export function Elapsed({ startTime }: { startTime: string }) {
  const startMs = Date.parse(startTime);
  const now = useServerNow(250);
  return <span aria-live="off">{formatElapsed(now - startMs)}</span>;
}
