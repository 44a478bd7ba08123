const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});

/** IANA name of the zone in which the page shows times: the browser's. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `14:03:22` on the day of `nowMs`, else `20 Nov 14:03:22`, in the browser's zone; the text itself when it is no time. */
export function formatTime(iso: string, nowMs: number): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const sameDay = date.toDateString() === new Date(nowMs).toDateString();
  return sameDay ? TIME.format(date) : `${DAY.format(date)} ${TIME.format(date)}`;
}

/** With year, milliseconds and zone, for titles and headers. */
export function formatFullTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : FULL.format(date);
}

/** `just now`, `40 s ago`, `12 min ago`, `3 h ago`, `5 d ago`. */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(iso)) / 1000);
  if (Number.isNaN(seconds)) return iso;
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Short labels of both ends of a range, without what they share. */
export function formatRange(fromMs: number, toMs: number): string {
  const from = new Date(fromMs);
  const to = new Date(toMs);
  const sameDay = from.toDateString() === to.toDateString();
  return `${DAY.format(from)} ${TIME.format(from)} – ${sameDay ? '' : `${DAY.format(to)} `}${TIME.format(to)}`;
}
