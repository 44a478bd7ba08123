import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import type { OtlpEncoding } from '../otlp/decode-traces.js';
import { DEFAULT_METRIC_LIMITS } from './metric-collector.js';
import { MetricsDecoder } from './metrics-decoder.js';
import type { TranslatedBatch } from './translated.js';

/** The part of OTLP's .proto files that has exemplars. */
const { root } = protobuf.parse(`
syntax = "proto3";
message Request { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; oneof data { Gauge gauge = 5; Data sum = 7; Histogram histogram = 9; Wide exponential_histogram = 10; } }
message Gauge { repeated Point data_points = 1; }
message Data { repeated Point data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramPoint data_points = 1; int32 aggregation_temporality = 2; }
message Wide { repeated WidePoint data_points = 1; int32 aggregation_temporality = 2; }
message Point { fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated Exemplar exemplars = 5; uint32 flags = 8; }
message HistogramPoint {
  fixed64 time_unix_nano = 3; fixed64 count = 4; optional double sum = 5; repeated fixed64 bucket_counts = 6;
  repeated double explicit_bounds = 7; repeated Exemplar exemplars = 8;
}
message WidePoint {
  fixed64 time_unix_nano = 3; fixed64 count = 4; optional double sum = 5; sint32 scale = 6; Buckets positive = 8;
  repeated Exemplar exemplars = 11;
}
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
message Exemplar {
  repeated KeyValue filtered_attributes = 7; fixed64 time_unix_nano = 2; oneof value { double as_double = 3; sfixed64 as_int = 6; }
  bytes span_id = 4; bytes trace_id = 5;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; } }
`);
const requestType = root.lookupType('Request');

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const T = 1_700_000_000_000;
const nano = (ms: number) => `${ms}000000`;

const exemplar = (value: object, ms: number, more: object = {}) => ({
  timeUnixNano: nano(T + ms),
  traceId: TRACE,
  spanId: SPAN,
  ...value,
  ...more,
});
const metric = (name: string, kind: string, point: object, aggregationTemporality = 2) => ({
  name,
  [kind]: {
    dataPoints: [{ timeUnixNano: nano(T), ...point }],
    ...(kind === 'gauge' ? {} : { aggregationTemporality }),
    ...(kind === 'sum' ? { isMonotonic: true } : {}),
  },
});

function encode(metrics: readonly object[], encoding: OtlpEncoding): Uint8Array {
  const ids = (key: string, value: unknown) =>
    encoding === 'protobuf' && (key === 'traceId' || key === 'spanId') ? Buffer.from(String(value), 'hex') : value;
  const request = { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] };
  if (encoding === 'json') return Buffer.from(JSON.stringify(request));
  const plain = JSON.parse(JSON.stringify(request), ids);
  return requestType.encode(requestType.fromObject(plain)).finish();
}

function take(metrics: readonly object[], encoding: OtlpEncoding, decoder = new MetricsDecoder()): TranslatedBatch {
  const result = decoder.decode(encode(metrics, encoding), encoding);
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.translate();
}

/** As text: series, labels, value, and the time after {@link T}. */
function shown({ exemplars }: TranslatedBatch): string[] {
  const text = (pairs: readonly (readonly [string, string])[]) => pairs.map((pair) => pair.join('=')).join(' ');
  return exemplars.map(
    ({ series, labels, value, timestampMs, borrowedTime }) =>
      `${text(series)} | ${text(labels)} | ${value} @${timestampMs - T}${borrowedTime === true ? ' of its point' : ''}`,
  );
}

const IDS = `span_id=${SPAN} trace_id=${TRACE}`;

test.each(['json', 'protobuf'] as const)(
  'of every kind of point, in %s, go to the series that counts them',
  (encoding) => {
    const batch = take(
      [
        metric('jobs', 'sum', { asInt: '7', exemplars: [exemplar({ asInt: '-3' }, -5)] }),
        metric('level', 'gauge', { asDouble: 1, exemplars: [exemplar({ asDouble: 0.25 }, -4)] }),
        metric('took', 'histogram', {
          count: '4',
          sum: 9,
          bucketCounts: ['1', '1', '2'],
          explicitBounds: [0.5, 1],
          exemplars: [
            exemplar({ asDouble: 7 }, -1),
            exemplar({ asDouble: 0.5 }, -3),
            exemplar({ asDouble: 0.75 }, -2),
            exemplar({ asDouble: -1 }, -6),
          ],
        }),
        metric('wide', 'exponentialHistogram', {
          count: '2',
          sum: 3,
          scale: 0,
          positive: { offset: 0, bucketCounts: ['1', '1'] },
          exemplars: [exemplar({ asDouble: 4 }, 0), exemplar({ asDouble: 2 }, -7)],
        }),
      ],
      encoding,
    );
    expect(shown(batch)).toEqual([
      `__name__=wide | ${IDS} | 2 @-7`,
      `__name__=took_bucket le=0.5 | ${IDS} | -1 @-6`,
      `__name__=jobs_total | ${IDS} | -3 @-5`,
      `__name__=level | ${IDS} | 0.25 @-4`,
      `__name__=took_bucket le=0.5 | ${IDS} | 0.5 @-3`,
      `__name__=took_bucket le=1 | ${IDS} | 0.75 @-2`,
      `__name__=took_bucket le=+Inf | ${IDS} | 7 @-1`,
      `__name__=wide | ${IDS} | 4 @0`,
    ]);
    expect(batch.droppedExemplars).toBe(0);
    for (const { series } of batch.exemplars) expect(batch.rows.series).toContain(series);
  },
);

test.each(['json', 'protobuf'] as const)(
  'labels in %s: attributes as far as there is room, ids that are ids',
  (encoding) => {
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const attributes = (...filteredAttributes: object[]) => ({ filteredAttributes });
    const room = 128 - 'trace_id'.length - 32 - 'span_id'.length - 16 - 'user_id'.length;
    const of = (ms: number, more: object) => exemplar({ asInt: 1 }, ms, more);
    const many = Array.from({ length: 100 }, (_, i) => attribute(`k${i}`, ''));
    const { exemplars, droppedExemplars } = take(
      [
        metric('m', 'gauge', {
          asInt: 1,
          exemplars: [
            of(1, attributes(attribute('user.id', 'é'.repeat(room)), attribute('trace.id', 'mine'))),
            of(2, attributes(attribute('user.id', 'é'.repeat(room + 1)))),
            of(3, attributes(attribute('user.id', 'x'.repeat(100_000)), attribute('a', 'b'))),
            of(4, attributes(...many)),
            of(5, { traceId: '00000000000000000000000000000000', spanId: '' }),
            of(6, attributes({ key: 'n', value: { intValue: 3 } }, { key: 'yes', value: { boolValue: true } })),
            { ...of(7, {}), timeUnixNano: '0' },
            { timeUnixNano: nano(T) },
          ],
        }),
      ],
      encoding,
    );
    const ids = [
      ['span_id', SPAN],
      ['trace_id', TRACE],
    ];
    expect(exemplars.map(({ timestampMs, labels }) => [timestampMs - T, labels])).toEqual([
      [0, ids],
      [1, [...ids, ['user_id', 'é'.repeat(room)]]],
      [2, ids],
      [3, ids],
      [4, ids],
      [5, []],
      [6, [['n', '3'], ...ids, ['yes', 'true']]],
    ]);
    expect(exemplars[0]?.borrowedTime).toBe(true);
    expect(droppedExemplars).toBe(1);
  },
);

test('ids of a JSON body may be upper case; what is none of 16 or 8 bytes is no label', () => {
  const { exemplars } = take(
    [
      metric('m', 'gauge', {
        asInt: 1,
        exemplars: [
          exemplar({ asInt: 1 }, 1, { traceId: TRACE.toUpperCase(), spanId: SPAN.toUpperCase() }),
          exemplar({ asInt: 1 }, 2, { traceId: 'S/kvNXezTaajzpKdDg5HNg==', spanId: 7 }),
        ],
      }),
    ],
    'json',
  );
  expect(exemplars.map(({ labels }) => labels.map(([, value]) => value))).toEqual([[SPAN, TRACE], []]);
});

test.each(['json', 'protobuf'] as const)(
  'those over the limit of a body in %s are dropped, their points are not',
  (encoding) => {
    const decoder = new MetricsDecoder({ ...DEFAULT_METRIC_LIMITS, maxExemplars: 2 });
    const exemplars = [1, 2, 3].map((ms) => exemplar({ asDouble: ms }, ms));
    const batch = take(
      ['a', 'b'].map((name) => metric(name, 'gauge', { asDouble: 1, exemplars })),
      encoding,
      decoder,
    );
    expect([batch.points, batch.exemplars.length, batch.droppedExemplars]).toEqual([2, 2, 4]);
  },
);

test('no bucket takes what is not a number; a histogram without buckets takes all else', () => {
  const exemplars = [
    exemplar({ asDouble: 'NaN' }, 1),
    exemplar({ asDouble: 'Infinity' }, 2),
    exemplar({ asInt: 3 }, 3),
  ];
  const batch = take([metric('m', 'histogram', { count: '3', bucketCounts: ['3'], exemplars })], 'json');
  expect(shown(batch)).toEqual([
    `__name__=m_bucket le=+Inf | ${IDS} | Infinity @2`,
    `__name__=m_bucket le=+Inf | ${IDS} | 3 @3`,
  ]);
  expect(batch.droppedExemplars).toBe(1);
});

test('of differences they count with the first sending only', () => {
  const decoder = new MetricsDecoder();
  const body = [metric('m', 'sum', { asDouble: 1, exemplars: [exemplar({ asDouble: 1 }, 0)] }, 1)];
  const first = take(body, 'json', decoder);
  first.commit();
  const again = take(body, 'json', decoder);
  expect([first.exemplars.length, again.exemplars.length, again.droppedExemplars]).toEqual([1, 0, 0]);
});

test('damaged bodies give exemplars that can be kept or a sentence, and never throw', () => {
  const filteredAttributes = [{ key: 'user.id', value: { stringValue: 'u' } }];
  const exemplars = [exemplar({ asDouble: 0.5 }, 1, { filteredAttributes }), exemplar({ asInt: '7' }, 2)];
  const metrics = [
    metric('jobs', 'sum', { asInt: '7', exemplars }),
    metric('took', 'histogram', { count: '2', bucketCounts: ['1', '1'], explicitBounds: [0.5], exemplars }),
    metric('wide', 'exponentialHistogram', { count: '0', scale: 0, exemplars }),
  ];
  const bodies = (['json', 'protobuf'] as const).map((encoding) => ({ encoding, body: encode(metrics, encoding) }));
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 6 });
  let kept = 0;
  fc.assert(
    fc.property(fc.constantFrom(...bodies), damage, ({ encoding, body }, bytes) => {
      const damaged = Buffer.from(body);
      for (const [at, byte] of bytes) damaged[Math.floor(at * (damaged.length - 1))] = byte;
      const result = new MetricsDecoder().decode(damaged, encoding);
      if (result.kind === 'invalid') return result.message !== '';
      for (const { series, labels, value, timestampMs } of result.translate().exemplars) {
        kept += 1;
        expect(series.some(([name]) => name === '__name__')).toBe(true);
        expect(labels.map(([name]) => name)).toEqual([...new Set(labels.map(([name]) => name))].sort());
        expect([typeof value, timestampMs > 0]).toEqual(['number', true]);
      }
      return true;
    }),
    { numRuns: 1000 },
  );
  expect(kept).toBeGreaterThan(100);
});
