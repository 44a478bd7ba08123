import type { NativeHistogram } from '@vedetta/model';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import type { RemoteWriteResult } from './decoder.js';
import { RemoteWriteDecoder } from './decoder.js';

// What both versions share of the messages, written by another implementation of protobuf.
const HISTOGRAM = `
message Histogram {
  oneof count { uint64 count_int = 1; double count_float = 2; }
  double sum = 3;
  sint32 schema = 4;
  double zero_threshold = 5;
  oneof zero_count { uint64 zero_count_int = 6; double zero_count_float = 7; }
  repeated BucketSpan negative_spans = 8;
  repeated sint64 negative_deltas = 9;
  repeated double negative_counts = 10;
  repeated BucketSpan positive_spans = 11;
  repeated sint64 positive_deltas = 12;
  repeated double positive_counts = 13;
  int32 reset_hint = 14;
  int64 timestamp = 15;
  repeated double custom_values = 16;
}
message BucketSpan { sint32 offset = 1; uint32 length = 2; }
message Sample { double value = 1; int64 timestamp = 2; }`;
const FIRST = protobuf.parse(`syntax = "proto3"; ${HISTOGRAM}
message Label { string name = 1; string value = 2; }
message Series { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
message Request { repeated Series timeseries = 1; }`).root;
const SECOND = protobuf.parse(`syntax = "proto3"; ${HISTOGRAM}
message Series { repeated uint32 refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3; }
message Request { repeated string symbols = 4; repeated Series timeseries = 5; }`).root;
const LIMIT = 1 << 20;

/** Not compressed. */
function bodyOf(version: '1.0' | '2.0', histograms: readonly object[], samples: readonly object[] = []): Buffer {
  const labels = [{ name: '__name__', value: 'h' }];
  const request =
    version === '1.0'
      ? { timeseries: [{ labels, samples, histograms }] }
      : { symbols: ['', '__name__', 'h'], timeseries: [{ refs: [1, 2], samples, histograms }] };
  const type = (version === '1.0' ? FIRST : SECOND).lookupType('Request');
  return Buffer.from(type.encode(type.fromObject(request)).finish());
}

function decodeBody(version: '1.0' | '2.0', body: Uint8Array): RemoteWriteResult {
  return new RemoteWriteDecoder().decode(new Uint8Array(compress(body)), version, LIMIT);
}

type Decoded = Extract<RemoteWriteResult, { kind: 'ok' }>;

function decode(version: '1.0' | '2.0', histograms: readonly object[], samples?: readonly object[]): Decoded {
  const result = decodeBody(version, bodyOf(version, histograms, samples));
  if (result.kind !== 'ok') throw new Error(result.kind);
  return result;
}

const WHOLE = {
  timestamp: 1000,
  countInt: 17,
  sum: 3.5,
  schema: 3,
  zeroThreshold: 0.001,
  zeroCountInt: 2,
  negativeSpans: [{ offset: -4, length: 1 }],
  negativeDeltas: [5],
  positiveSpans: [
    { offset: -2, length: 2 },
    { offset: 3, length: 1 },
  ],
  positiveDeltas: [1, 3, 1],
  resetHint: 1,
};
const READ: NativeHistogram = {
  schema: 3,
  zeroThreshold: 0.001,
  zeroCount: 2,
  count: 17,
  sum: 3.5,
  positive: { indexes: [-2, -1, 3], counts: [1, 4, 5] },
  negative: { indexes: [-4], counts: [5] },
  customBounds: undefined,
  resetHint: 'reset',
};

describe.each(['1.0', '2.0'] as const)('a native histogram of remote write %s', (version) => {
  it('of whole numbers is read with its buckets', () => {
    const { rows, rejectedHistograms, reason } = decode(version, [WHOLE]);
    expect([rows.histograms, [...rows.timestampsMs], rejectedHistograms, reason]).toEqual([[READ], [1000], 0, '']);
  });

  it('of fractions is read with its counts', () => {
    const half = {
      ...WHOLE,
      countInt: undefined,
      zeroCountInt: undefined,
      countFloat: 8.5,
      zeroCountFloat: 1,
      negativeDeltas: [],
      negativeCounts: [2.5],
      positiveDeltas: [],
      positiveCounts: [0.5, 2, 2.5],
      resetHint: 3,
    };
    expect(decode(version, [half]).rows.histograms).toEqual([
      {
        ...READ,
        count: 8.5,
        zeroCount: 1,
        positive: { indexes: [-2, -1, 3], counts: [0.5, 2, 2.5] },
        negative: { indexes: [-4], counts: [2.5] },
        resetHint: 'gauge',
      },
    ]);
  });

  it('with listed boundaries keeps them', () => {
    const listed = {
      timestamp: 5,
      schema: -53,
      countInt: 3,
      positiveSpans: [{ offset: 1, length: 1 }],
      positiveDeltas: [3],
      customValues: [0.5, 2],
    };
    expect(decode(version, [listed]).rows.histograms).toMatchObject([
      { schema: -53, customBounds: [0.5, 2], positive: { indexes: [1], counts: [3] }, zeroThreshold: 0 },
    ]);
  });

  it('whose sum is the marker of staleness ends its series', () => {
    // A number cannot carry the marker through the encoder: it is put where a sum is that is found again.
    const sum = 1234.5678;
    const body = bodyOf(version, [{ timestamp: 7, sum }]);
    body.writeBigUInt64LE(0x7ff0_0000_0000_0002n, body.indexOf(Buffer.from(new Float64Array([sum]).buffer)));
    const result = decodeBody(version, body);
    if (result.kind !== 'ok') throw new Error(result.kind);
    expect(result.rows.histograms).toBeUndefined();
    expect(new BigUint64Array(result.rows.values.buffer)[0]).toBe(0x7ff0_0000_0000_0002n);
  });

  it('finer than any in use is made coarser', () => {
    const fine = {
      timestamp: 5,
      schema: 10,
      countInt: 10,
      positiveSpans: [{ offset: 0, length: 4 }],
      positiveDeltas: [1, 1, 1, 1],
    };
    // Indexes 0, 1, 2, 3 of schema 10 are 0 and 1 of schema 8: of those from 1 on four become one.
    expect(decode(version, [fine]).rows.histograms).toMatchObject([
      { schema: 8, positive: { indexes: [0, 1], counts: [1, 9] } },
    ]);
  });

  it('is in the order of time with the samples of its series', () => {
    const at = (timestamp: number) => ({ ...WHOLE, timestamp });
    const { rows } = decode(version, [at(4), at(2)], [{ value: 9, timestamp: 3 }]);
    expect([[...rows.timestampsMs], rows.values[1], rows.histograms]).toEqual([[2, 3, 4], 9, [READ, undefined, READ]]);
  });

  it.each([
    [{ ...WHOLE, positiveDeltas: [1, 3] }, 'a histogram has spans for 3 buckets and 2 counts'],
    [{ ...WHOLE, positiveSpans: [{ offset: 0, length: 4_000_000_000 }] }, 'spans for 4000000000 buckets and 3 counts'],
    [
      {
        ...WHOLE,
        positiveSpans: [
          { offset: 1, length: 2 },
          { offset: -1, length: 1 },
        ],
      },
      'a histogram has spans that overlap',
    ],
    [{ ...WHOLE, countInt: 18 }, 'the buckets of a histogram hold 17 observations, its count is 18'],
    [{ ...WHOLE, countInt: 2 ** 60 }, 'a histogram counts more than 2^53 observations'],
  ])('that cannot be is counted, with the reason: %#', (histogram, reason) => {
    const result = decode(version, [histogram, { ...WHOLE, timestamp: 2000 }]);
    expect([result.rejectedHistograms, result.rows.histograms?.length]).toEqual([1, 1]);
    expect(result.reason).toContain(reason);
  });

  it('may count observations that are NaN and in no bucket', () => {
    expect(decode(version, [{ ...WHOLE, countInt: 20, sum: Number.NaN }]).rejectedHistograms).toBe(0);
    expect(decode(version, [{ ...WHOLE, countInt: 16, sum: Number.NaN }]).rejectedHistograms).toBe(1);
  });

  it('that is damaged gives rows in step or a refusal, and never throws', () => {
    const plain = bodyOf(version, [WHOLE, WHOLE]);
    const damage = fc.array(fc.tuple(fc.nat(plain.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, fc.nat(plain.length), fc.boolean(), (bytes, end, cut) => {
        const body = Buffer.from(plain.subarray(0, cut ? end : plain.length));
        for (const [at, byte] of bytes) if (at < body.length) body[at] = byte;
        const result = decodeBody(version, body);
        if (result.kind !== 'ok') return;
        const { rows } = result;
        expect(rows.ends.at(-1) ?? 0).toBe(rows.timestampsMs.length);
        if (rows.histograms !== undefined) expect(rows.histograms.length).toBe(rows.values.length);
      }),
      { numRuns: 1000 },
    );
  });
});
