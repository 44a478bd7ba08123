import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, AggregationType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MetricsDecoder } from './metrics-decoder.js';
import type { TranslatedBatch } from './translated.js';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Every kind that the SDK of OpenTelemetry makes, as its own serialiser writes it. */
async function pushed() {
  const reader = new Reader({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes({ 'service.name': 'web', 'service.instance.id': 'a', region: 'eu' }),
    views: [{ instrumentName: 'wide', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const meter = provider.getMeter('test');
  meter.createCounter('jobs', { description: 'Jobs.' }).add(2.5, { 'plan.name': 'é', paid: true, n: 3 });
  meter.createUpDownCounter('open').add(-4);
  meter.createGauge('temperature', { unit: 'Cel' }).record(-1.5);
  const took = meter.createHistogram('took', { unit: 's', advice: { explicitBucketBoundaries: [0.5, 1] } });
  for (const value of [0.5, 0.75, 7]) took.record(value);
  const wide = meter.createHistogram('wide');
  for (const value of [1, 2, 4, 0]) wide.record(value);
  return (await reader.collect()).resourceMetrics;
}

function take(decoder: MetricsDecoder, body: Uint8Array, encoding: 'protobuf' | 'json'): TranslatedBatch {
  const result = decoder.decode(body, encoding);
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.translate();
}

/** The samples of a batch as text without times; those that are checked have one a series. */
function written({ rows }: TranslatedBatch): Record<string, number> {
  return Object.fromEntries(
    rows.series.map((labels, i) => [
      labels.map(([name, value]) => (name === '__name__' ? value : `${name}=${value}`)).join(' '),
      rows.values[(rows.ends[i] as number) - 1] as number,
    ]),
  );
}

describe('what the SDK of OpenTelemetry sends', () => {
  test.each(['protobuf', 'json'] as const)('in %s', async (encoding) => {
    const serializer = encoding === 'json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
    const body = serializer.serializeRequest(await pushed()) ?? new Uint8Array();
    const decoder = new MetricsDecoder();
    const batch = take(decoder, body, encoding);
    const samples = written(batch);
    const target = 'instance=a job=web';
    expect(samples).toMatchObject({
      [`jobs_total ${target} n=3 paid=true plan_name=é`]: 2.5,
      [`open ${target}`]: -4,
      [`temperature_celsius ${target}`]: -1.5,
      [`took_seconds_bucket ${target} le=0.5`]: 1,
      [`took_seconds_bucket ${target} le=1`]: 2,
      [`took_seconds_bucket ${target} le=+Inf`]: 3,
      [`took_seconds_sum ${target}`]: 8.25,
      [`took_seconds_count ${target}`]: 3,
      [`wide_bucket ${target} le=0`]: 1,
      [`wide_bucket ${target} le=1`]: 2,
      [`wide_bucket ${target} le=2`]: 3,
      [`wide_bucket ${target} le=4`]: 4,
      [`wide_bucket ${target} le=+Inf`]: 4,
    });
    expect(Object.keys(samples).some((name) => name.startsWith('target_info'))).toBe(true);
    expect(batch.points).toBe(5);
    expect(batch.metadata).toContainEqual({ name: 'jobs_total', type: 'counter', help: 'Jobs.', unit: '' });
    const again = take(decoder, body, encoding);
    expect(again.rows.series.every((labels, i) => labels === batch.rows.series[i])).toBe(true);
  });
});

const point = (more: object) => ({ timeUnixNano: '1700000000000000000', ...more });
const request = (...metrics: object[]) =>
  Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
const one = (kind: string, dataPoint: object, more: object = {}) =>
  request({ name: 'm', [kind]: { dataPoints: [point(dataPoint)], aggregationTemporality: 2, ...more } });

test('an exponential histogram of 320 buckets keeps its counts in 160 at boundaries of the next scale', () => {
  const bucketCounts = new Array<number>(320).fill(1);
  const body = one('exponentialHistogram', { count: 320, scale: 3, positive: { offset: 0, bucketCounts } });
  const samples = written(take(new MetricsDecoder(), body, 'json'));
  const buckets = Object.entries(samples).filter(([name]) => name.startsWith('m_bucket'));
  expect(buckets).toHaveLength(161);
  expect(samples['m_bucket le=2']).toBe(8);
  expect(samples['m_bucket le=1024']).toBe(80);
  expect(samples['m_bucket le=+Inf']).toBe(320);
});

test('a summary has quantiles, and the end of a series is the marker of Prometheus', () => {
  const decoder = new MetricsDecoder();
  const summary = { count: '3', sum: 6, quantileValues: [{ quantile: 0.5, value: 2 }] };
  expect(written(take(decoder, one('summary', summary), 'json'))).toEqual({
    'm quantile=0.5': 2,
    m_sum: 6,
    m_count: 3,
  });
  const { values } = take(decoder, one('gauge', { flags: 1 }), 'json').rows;
  expect(new BigUint64Array(values.buffer)[0]).toBe(0x7ff0000000000002n);
});

test('differences of histograms are added up when they are committed, whatever their scales', () => {
  const decoder = new MetricsDecoder();
  const delta = (ms: number, scale: number, bucketCounts: number[]) => {
    const timeUnixNano = `${1_700_000_000_000 + ms}000000`;
    const count = bucketCounts.reduce((sum, value) => sum + value, 0);
    const body = one(
      'exponentialHistogram',
      { timeUnixNano, scale, count, sum: 1, positive: { offset: 0, bucketCounts } },
      { aggregationTemporality: 1 },
    );
    return take(decoder, body, 'json');
  };
  delta(1, 0, [9]);
  delta(1, 1, [1, 1]).commit();
  const second = delta(2, 0, [2, 5]);
  expect(written(second)).toEqual({
    'm_bucket le=2': 4,
    'm_bucket le=4': 9,
    'm_bucket le=+Inf': 9,
    m_sum: 2,
    m_count: 9,
  });
  second.commit();
  expect(written(delta(2, 0, [2, 5]))).toEqual({});
});

test.each([
  ['histogram', { bucketCounts: [1], explicitBounds: [1, 2] }, 'a histogram must have one bucket more than boundaries'],
  ['histogram', { bucketCounts: [1, 1, 1], explicitBounds: [2, 1] }, 'the boundaries of a histogram must ascend'],
  ['exponentialHistogram', { scale: 2e9 }, 'the scale of an exponential histogram must be from -10 to 20'],
  ['gauge', {}, 'a data point has no value'],
  ['histogram', { bucketCounts: new Array(5000).fill(0) }, 'a data point has too many buckets or quantiles'],
])('a point that can never be stored: %s %#', (kind, dataPoint, reason) => {
  expect([...take(new MetricsDecoder(), one(kind, dataPoint), 'json').rejected]).toEqual([[reason, 1]]);
});

test('no more points of a body are taken than may be, and the rest is counted', () => {
  const limits = { maxPoints: 2, maxValues: 10, maxValuesAPoint: 10, maxAttributes: 1 };
  const dataPoints = [1, 2, 3, 4].map((asInt) => point({ asInt, attributes: [{ key: `k${asInt}` }] }));
  const batch = take(new MetricsDecoder(limits), request({ name: 'm', gauge: { dataPoints } }), 'json');
  expect([batch.points, [...batch.rejected]]).toEqual([2, [['a body may hold 2 data points', 2]]]);
});

test('damaged bodies give samples that can be stored or a sentence, and never throw', async () => {
  const resourceMetrics = await pushed();
  const bodies = [
    { encoding: 'protobuf' as const, body: ProtobufMetricsSerializer.serializeRequest(resourceMetrics) },
    { encoding: 'json' as const, body: JsonMetricsSerializer.serializeRequest(resourceMetrics) },
  ];
  const decoder = new MetricsDecoder();
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...bodies), damage, fc.boolean(), ({ encoding, body }, bytes, cut) => {
      let damaged = Buffer.from(body ?? new Uint8Array());
      for (const [at, byte] of bytes) damaged[Math.floor(at * (damaged.length - 1))] = byte;
      if (cut) damaged = damaged.subarray(0, Math.floor((bytes[0]?.[0] ?? 1) * damaged.length));
      const result = decoder.decode(damaged, encoding);
      if (result.kind === 'invalid') return result.message !== '';
      const { rows } = result.translate();
      let at = 0;
      for (const [i, labels] of rows.series.entries()) {
        expect(labels.map(([name]) => name)).toEqual([...new Set(labels.map(([name]) => name))].sort());
        expect(labels.find(([name]) => name === '__name__')?.[1]).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
        for (let latest = 0; at < (rows.ends[i] as number); at += 1) {
          expect(rows.timestampsMs[at]).toBeGreaterThan(latest);
          latest = rows.timestampsMs[at] as number;
        }
      }
      return at === rows.values.length;
    }),
    { numRuns: 1500 },
  );
});
