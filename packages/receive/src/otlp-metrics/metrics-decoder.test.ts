import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, AggregationType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { NativeHistogram } from '@vedetta/model';
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

/** The native histograms of a batch, likewise. */
function native({ rows }: TranslatedBatch): Record<string, NativeHistogram> {
  return Object.fromEntries(
    rows.series.flatMap((labels, i) => {
      const histogram = rows.histograms?.[(rows.ends[i] as number) - 1];
      const name = labels.map(([label, value]) => (label === '__name__' ? value : `${label}=${value}`)).join(' ');
      return histogram === undefined ? [] : [[name, histogram] as const];
    }),
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
    });
    expect(native(batch)).toEqual({
      [`wide ${target}`]: {
        schema: 6,
        zeroThreshold: 1e-128,
        zeroCount: 1,
        count: 4,
        sum: 7,
        // Upper boundaries 1, 2 and 4: the powers of two end a bucket.
        positive: { indexes: [0, 64, 128], counts: [1, 1, 1] },
        negative: { indexes: [], counts: [] },
        customBounds: undefined,
        resetHint: 'unknown',
      },
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

test.each([
  // Bucket i of scale s holds what is above 2^(i * 2^-s): a native one of the same boundaries has the index i + 1.
  [0, 0, [1, 0, 2], 0, [1, 3], [1, 2]],
  [3, -2, [5], 3, [-1], [5]],
  [8, 7, [1, 1], 8, [8, 9], [1, 1]],
  // Two neighbours of scale 9, of an even index and the odd one after it, are one of scale 8.
  [9, -3, [1, 2, 4, 8, 16], 8, [-1, 0, 1], [1, 6, 24]],
  [20, 4095, [1, 1], 8, [1, 2], [1, 1]],
])(
  'an exponential histogram of scale %i becomes a native one',
  (scale, offset, bucketCounts, schema, indexes, counts) => {
    const count = bucketCounts.reduce((sum, value) => sum + value, 0);
    const body = one('exponentialHistogram', {
      count,
      sum: 1,
      scale,
      zeroThreshold: 0.5,
      positive: { offset, bucketCounts },
    });
    expect(native(take(new MetricsDecoder(), body, 'json'))).toMatchObject({
      m: { schema, zeroThreshold: 0.5, count, positive: { indexes, counts }, negative: { indexes: [] } },
    });
  },
);

test('the end of an exponential histogram is the marker of Prometheus, under its name', () => {
  const { rows } = take(new MetricsDecoder(), one('exponentialHistogram', { flags: 1, scale: 0 }), 'json');
  expect(rows.series).toEqual([[['__name__', 'm']]]);
  expect([rows.histograms, new BigUint64Array(rows.values.buffer)[0]]).toEqual([undefined, 0x7ff0000000000002n]);
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
  expect(native(second)).toMatchObject({
    m: { schema: 0, sum: 2, count: 9, positive: { indexes: [1, 2], counts: [4, 5] }, resetHint: 'unknown' },
  });
  second.commit();
  expect(written(delta(2, 0, [2, 5]))).toEqual({});
});

test.each([
  ['histogram', { bucketCounts: [1], explicitBounds: [1, 2] }, 'a histogram must have one bucket more than boundaries'],
  ['histogram', { bucketCounts: [1, 1, 1], explicitBounds: [2, 1] }, 'the boundaries of a histogram must ascend'],
  ['exponentialHistogram', { scale: 2e9 }, 'the scale of an exponential histogram must be from -4 to 20'],
  [
    'exponentialHistogram',
    { scale: -5, count: 1, zeroCount: 1 },
    'the scale of an exponential histogram must be from -4 to 20',
  ],
  [
    'exponentialHistogram',
    { scale: 1, count: 3, zeroCount: 2 },
    'the buckets of an exponential histogram do not add up to its count',
  ],
  ['gauge', {}, 'a data point has no value'],
  ['histogram', { bucketCounts: new Array(5000).fill(0) }, 'a data point has too many buckets or quantiles'],
])('a point that can never be stored: %s %#', (kind, dataPoint, reason) => {
  expect([...take(new MetricsDecoder(), one(kind, dataPoint), 'json').rejected]).toEqual([[reason, 1]]);
});

test('no more points of a body are taken than may be, and the rest is counted', () => {
  const limits = { maxPoints: 2, maxValues: 10, maxValuesAPoint: 10, maxAttributes: 1, maxExemplars: 1 };
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
