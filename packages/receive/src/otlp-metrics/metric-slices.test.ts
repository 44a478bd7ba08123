import { describe, expect, test } from 'vitest';
import type { OtlpEncoding } from '../otlp/decode-traces.js';
import { DEFAULT_METRIC_LIMITS } from './metric-collector.js';
import { MetricsDecoder } from './metrics-decoder.js';
import type { MetricsResult, TranslatedBatch } from './translated.js';

const TIME_MS = 1_700_000_000_000;

/** Metrics of very different sizes, so that slices end inside each level of the message. */
const SIZES = [...Array.from({ length: 3000 }, () => 1), 5, 12_000, 40];

function json(): Buffer {
  const metrics = SIZES.map((size, m) => ({
    name: `m${m}`,
    gauge: {
      dataPoints: Array.from({ length: size }, (_, i) => ({
        timeUnixNano: `${TIME_MS}000000`,
        asDouble: i,
        attributes: [{ key: 'n', value: { stringValue: `${i} of some more` } }],
      })),
    },
  }));
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
}

function protobuf(): Buffer {
  const metrics = SIZES.map((size, m) => {
    const points = Array.from({ length: size }, (_, i) => {
      const fixed = Buffer.alloc(18);
      fixed[0] = 25;
      fixed.writeBigUInt64LE(BigInt(TIME_MS) * 1_000_000n, 1);
      fixed[9] = 33;
      fixed.writeDoubleLE(i, 10);
      const value = field(18, field(10, Buffer.from(`${i} of some more`)));
      return field(10, Buffer.concat([field(58, Buffer.concat([field(10, Buffer.from('n')), value])), fixed]));
    });
    return field(18, Buffer.concat([field(10, Buffer.from(`m${m}`)), field(42, Buffer.concat(points))]));
  });
  return field(10, field(18, Buffer.concat(metrics)));
}

function field(tag: number, content: Buffer): Buffer {
  const size: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    size.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) return Buffer.concat([Buffer.from([tag, ...size]), content]);
  }
}

function run<T>(slices: Generator<void, T>): { readonly value: T; readonly pauses: number } {
  for (let pauses = 0; ; pauses += 1) {
    const step = slices.next();
    if (step.done === true) return { value: step.value, pauses };
  }
}

function translated(result: MetricsResult) {
  if (result.kind === 'invalid') throw new Error(result.message);
  return run(result.translateInSlices());
}

const shown = ({ commit, ...batch }: TranslatedBatch) => batch;

describe.each([
  ['protobuf', protobuf()],
  ['json', json()],
] as const)('a long %s body', (encoding: OtlpEncoding, body) => {
  test('is the same in slices as at once', () => {
    const read = run(new MetricsDecoder().decodeInSlices(body, encoding));
    expect(read.pauses).toBeGreaterThanOrEqual(5);
    const { value, pauses } = translated(read.value);
    expect(pauses).toBeGreaterThanOrEqual(5);
    expect(value.points).toBe(15_045);
    const whole = new MetricsDecoder().decode(body, encoding);
    expect(shown(value)).toEqual(whole.kind === 'ok' && shown(whole.translate()));
  });

  test('is refused when its end is missing, and can be given up', () => {
    const decoder = new MetricsDecoder();
    expect(run(decoder.decodeInSlices(body.subarray(0, -1), encoding)).value.kind).toBe('invalid');
    const slices = decoder.decodeInSlices(body, encoding);
    slices.next();
    slices.return({ kind: 'invalid', message: 'given up' });
    expect(slices.next().done).toBe(true);
  });

  test('that is over the limit of points still pauses', () => {
    const decoder = new MetricsDecoder({ ...DEFAULT_METRIC_LIMITS, maxPoints: 10 });
    const { value, pauses } = run(decoder.decodeInSlices(body, encoding));
    expect(pauses).toBeGreaterThanOrEqual(5);
    expect([...translated(value).value.rejected]).toEqual([['a body may hold 10 data points', 15_035]]);
  });
});

test.each([
  ['resources', Buffer.alloc(4_000_000, Buffer.of(10, 0))],
  ['metrics', field(10, field(18, Buffer.alloc(4_000_000, Buffer.of(18, 0))))],
  ['points of one metric', field(10, field(18, field(18, field(42, Buffer.alloc(4_000_000, Buffer.of(10, 0))))))],
  ['attributes of a resource', field(10, field(10, Buffer.alloc(4_000_000, Buffer.of(10, 0))))],
  ['unknown fields of a metric', field(10, field(18, field(18, Buffer.alloc(4_000_000, Buffer.of(122, 0)))))],
])('pauses in two million empty %s', (_what, body) => {
  const { value, pauses } = run(new MetricsDecoder().decodeInSlices(body, 'protobuf'));
  expect([value.kind, pauses >= 100]).toEqual(['ok', true]);
});

test('pauses in few points of many buckets', () => {
  const dataPoints = Array.from({ length: 240 }, (_, i) => ({
    timeUnixNano: `${TIME_MS + i}000000`,
    count: 4001,
    bucketCounts: new Array(2001).fill(1),
    explicitBounds: Array.from({ length: 2000 }, (_bound, at) => at),
  }));
  const metrics = [{ name: 'm', histogram: { aggregationTemporality: 2, dataPoints } }];
  const body = Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
  const read = run(new MetricsDecoder().decodeInSlices(body, 'json'));
  expect(read.pauses).toBeGreaterThanOrEqual(20);
  const { value, pauses } = translated(read.value);
  expect(value.rows.values.length).toBe(240 * 2002);
  expect(pauses).toBeGreaterThanOrEqual(100);
});

test('a body of an exporter is done at once', () => {
  const dataPoints = [{ timeUnixNano: `${TIME_MS}000000`, asDouble: 1 }];
  const body = Buffer.from(
    JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }] }),
  );
  const { value, pauses } = run(new MetricsDecoder().decodeInSlices(body, 'json'));
  expect([pauses, translated(value).pauses]).toEqual([0, 0]);
});
