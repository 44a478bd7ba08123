import type { CollectedFamily, CollectedSeries, SampledExemplar } from '@vedetta/metrics';
import { ProtobufWriter } from './protobuf-writer.js';
import { writeAttribute, writeScope } from './write-attribute.js';

// Field tags (`number << 3 | wire type`) of opentelemetry/proto/metrics/v1/metrics.proto.
const REQUEST_RESOURCE_METRICS = (1 << 3) | 2;
const RESOURCE_METRICS_SCOPE_METRICS = (2 << 3) | 2;
const SCOPE_METRICS_SCOPE = (1 << 3) | 2;
const SCOPE_METRICS_METRICS = (2 << 3) | 2;
const METRIC_NAME = (1 << 3) | 2;
const METRIC_DESCRIPTION = (2 << 3) | 2;
const METRIC_UNIT = (3 << 3) | 2;
const METRIC_GAUGE = (5 << 3) | 2;
const METRIC_SUM = (7 << 3) | 2;
const METRIC_HISTOGRAM = (9 << 3) | 2;
const DATA_POINTS = (1 << 3) | 2;
const AGGREGATION_TEMPORALITY = (2 << 3) | 0;
const SUM_IS_MONOTONIC = (3 << 3) | 0;
const POINT_START = (2 << 3) | 1;
const POINT_TIME = (3 << 3) | 1;
const NUMBER_DOUBLE = (4 << 3) | 1;
const NUMBER_EXEMPLARS = (5 << 3) | 2;
const NUMBER_ATTRIBUTES = (7 << 3) | 2;
const HISTOGRAM_COUNT = (4 << 3) | 1;
const HISTOGRAM_SUM = (5 << 3) | 1;
const HISTOGRAM_BUCKET_COUNTS = (6 << 3) | 2;
const HISTOGRAM_BOUNDS = (7 << 3) | 2;
const HISTOGRAM_EXEMPLARS = (8 << 3) | 2;
const HISTOGRAM_ATTRIBUTES = (9 << 3) | 2;
const EXEMPLAR_TIME = (2 << 3) | 1;
const EXEMPLAR_DOUBLE = (3 << 3) | 1;
const EXEMPLAR_SPAN_ID = (4 << 3) | 2;
const EXEMPLAR_TRACE_ID = (5 << 3) | 2;

/** AggregationTemporality: totals since the start. */
export const CUMULATIVE = 2;

/** The span of time that points are of: milliseconds since the epoch. */
export interface PointTimes {
  readonly startUnixMs: number;
  readonly timeUnixMs: number;
}

/** One for all bodies: encoding is synchronous, so nobody else is in the middle of it. */
const writer = new ProtobufWriter();

/**
 * An `ExportMetricsServiceRequest` in protobuf (OTLP 1.x): one resource (see `encodeResource`), one scope, totals since the start.
 * Metrics keep the names that they have in the text formats.
 */
export function encodeMetrics(resource: Uint8Array, families: readonly CollectedFamily[], times: PointTimes): Buffer {
  const resourceMetrics = writer.open(REQUEST_RESOURCE_METRICS, 3);
  writer.raw(resource);
  const scopeMetrics = writer.open(RESOURCE_METRICS_SCOPE_METRICS, 3);
  writeScope(writer, SCOPE_METRICS_SCOPE);
  for (const family of families) if (family.series.length > 0) writeMetric(family, times);
  writer.close(scopeMetrics, 3);
  writer.close(resourceMetrics, 3);
  return writer.take();
}

/** The unit that a name ends in, in UCUM as OTLP has it; `''` when it names none. */
export function unitOf(name: string): string {
  if (/_seconds(?:_total)?$/.test(name)) return 's';
  return /_bytes(?:_total)?$/.test(name) ? 'By' : '';
}

function writeMetric(family: CollectedFamily, times: PointTimes): void {
  const metric = writer.open(SCOPE_METRICS_METRICS, 2);
  writer.string(METRIC_NAME, family.name);
  if (family.help !== '') writer.string(METRIC_DESCRIPTION, family.help);
  const unit = unitOf(family.name);
  if (unit !== '') writer.string(METRIC_UNIT, unit);
  switch (family.kind) {
    case 'gauge': {
      const data = writer.open(METRIC_GAUGE, 2);
      for (const series of family.series) writeNumber(family, series, times);
      writer.close(data, 2);
      break;
    }
    case 'counter': {
      const data = writer.open(METRIC_SUM, 2);
      for (const series of family.series) writeNumber(family, series, times);
      writer.varint(AGGREGATION_TEMPORALITY, CUMULATIVE);
      writer.varint(SUM_IS_MONOTONIC, 1);
      writer.close(data, 2);
      break;
    }
    case 'histogram': {
      const data = writer.open(METRIC_HISTOGRAM, 2);
      for (const series of family.series) writeHistogram(family, series, times);
      writer.varint(AGGREGATION_TEMPORALITY, CUMULATIVE);
      writer.close(data, 2);
      break;
    }
  }
  writer.close(metric, 2);
}

function writeNumber(family: CollectedFamily, series: CollectedSeries, times: PointTimes): void {
  const point = writer.open(DATA_POINTS, 1);
  // A gauge is of a moment.
  if (family.kind !== 'gauge') writer.unixNano(POINT_START, times.startUnixMs);
  writer.unixNano(POINT_TIME, times.timeUnixMs);
  writer.double(NUMBER_DOUBLE, series.value ?? 0);
  writeExemplars(NUMBER_EXEMPLARS, series);
  writeLabels(NUMBER_ATTRIBUTES, family, series);
  writer.close(point, 1);
}

function writeHistogram(family: CollectedFamily, series: CollectedSeries, times: PointTimes): void {
  const point = writer.open(DATA_POINTS, 2);
  writer.unixNano(POINT_START, times.startUnixMs);
  writer.unixNano(POINT_TIME, times.timeUnixMs);
  writer.fixed64(HISTOGRAM_COUNT, series.count ?? 0);
  writer.double(HISTOGRAM_SUM, series.sum ?? 0);
  writer.fixed64s(HISTOGRAM_BUCKET_COUNTS, series.bucketCounts ?? []);
  writer.doubles(HISTOGRAM_BOUNDS, family.bounds ?? []);
  writeExemplars(HISTOGRAM_EXEMPLARS, series);
  writeLabels(HISTOGRAM_ATTRIBUTES, family, series);
  writer.close(point, 2);
}

function writeLabels(tag: number, { labels }: CollectedFamily, { labelValues }: CollectedSeries): void {
  for (let i = 0; i < labels.length; i += 1) writeAttribute(writer, tag, labels[i] ?? '', labelValues[i] ?? '');
}

function writeExemplars(tag: number, { exemplars }: CollectedSeries): void {
  for (const exemplar of exemplars ?? []) if (exemplar !== undefined) writeExemplar(tag, exemplar);
}

function writeExemplar(tag: number, { labels, value, timestampMs }: SampledExemplar): void {
  const exemplar = writer.open(tag, 1);
  writer.unixNano(EXEMPLAR_TIME, timestampMs);
  writer.double(EXEMPLAR_DOUBLE, value);
  if (labels.span_id !== undefined) writer.hex(EXEMPLAR_SPAN_ID, labels.span_id);
  if (labels.trace_id !== undefined) writer.hex(EXEMPLAR_TRACE_ID, labels.trace_id);
  writer.close(exemplar, 1);
}
