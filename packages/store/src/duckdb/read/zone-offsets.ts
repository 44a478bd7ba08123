/** From this time on, local time is so much ahead of UTC. */
export interface ZoneOffset {
  readonly fromUnixMs: number;
  readonly offsetMs: number;
}

/** Clocks change at most so often: between two samples that agree there is no change. */
const SAMPLE_MS = 7 * 86_400_000;
/** Samples at most: a store with a stray span of 1970 must not cost seconds. Past it, samples lie further apart. */
const MAX_SAMPLES = 5000;

/**
 * The offsets of a time zone over a span of time, in order; the first counts from its start. Asking the engine's calendar
 * for each row costs thirty times the query, and a zone has two changes a year. Throws RangeError for an unknown zone.
 */
export function zoneOffsets(timeZone: string, fromUnixMs: number, toUnixMs: number): ZoneOffset[] {
  const offsetAt = offsetReader(timeZone);
  const step = Math.max(SAMPLE_MS, (toUnixMs - fromUnixMs) / MAX_SAMPLES);
  const offsets: ZoneOffset[] = [{ fromUnixMs, offsetMs: offsetAt(fromUnixMs) }];
  for (let at = fromUnixMs; at < toUnixMs; at += step) {
    const end = Math.min(at + step, toUnixMs);
    const offsetMs = offsetAt(end);
    if (offsetMs !== offsets.at(-1)!.offsetMs) offsets.push({ fromUnixMs: changeBetween(offsetAt, at, end), offsetMs });
  }
  return offsets;
}

/** The first second with the later offset. */
function changeBetween(offsetAt: (unixMs: number) => number, fromUnixMs: number, toUnixMs: number): number {
  const after = offsetAt(toUnixMs);
  let low = Math.floor(fromUnixMs / 1000);
  let high = Math.ceil(toUnixMs / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000) === after) high = middle;
    else low = middle;
  }
  return high * 1000;
}

function offsetReader(timeZone: string): (unixMs: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new RangeError(
      `The time zone ${JSON.stringify(timeZone)} is not known; use an IANA name such as Europe/Rome.`,
    );
  }
  return (unixMs) => {
    const seconds = Math.floor(unixMs / 1000) * 1000;
    const parts = new Map(format.formatToParts(seconds).map(({ type, value }) => [type, Number(value)]));
    const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return (
      Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')) - seconds
    );
  };
}
