import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RemoteWriteResult } from './decoder.js';
import { RemoteWriteDecoder } from './decoder.js';
import type { SentSeries } from './testing/write-request.js';
import { encodeWrite, writeBody } from './testing/write-request.js';

const LIMIT = 1 << 22;
type Decoded = Extract<RemoteWriteResult, { kind: 'ok' }>;

function expectOk(result: RemoteWriteResult): Decoded {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
  return result;
}

/** Rows as series with samples, values by their bits. */
function seriesOf({ rows }: Decoded): [labels: readonly (readonly [string, string])[], samples: [number, bigint][]][] {
  const bits = new BigUint64Array(rows.values.buffer, rows.values.byteOffset, rows.values.length);
  return Array.from(rows.series, (number, i) => {
    const from = i === 0 ? 0 : (rows.ends[i - 1] as number);
    const samples: [number, bigint][] = [];
    for (let row = from; row < (rows.ends[i] as number); row += 1) {
      samples.push([rows.timestampsMs[row] as number, bits[row] as bigint]);
    }
    return [rows.known.labelsOf(number), samples];
  });
}

const bitsOf = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0] as bigint;

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
const value = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const timeMs = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
  fc.integer({ min: -5000, max: 5000 }),
  fc.maxSafeInteger(),
);
const series: fc.Arbitrary<SentSeries> = fc.record({
  labels: fc
    .tuple(fc.uniqueArray(fc.tuple(text, text), { maxLength: 6, selector: ([name]) => name }), text)
    .map(([pairs, name]) =>
      [['__name__', name] as const, ...pairs.filter(([label]) => label !== '__name__')].toSorted(([a], [b]) =>
        a < b ? -1 : 1,
      ),
    ),
  samples: fc
    .array(fc.tuple(timeMs, value), { minLength: 1, maxLength: 5 })
    .map((samples) => samples.toSorted(([a], [b]) => a - b)),
});

describe.each(['1.0', '2.0'] as const)('remote write %s', (version) => {
  test('any request comes back as it was sent, again and again', () => {
    const decoder = new RemoteWriteDecoder();
    fc.assert(
      fc.property(fc.array(series, { maxLength: 12 }), (sent) => {
        const body = writeBody(version, sent);
        const expected = sent.map(({ labels, samples }) => [
          labels,
          samples.map(([time, sample]) => [time, bitsOf(sample)]),
        ]);
        for (let round = 0; round < 2; round += 1) {
          const result = expectOk(decoder.decode(body, version, LIMIT));
          expect(seriesOf(result)).toEqual(expected);
          expect([result.rejectedSamples, result.reason]).toEqual([0, '']);
          result.release();
        }
      }),
    );
  });

  test('a series has the same number in every body, wherever it stands', () => {
    const decoder = new RemoteWriteDecoder();
    const named = (name: string): SentSeries => ({ labels: [['__name__', name]], samples: [[1, 1]] });
    const numbers = (...names: string[]) => [
      ...expectOk(decoder.decode(writeBody(version, names.map(named)), version, LIMIT)).rows.series,
    ];
    expect(numbers('a', 'b', 'c')).toEqual([0, 1, 2]);
    expect(numbers('c', 'a', 'd', 'a')).toEqual([2, 0, 3, 0]);
    expect(numbers('a', 'b', 'c', 'd')).toEqual([0, 1, 2, 3]);
  });

  test('what a store keeps of the series is there in the next body', () => {
    const decoder = new RemoteWriteDecoder();
    const many = (count: number) =>
      Array.from({ length: count }, (_, i): SentSeries => ({ labels: [['__name__', `m${i}`]], samples: [[1, 1]] }));
    const first = expectOk(decoder.decode(writeBody(version, many(10)), version, LIMIT)).rows.known;
    expect([...first.ids.subarray(0, 10)]).toEqual(new Array(10).fill(-1));
    first.ids[7] = 70;
    // More than there was room for.
    const second = expectOk(decoder.decode(writeBody(version, many(5000)), version, LIMIT)).rows.known;
    expect([second === first, second.ids[7], second.ids[4999]]).toEqual([true, 70, -1]);
  });

  test.each([
    [[['job', 'a']], 'a series has no __name__'],
    [[['__name__', '']], 'a series has no __name__'],
    [
      [
        ['', 'x'],
        ['__name__', 'm'],
      ],
      'a label has no name',
    ],
    [
      [
        ['__name__', 'm'],
        ['a', '1'],
        ['a', '2'],
      ],
      'the label a is there twice',
    ],
    [
      [
        ['a', '1'],
        ['__name__', 'm'],
        ['a', '2'],
      ],
      'the label a is there twice',
    ],
  ] as [SentSeries['labels'], string][])('labels that cannot be are counted: %j', (labels, reason) => {
    const good: SentSeries = { labels: [['__name__', 'good']], samples: [[1, 1]] };
    const bad: SentSeries = {
      labels,
      samples: [
        [1, 1],
        [2, 2],
      ],
    };
    const result = expectOk(new RemoteWriteDecoder().decode(writeBody(version, [bad, good, bad]), version, LIMIT));
    expect([result.rejectedSamples, result.reason]).toEqual([4, reason]);
    expect(seriesOf(result)).toEqual([[[['__name__', 'good']], [[1, bitsOf(1)]]]]);
  });

  test('labels are put in order, and empty ones are not there', () => {
    const labels: SentSeries['labels'] = [
      ['b', '1'],
      ['a', ''],
      ['__name__', 'm'],
    ];
    const result = expectOk(
      new RemoteWriteDecoder().decode(writeBody(version, [{ labels, samples: [[1, 1]] }]), version, LIMIT),
    );
    expect(seriesOf(result)[0]?.[0]).toEqual([
      ['__name__', 'm'],
      ['b', '1'],
    ]);
  });

  test('metadata is read, and long help is cut', () => {
    const sent: SentSeries = {
      labels: [['__name__', 'latency_seconds']],
      samples: [],
      metadata: { type: 3, help: `äh ${'x'.repeat(10_000)}`, unit: 'seconds' },
    };
    const { metadata } = expectOk(new RemoteWriteDecoder().decode(writeBody(version, [sent]), version, LIMIT));
    expect(metadata).toMatchObject([{ name: 'latency_seconds', type: 'histogram', unit: 'seconds' }]);
    expect(metadata[0]?.help).toHaveLength(4095);
  });

  test('exemplars are read with their series; those that cannot be are counted', () => {
    const exemplar = (labels: Record<string, string>, value = 0.5) => ({ labels, value, timeMs: 1_700_000_000_000 });
    const sent: SentSeries[] = [
      { labels: [['__name__', 'a']], samples: [[1, 1]] },
      {
        labels: [['__name__', 'b']],
        samples: [[1, 1]],
        exemplars: [
          exemplar({ trace_id: 'abc', span_id: 'd' }),
          exemplar({ '': 'x' }),
          exemplar({ a: 'x'.repeat(2 ** 21) }),
          exemplar({}, 7),
        ],
      },
      { labels: [['job', 'nameless']], samples: [], exemplars: [exemplar({ trace_id: 'abc' })] },
    ];
    const result = expectOk(new RemoteWriteDecoder().decode(writeBody(version, sent), version, LIMIT));
    const timestampMs = 1_700_000_000_000;
    expect(result.exemplars).toEqual([
      {
        series: 1,
        labels: [
          ['span_id', 'd'],
          ['trace_id', 'abc'],
        ],
        value: 0.5,
        timestampMs,
      },
      { series: 1, labels: [], value: 7, timestampMs },
    ]);
    expect(result.droppedExemplars).toBe(3);
    expect(result.rows.known.labelsOf(1)).toEqual([['__name__', 'b']]);
  });

  test('more labels than any series may have are refused', () => {
    const labels = Array.from({ length: 1001 }, (_, i) => [`l${String(i).padStart(4, '0')}`, 'x'] as const);
    const many: SentSeries = { labels: [['__name__', 'm'], ...labels], samples: [[1, 1]] };
    const result = expectOk(new RemoteWriteDecoder().decode(writeBody(version, [many]), version, LIMIT));
    expect([result.rejectedSamples, result.reason]).toEqual([1, 'a series has more than 1000 labels']);
  });

  test.each([
    ['samples', 18, 9_000_000, 'a body may have 8000000 samples'],
    ['native histograms', version === '1.0' ? 34 : 26, 200_000, 'a body may have 100000 native histograms'],
  ])('more %s than fit into memory are refused, however few bytes they take', (_, tag, count, message) => {
    // Two bytes each.
    const fields = Buffer.alloc(count * 2);
    for (let i = 0; i < fields.length; i += 2) fields[i] = tag;
    const length: number[] = [];
    for (let rest = fields.length; rest > 0; rest >>>= 7) length.push(rest < 128 ? rest : (rest & 127) | 128);
    const body = Buffer.concat([Buffer.from([version === '1.0' ? 10 : 42, ...length]), fields]);
    const result = new RemoteWriteDecoder().decode(literal(body), version, 1 << 26);
    expect(result).toEqual({ kind: 'invalid', message });
  });

  test('labels longer than any may be are refused', () => {
    const labels: SentSeries['labels'] = [
      ['__name__', 'm'],
      ['text', 'x'.repeat(2 ** 20)],
    ];
    const result = expectOk(
      new RemoteWriteDecoder().decode(writeBody(version, [{ labels, samples: [[1, 1]] }]), version, LIMIT),
    );
    expect([result.rejectedSamples, result.reason]).toEqual([1, 'the labels of a series are longer than 1 MiB']);
  });

  test('a body of many samples is decoded in slices, several at a time, and is the same as whole', () => {
    const decoder = new RemoteWriteDecoder();
    const sent = (name: string): SentSeries[] => [
      { labels: [['__name__', name]], samples: Array.from({ length: 150_000 }, (_, i) => [i, i / 7] as const) },
      ...Array.from(
        { length: 5000 },
        (_, i): SentSeries => ({ labels: [['__name__', `${name}${i}`]], samples: [[i, i]] }),
      ),
    ];
    const bodies = ['a', 'b'].map((name) => writeBody(version, sent(name)));
    const under = bodies.map((body) => decoder.decodeInSlices(body, version, 1 << 24));
    const results = new Map<number, Decoded>();
    let slices = 0;
    while (results.size < under.length) {
      for (const [i, each] of under.entries()) {
        if (results.has(i)) continue;
        const step = each.next();
        if (step.done) results.set(i, expectOk(step.value));
        else slices += 1;
      }
    }
    expect(slices).toBeGreaterThanOrEqual(2);
    for (const [i, body] of bodies.entries()) {
      const whole = seriesOf(expectOk(new RemoteWriteDecoder().decode(body, version, 1 << 24)));
      expect(seriesOf(results.get(i) as Decoded)).toEqual(whole);
      // A long series is divided, so that whoever stores it can pause.
      expect(whole.filter(([labels]) => labels[0]?.[1]?.length === 1).length).toBeGreaterThan(10);
    }
  });

  test('bodies that are changed or cut never throw, and rows stay in step', () => {
    const decoder = new RemoteWriteDecoder();
    const sent: SentSeries[] = ['a', 'b'].map((job) => ({
      labels: [
        ['__name__', 'm'],
        ['job', job],
      ],
      samples: [
        [1, 0],
        [1_700_000_000_000, 2.5],
      ],
      metadata: { type: 1, help: 'h', unit: 'u' },
    }));
    const plain = encodeWrite(version, sent);
    const block = writeBody(version, sent);
    const damaged = (bytes: Uint8Array) =>
      fc
        .tuple(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(bytes.length))
        .map(([changes, end]) => {
          const copy = Buffer.from(bytes);
          for (const [at, byte] of changes) copy[at] = byte;
          return copy.subarray(0, end === 0 ? bytes.length : end);
        });
    fc.assert(
      fc.property(damaged(plain).map(literal), damaged(block), (message, compressed) => {
        for (const body of [message, compressed]) {
          const result = decoder.decode(body, version, LIMIT);
          if (result.kind !== 'ok') continue;
          const { rows } = result;
          expect(rows.ends.length).toBe(rows.series.length);
          expect(rows.ends.at(-1) ?? 0).toBe(rows.timestampsMs.length);
          for (const number of rows.series) expect(rows.known.labelsOf(number).length).toBeGreaterThan(0);
          result.release();
        }
      }),
      { numRuns: 3000 },
    );
  });
});

test('1.0: labels behind the samples are those of the series', () => {
  const [label, sample] = [Buffer.from('0a0d0a085f5f6e616d655f5f12016d', 'hex'), Buffer.from('12021001', 'hex')];
  const other = Buffer.from('0a080a03', 'hex');
  const job = Buffer.concat([other, Buffer.from('job'), Buffer.from('120161', 'hex')]);
  const fields = Buffer.concat([label, sample, job, sample.map((byte, i) => (i === 3 ? 2 : byte))]);
  const body = literal(Buffer.concat([Buffer.from([10, fields.length]), fields]));
  expect(seriesOf(expectOk(new RemoteWriteDecoder().decode(body, '1.0', LIMIT)))).toEqual([
    [
      [
        ['__name__', 'm'],
        ['job', 'a'],
      ],
      [
        [1, 0n],
        [2, 0n],
      ],
    ],
  ]);
});

test('1.0: a long series whose labels stand between its samples is no way to keep the server busy', () => {
  const pair = Buffer.from('0a0d0a085f5f6e616d655f5f12016d12021001', 'hex');
  const fields = Buffer.concat(new Array(100_000).fill(pair));
  const length = [fields.length & 127, (fields.length >>> 7) & 127, fields.length >>> 14].map((byte, i) =>
    i < 2 ? byte | 128 : byte,
  );
  const body = literal(Buffer.concat([Buffer.from([10, ...length]), fields]));
  expect(new RemoteWriteDecoder().decode(body, '1.0', LIMIT)).toEqual({
    kind: 'invalid',
    message: 'labels stand far behind samples of their series',
  });
});

test('2.0: what refers to no symbol makes the body invalid', () => {
  const body = literal(Buffer.from([42, 4, 10, 2, 1, 2]));
  expect(new RemoteWriteDecoder().decode(body, '2.0', LIMIT)).toEqual({
    kind: 'invalid',
    message: 'something refers to symbol 1, which is not there',
  });
});

test('2.0: a long symbol that very many series refer to does not keep the server busy', () => {
  const long = 'x'.repeat(900_000);
  const sent = Array.from(
    { length: 400 },
    (_, i): SentSeries => ({
      labels: [
        ['__name__', `m${i}`],
        ['text', long],
      ],
      samples: [[1, 1]],
    }),
  );
  expect(new RemoteWriteDecoder().decode(writeBody('2.0', sent), '2.0', LIMIT)).toEqual({
    kind: 'invalid',
    message: 'the labels of all series are longer than 256 MiB',
  });
});

test('2.0: metadata that was told before is not told again, until it changes', () => {
  const decoder = new RemoteWriteDecoder();
  const told = (help: string) =>
    expectOk(
      decoder.decode(
        writeBody('2.0', [{ labels: [['__name__', 'm']], samples: [], metadata: { type: 1, help, unit: '' } }]),
        '2.0',
        LIMIT,
      ),
    ).metadata.map((entry) => entry.help);
  expect([told('a'), told('a'), told('b'), told('b')]).toEqual([['a'], [], ['b'], []]);
});

/** One literal, which any decoder of snappy takes. */
function literal(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return Buffer.of(0);
  const length: number[] = [];
  for (let rest = bytes.length; rest > 0; rest >>>= 7) length.push(rest < 128 ? rest : (rest & 127) | 128);
  const last = Buffer.alloc(4);
  last.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([Buffer.from([...length, 63 << 2]), last, bytes]);
}
