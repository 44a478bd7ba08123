const UNITS: readonly (readonly [unit: string, ms: number, exact: boolean])[] = [
  ['y', 31_536_000_000, true],
  ['w', 604_800_000, true],
  ['d', 86_400_000, true],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1000, false],
  ['ms', 1, false],
];
const DURATION = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;
/** The longest that Prometheus' durations in nanoseconds hold. */
const MAX_MS = 292 * 31_536_000_000;

/** A duration of Prometheus' configuration, `1h30m`, in milliseconds; `undefined` when it is none. `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (text === '' || !DURATION.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[ywdhms])/g)) {
    ms += Number(count) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
  }
  return ms <= MAX_MS ? ms : undefined;
}

/** As Prometheus writes it, `1m30s`: years, weeks and days only where they come out even. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const [unit, size, exact] of UNITS) {
    if (exact && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
