import { ValueType } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { CollectedFamily } from '@vedetta/metrics';
import { MetricRegistry } from '@vedetta/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SpanAttribute } from '../span-record.js';
import { decodeMetrics, decodeMetricsJson } from '../testing/otlp-proto.js';
import { encodeMetrics } from './encode-metrics.js';
import { encodeMetricsJson } from './encode-metrics-json.js';
import { encodeResource } from './encode-spans.js';

const attributes: readonly SpanAttribute[] = [
  ['service.name', 'shop'],
  ['process.pid', 7],
];
const resource = encodeResource(attributes);
const times = { startUnixMs: 1_763_000_000_000, timeUnixMs: 1_763_000_030_000.5 };

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** The same measurements by the SDK of OpenTelemetry and its own encoder. */
async function encodedByOpenTelemetry(): Promise<Uint8Array> {
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('@vedetta/sdk');
  const sum = meter.createCounter('jobs_total', { description: 'Jobs.', valueType: ValueType.DOUBLE });
  const gauge = meter.createGauge('depth', { description: 'Depth.', valueType: ValueType.DOUBLE });
  const histogram = meter.createHistogram('took_seconds', {
    description: 'Took.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.5, 1] },
  });
  sum.add(2, { plan: 'pro' });
  gauge.record(-1.5);
  for (const value of [0.5, 0.75, 7]) histogram.record(value, { plan: 'é' });
  const { resourceMetrics } = await reader.collect();
  return ProtobufMetricsSerializer.serializeRequest(resourceMetrics) ?? new Uint8Array();
}

function registry(): MetricRegistry {
  const metrics = new MetricRegistry();
  metrics.counter({ name: 'jobs_total', help: 'Jobs.', labels: ['plan'] }).add(['pro'], 2);
  metrics.gauge({ name: 'depth', help: 'Depth.' }).set([], -1.5);
  const histogram = metrics.histogram({ name: 'took_seconds', help: 'Took.', labels: ['plan'], bounds: [0.5, 1] });
  for (const value of [0.5, 0.75, 7]) histogram.observe(['é'], value);
  return metrics;
}

const collected = (metrics: MetricRegistry): readonly CollectedFamily[] =>
  metrics.snapshot((_name, error) => {
    throw error;
  });

test('what is sent reads as what the SDK of OpenTelemetry sends for the same measurements', async () => {
  const theirs = decodeMetrics(await encodedByOpenTelemetry());
  const ours = decodeMetrics(encodeMetrics(resource, collected(registry()), times));
  // Times are each one's own, and ours has no least and greatest.
  const comparable = ({ metrics }: typeof ours) =>
    Object.fromEntries(
      metrics.map(({ points, ...metric }) => [
        metric.name,
        { ...metric, points: points.map(({ startUnixNano: _start, timeUnixNano: _time, ...point }) => point) },
      ]),
    );
  expect(comparable(ours)).toEqual(comparable(theirs));
  expect(comparable(ours)).toMatchObject({
    jobs_total: { kind: 'sum', isMonotonic: true, temporality: 2, points: [{ value: 2, labels: { plan: 'pro' } }] },
    depth: { kind: 'gauge', points: [{ value: -1.5 }] },
    took_seconds: {
      unit: 's',
      temporality: 2,
      points: [{ count: 3, sum: 8.25, bucketCounts: [1, 1, 1], bounds: [0.5, 1] }],
    },
  });
});

test('resource, scope, times and exemplars arrive', () => {
  const metrics = new MetricRegistry();
  const labels = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };
  const exemplar = { labels, value: 0.7, timestampMs: 1_763_000_012_345 };
  metrics.counter({ name: 'a_total', help: '' }).add([], 1, exemplar);
  metrics.histogram({ name: 'b_bytes', help: '', bounds: [1, 2] }).observe([], 0.7, exemplar);
  metrics.gauge({ name: 'nothing_yet', help: '' });
  const sent = decodeMetrics(encodeMetrics(resource, collected(metrics), times));
  expect([sent.resource, sent.scopeName]).toEqual([{ 'service.name': 'shop', 'process.pid': 7 }, '@vedetta/sdk']);
  const wire = {
    traceId: labels.trace_id,
    spanId: labels.span_id,
    value: 0.7,
    timeUnixNano: 1_763_000_012_345_000_000n,
  };
  const at = { startUnixNano: 1_763_000_000_000_000_000n, timeUnixNano: 1_763_000_030_000_500_000n };
  expect(sent.metrics).toMatchObject([
    { name: 'a_total', unit: '', points: [{ ...at, exemplars: [wire] }] },
    { name: 'b_bytes', unit: 'By', points: [{ ...at, exemplars: [wire] }] },
  ]);
});

const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
const text = fc.string({ unit: 'binary', maxLength: 250 });

test('protobuf and JSON say the same, whatever is measured', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text, amount), { maxLength: 30 }),
      fc.array(fc.tuple(text, fc.double({ min: -1e9, max: 1e9, noNaN: true })), { maxLength: 30 }),
      // JSON has no zero with a sign.
      fc.double().map((value) => value + 0),
      (counts, observations, level) => {
        const metrics = new MetricRegistry();
        const counter = metrics.counter({ name: 'c_total', help: 'é', labels: ['a', 'b'] });
        const histogram = metrics.histogram({ name: 'h', help: '', labels: ['a'], bounds: [-1, 0, 1.5] });
        metrics.gauge({ name: 'g', help: '' }).set([], level);
        for (const [a, b, value] of counts) counter.add([a, b], value);
        for (const [a, value] of observations) histogram.observe([a], value);
        const families = collected(metrics);
        const fromProtobuf = decodeMetrics(encodeMetrics(resource, families, times));
        const fromJson = decodeMetricsJson(encodeMetricsJson(attributes, families, times));
        expect(fromJson).toEqual(fromProtobuf);
        const total = fromProtobuf.metrics.find(({ name }) => name === 'h')?.points ?? [];
        expect(total.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(observations.length);
        expect(fromProtobuf.metrics.find(({ name }) => name === 'g')?.points[0]?.value).toEqual(
          Number.isNaN(level) ? undefined : level,
        );
      },
    ),
  );
});
