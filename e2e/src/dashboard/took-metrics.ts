/** One measurement that is pushed with its exemplar. */
export interface Measured {
  readonly agoMs: number;
  readonly seconds: number;
  readonly traceId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const BOUNDS = [0.1, 0.25, 0.5, 1];
const STEP_MS = 10_000;
const LENGTH_MS = 300_000;

/** The histogram `took_seconds` over the five minutes before `nowMs`: one observation of 0.6 s in each step, and these with exemplars. */
export function toMetricsJson(nowMs: number, measured: readonly Measured[]): string {
  const dataPoints = [];
  const counts = [...BOUNDS, Number.POSITIVE_INFINITY].map(() => 0);
  let sum = 0;
  for (let agoMs = LENGTH_MS; agoMs >= 0; agoMs -= STEP_MS) {
    const inStep = measured.filter((one) => one.agoMs <= agoMs && one.agoMs > agoMs - STEP_MS);
    for (const seconds of [0.6, ...inStep.map((one) => one.seconds)]) {
      const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
      const at = bucket < 0 ? BOUNDS.length : bucket;
      counts[at] = (counts[at] ?? 0) + 1;
      sum += seconds;
    }
    dataPoints.push({
      timeUnixNano: `${nowMs - agoMs}000000`,
      count: counts.reduce((all, one) => all + one, 0),
      sum,
      bucketCounts: [...counts],
      explicitBounds: BOUNDS,
      exemplars: inStep.map((one) => ({
        timeUnixNano: `${nowMs - one.agoMs}000000`,
        asDouble: one.seconds,
        ...(one.traceId !== undefined && { traceId: one.traceId, spanId: '00f067aa0ba902b7' }),
        filteredAttributes: Object.entries(one.attributes ?? {}).map(([key, stringValue]) => ({
          key,
          value: { stringValue },
        })),
      })),
    });
  }
  const histogram = { aggregationTemporality: 2, dataPoints };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const metrics = [{ name: 'took', unit: 's', histogram }];
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
}
