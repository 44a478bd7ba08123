/** Shown where a figure is not known; never 0. */
export const UNKNOWN = '–';

const NARROW = '\u202f';
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export function formatCount(value: number | null | undefined): string {
  return isKnown(value) ? WHOLE.format(value) : UNKNOWN;
}

/** At most four characters and a unit: `950`, `12.3k`, `4.57M`. */
export function formatCompact(value: number | null | undefined): string {
  if (!isKnown(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size < 1000) return String(Number(value.toPrecision(3)));
  for (const [limit, divisor, unit] of COMPACT) {
    if (size < limit) return `${Number((value / divisor).toPrecision(3))}${unit}`;
  }
  return `${Number((value / 1e12).toPrecision(3))}T`;
}

// The limits lie where rounding to three digits would give a thousand of the unit.
const COMPACT = [
  [999_500, 1e3, 'k'],
  [999_500_000, 1e6, 'M'],
  [999_500_000_000, 1e9, 'G'],
] as const;

/** Milliseconds as people read them: `0.42 ms`, `350 ms`, `1.24 s`, `2m 05s`, `3h 07m`, `2d 4h`. */
export function formatDuration(ms: number | null | undefined): string {
  if (!isKnown(ms)) return UNKNOWN;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return `0${NARROW}ms`;
  if (ms < 0.01) return `<0.01${NARROW}ms`;
  if (ms < 99.95) return `${Number(ms.toPrecision(ms < 1 ? 2 : 3))}${NARROW}ms`;
  if (ms < 999.5) return `${Math.round(ms)}${NARROW}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)}${NARROW}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** A round width of time in one unit: `100 ms`, `5 s`, `10 min`, `2 h`, `7 d`; others as durations are. */
export function formatStep(ms: number): string {
  for (const [size, unit] of STEP_UNITS) {
    if (ms >= size && ms % size === 0) return `${formatCount(ms / size)}${NARROW}${unit}`;
  }
  return formatDuration(ms);
}

const STEP_UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** Time that goes on: whole tenths under ten seconds, so that the figure does not jitter in width. */
export function formatElapsed(ms: number): string {
  return ms < 10_000
    ? `${(Math.max(0, ms) / 1000).toFixed(1)}${NARROW}s`
    : formatDuration(Math.floor(ms / 1000) * 1000);
}

/** `0.4 %`, `12 %`, `99.95 %` from a share of 0 to 1; what is not all is never shown as 100 %. */
export function formatShare(share: number | null | undefined): string {
  if (!isKnown(share)) return UNKNOWN;
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent}${NARROW}%`;
  if (percent < 0.1) return `<0.1${NARROW}%`;
  if (percent > 99) return `${Math.min(99.99, Number(percent.toFixed(2)))}${NARROW}%`;
  return `${percent.toFixed(percent < 10 ? 1 : 0)}${NARROW}%`;
}

/** Binary units: `812 B`, `1.5 KiB`, `20 MiB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isKnown(bytes)) return UNKNOWN;
  let value = bytes;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1023.5) return `${Number(value.toPrecision(value < 100 ? 2 : 4))}${NARROW}${unit}`;
    value /= 1024;
  }
  return `${Number(value.toPrecision(3))}${NARROW}TiB`;
}

/** USD: `$0`, `<$0.0001`, `$0.0042`, `$1.37`, `$1,204`. */
export function formatCost(usd: number | null | undefined): string {
  if (!isKnown(usd)) return UNKNOWN;
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '<$0.0001';
  if (usd < 1) return `$${Number(usd.toPrecision(2))}`;
  return usd < 1000 ? `$${usd.toFixed(2)}` : `$${WHOLE.format(usd)}`;
}

/** `1.2k`, and `~1.2k` for an estimate. */
export function formatTokens(count: number | null, estimated: boolean): string {
  return estimated && isKnown(count) ? `~${formatCompact(count)}` : formatCompact(count);
}

/** `1.2k / 88`: tokens in and out, with `~` before estimates; `–` where neither is known. */
export function formatTokenPair(input: number | null, output: number | null, estimated = false): string {
  if (input === null && output === null) return UNKNOWN;
  return `${formatTokens(input, estimated)}${NARROW}/${NARROW}${formatTokens(output, estimated)}`;
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
