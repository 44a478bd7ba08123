import type { CollectedFamily, CollectedSeries } from '@vedetta/metrics';
import type { SpanAttribute } from '../span-record.js';
import { SDK_VERSION } from '../version.js';
import type { PointTimes } from './encode-metrics.js';
import { CUMULATIVE, unitOf } from './encode-metrics.js';
import { SCOPE } from './write-attribute.js';

/** The same content as `encodeMetrics` in OTLP's JSON: 64-bit numbers as text, ids in hex. */
export function encodeMetricsJson(
  resource: readonly SpanAttribute[],
  families: readonly CollectedFamily[],
  times: PointTimes,
): Buffer {
  const metrics = families.filter(({ series }) => series.length > 0).map((family) => toMetric(family, times));
  const scopeMetrics = [{ scope: { name: SCOPE, version: SDK_VERSION }, metrics }];
  const attributes = resource.map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: String(value) },
  }));
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics }] }));
}

function toMetric(family: CollectedFamily, times: PointTimes): object {
  const unit = unitOf(family.name);
  const named = { name: family.name, description: family.help, ...(unit === '' ? {} : { unit }) };
  const cumulative = { aggregationTemporality: CUMULATIVE };
  switch (family.kind) {
    case 'gauge':
      return { ...named, gauge: { dataPoints: family.series.map((series) => toNumber(family, series, times)) } };
    case 'counter': {
      const dataPoints = family.series.map((series) => toNumber(family, series, times));
      return { ...named, sum: { dataPoints, ...cumulative, isMonotonic: true } };
    }
    case 'histogram': {
      const dataPoints = family.series.map((series) => toHistogram(family, series, times));
      return { ...named, histogram: { dataPoints, ...cumulative } };
    }
  }
}

function toNumber(family: CollectedFamily, series: CollectedSeries, { startUnixMs, timeUnixMs }: PointTimes): object {
  return {
    ...(family.kind === 'gauge' ? {} : { startTimeUnixNano: toNano(startUnixMs) }),
    timeUnixNano: toNano(timeUnixMs),
    asDouble: toDouble(series.value ?? 0),
    ...common(family, series),
  };
}

function toHistogram(
  family: CollectedFamily,
  series: CollectedSeries,
  { startUnixMs, timeUnixMs }: PointTimes,
): object {
  return {
    startTimeUnixNano: toNano(startUnixMs),
    timeUnixNano: toNano(timeUnixMs),
    count: String(series.count ?? 0),
    sum: toDouble(series.sum ?? 0),
    bucketCounts: series.bucketCounts?.map(String) ?? [],
    explicitBounds: family.bounds ?? [],
    ...common(family, series),
  };
}

function common({ labels }: CollectedFamily, { labelValues, exemplars = [] }: CollectedSeries): object {
  return {
    attributes: labels.map((key, i) => ({ key, value: { stringValue: labelValues[i] ?? '' } })),
    exemplars: exemplars
      .filter((exemplar) => exemplar !== undefined)
      .map(({ labels: ids, value, timestampMs }) => ({
        timeUnixNano: toNano(timestampMs),
        asDouble: toDouble(value),
        spanId: ids.span_id,
        traceId: ids.trace_id,
      })),
  };
}

/** Numbers that JSON has no words for are texts. */
function toDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Nanoseconds as text, exact to the microsecond. */
function toNano(unixMs: number): string {
  return `${Math.round(unixMs * 1000)}000`;
}
