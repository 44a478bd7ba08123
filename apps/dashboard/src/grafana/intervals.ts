const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[smhdwMy]))+$/;
/** Widths of steps that people read well. */
const STEPS_MS = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000,
];
/** Most points of one series, as Prometheus answers them. */
const MAX_POINTS = 11_000;

/** `1h30m` as milliseconds; a `>` before it means "at least" and is passed over. `undefined` for what is no duration. */
export function parseInterval(text: string): number | undefined {
  const plain = text.trim().replace(/^>=?/, '');
  if (!DURATION.test(plain)) return undefined;
  let ms = 0;
  for (const [, count, unit = ''] of plain.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwMy])/g)) {
    ms += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return ms > 0 && Number.isFinite(ms) ? ms : undefined;
}

/** As PromQL reads it, in one unit: `90s`, `5m`, `250ms`. */
export function writeInterval(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  for (const unit of ['w', 'd', 'h', 'm', 's'] as const) {
    const size = UNIT_MS[unit] ?? 1;
    if (whole % size === 0) return `${whole / size}${unit}`;
  }
  return `${whole}ms`;
}

/** Steps of a query. */
export interface Steps {
  readonly stepMs: number;
  readonly rateIntervalMs: number;
}

/**
 * The step of a range of `rangeMs` drawn with `points`, and Grafana's `$__rate_interval` for it: at least four samples, and one
 * more than the step. `leastMs` is the least step of the query or panel, by default the data's own.
 */
export function stepsOf(rangeMs: number, points: number, leastMs: number | undefined, sampleMs: number): Steps {
  const least = leastMs ?? sampleMs;
  const wanted = Math.max(1, rangeMs) / Math.max(1, points);
  const nice = STEPS_MS.find((step) => step >= wanted * 0.8) ?? Math.ceil(wanted / 604_800_000) * 604_800_000;
  const stepMs = Math.ceil(Math.max(nice, least, rangeMs / MAX_POINTS));
  return { stepMs, rateIntervalMs: Math.max(stepMs + least, 4 * least) };
}
