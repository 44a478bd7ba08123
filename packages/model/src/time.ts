/** Milliseconds since the epoch, with microseconds as fraction (a double holds them until the year 2255). */
export function unixNanoToMs(nano: bigint): number {
  return Number(nano / 1000n) / 1000;
}

/** Nanoseconds since the epoch from milliseconds with a fraction, exact to the microsecond. */
export function msToUnixNano(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}

/** ISO 8601 in UTC with six decimals: `2026-11-21T10:00:00.123456Z`. */
export function unixNanoToIso(nano: bigint): string {
  const micros = nano / 1000n;
  const ms = Number(micros / 1000n);
  const rest = String(micros % 1000n).padStart(3, '0');
  return new Date(ms).toISOString().replace('Z', `${rest}Z`);
}

/** A span of time: from inclusive, to exclusive, both in milliseconds since the epoch. */
export interface TimeRange {
  readonly fromUnixMs: number;
  readonly toUnixMs: number;
}
