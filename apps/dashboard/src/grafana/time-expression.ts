const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A time of Grafana's: `now`, `now-6h`, `now-1d/d` (rounded to the day in the browser's zone), milliseconds since the epoch, or
 * ISO 8601. The end of a range is rounded up. `undefined` for what is none.
 */
export function parseTimeExpression(text: string, nowMs: number, end = false): number | undefined {
  const trimmed = text.trim();
  if (/^\d{1,15}$/.test(trimmed)) return Number(trimmed);
  if (!trimmed.startsWith('now')) {
    const ms = Date.parse(trimmed);
    return Number.isNaN(ms) ? undefined : ms;
  }
  const rest = trimmed.slice(3);
  if (!/^(?:[+-]\d{1,6}[smhdwMyQ]|\/[smhdwMyQ])*$/.test(rest)) return undefined;
  let date = new Date(nowMs);
  for (const [, sign, count, unit, round] of rest.matchAll(/([+-])(\d+)([smhdwMyQ])|\/([smhdwMyQ])/g)) {
    date =
      round === undefined
        ? shift(date, (sign === '-' ? -1 : 1) * Number(count), unit ?? 's')
        : end
          ? new Date(shift(floor(date, round), 1, round).getTime() - 1)
          : floor(date, round);
  }
  const ms = date.getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

function shift(date: Date, count: number, unit: string): Date {
  const months = { M: 1, Q: 3, y: 12 }[unit];
  if (months === undefined) return new Date(date.getTime() + count * (UNITS_MS[unit] ?? 1000));
  const moved = new Date(date);
  const day = moved.getDate();
  moved.setDate(1);
  moved.setMonth(moved.getMonth() + count * months);
  moved.setDate(Math.min(day, new Date(moved.getFullYear(), moved.getMonth() + 1, 0).getDate()));
  return moved;
}

function floor(date: Date, unit: string): Date {
  const size = { s: 1000, m: 60_000 }[unit];
  if (size !== undefined) return new Date(Math.floor(date.getTime() / size) * size);
  const floored = new Date(date);
  floored.setMinutes(0, 0, 0);
  if (unit === 'h') return floored;
  floored.setHours(0);
  // Weeks begin on Monday (ISO 8601).
  if (unit === 'w') floored.setDate(floored.getDate() - ((floored.getDay() + 6) % 7));
  if (unit === 'M' || unit === 'Q' || unit === 'y') floored.setDate(1);
  if (unit === 'Q') floored.setMonth(Math.floor(floored.getMonth() / 3) * 3);
  if (unit === 'y') floored.setMonth(0);
  return floored;
}
