import type { TimeRange } from '@vedetta/model';
import { invalidField } from './problem.js';

export const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };
const MAX_DATE_MS = 8.64e15;
const HOW =
  'write an ISO 8601 time (2026-11-21T10:00:00Z), milliseconds since the epoch, or a duration back from now (15m, 24h, 7d)';

/** A range as a query states it, with what the routes need to know about how it was stated. */
export interface QueryRange extends TimeRange {
  /** The start moves with the clock: absent or a duration back from now. */
  readonly sliding: boolean;
}

/** Reads `from` and `to`; `from` is a day before `to` unless the route has another default. A range that ends before it starts is a 400. */
export function toTimeRange(
  query: { from?: string | undefined; to?: string | undefined },
  now: number,
  defaultSpanMs = DAY_MS,
): QueryRange {
  // One past now, since the end is exclusive and a request may have started in this very millisecond.
  const toUnixMs = query.to === undefined ? now + 1 : parseTime('to', query.to, now);
  const fromUnixMs =
    query.from === undefined ? Math.max(toUnixMs - defaultSpanMs, -MAX_DATE_MS) : parseTime('from', query.from, now);
  if (fromUnixMs >= toUnixMs) {
    throw invalidField(
      'from',
      `the range ends (${new Date(toUnixMs).toISOString()}) before it starts (${new Date(fromUnixMs).toISOString()}); swap from and to, or widen it`,
    );
  }
  return { fromUnixMs, toUnixMs, sliding: query.from === undefined || isBackFromNow(query.from) };
}

/** One point in time, in milliseconds since the epoch. */
export function parseTime(field: string, text: string, now: number): number {
  const back = /^(\d{1,9})([smhdw])$/.exec(text);
  const ms = back === null ? parseAbsolute(text) : now - Number(back[1]) * (UNIT_MS[back[2] ?? ''] ?? Number.NaN);
  if (Number.isNaN(ms) || Math.abs(ms) > MAX_DATE_MS)
    throw invalidField(field, `"${text.slice(0, 60)}" is no time; ${HOW}`);
  return ms;
}

function isBackFromNow(text: string): boolean {
  return /^\d+[smhdw]$/.test(text);
}

function parseAbsolute(text: string): number {
  if (/^-?\d{1,16}(?:\.\d+)?$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i.test(text))
    return Number.NaN;
  // A time without a zone is UTC here, whatever zone the server's machine is in.
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`;
  return Date.parse(zoned.replace(' ', 'T'));
}
