import { formatTime } from '../format/time.js';

/** Says that the page shows what was known when the server last answered. */
export function Unreachable({ since }: { since: number }) {
  return (
    <p role="alert" className="bg-warn-soft px-4 py-1.5 text-center text-[13px] text-warn">
      The server does not answer. What is shown is from {formatTime(new Date(since).toISOString(), Date.now())}.
    </p>
  );
}
