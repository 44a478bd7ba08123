import type { HistogramBuckets, NativeHistogram } from '@vedetta/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleChunkError } from '../sample-chunk.js';
import { staleOf } from '../stale-marker.js';
import { problemOfHistogram } from './check-histogram.js';
import { decodeHistograms, encodeHistograms } from './histogram-chunk.js';

const NONE: HistogramBuckets = { indexes: [], counts: [] };
const STEP_MS = 15_000;

function exponential(positive: HistogramBuckets, more: Partial<NativeHistogram> = {}): NativeHistogram {
  const total = [...positive.counts, ...(more.negative?.counts ?? [])].reduce((sum, count) => sum + count, 0);
  return {
    schema: 3,
    zeroThreshold: 2 ** -128,
    zeroCount: 0,
    count: total,
    sum: total * 0.1,
    positive,
    negative: NONE,
    customBounds: undefined,
    resetHint: 'unknown',
    ...more,
  };
}

function columns(histograms: readonly (NativeHistogram | undefined)[]) {
  return { timestampsMs: Float64Array.from(histograms, (_, i) => 1_763_000_000_000 + i * STEP_MS), histograms };
}

/** Counters of forty buckets that grow by what chance gives. */
function counters(count: number, mean: number): NativeHistogram[] {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
  const counts = new Array<number>(40).fill(0);
  return Array.from({ length: count }, () => {
    for (let i = 0; i < counts.length; i += 1) counts[i] = (counts[i] as number) + Math.floor(next() * 2 * mean);
    return exponential({ indexes: counts.map((_, i) => i - 10), counts: [...counts] });
  });
}

const count = fc.oneof(
  { weight: 8, arbitrary: fc.nat(300) },
  { weight: 1, arbitrary: fc.maxSafeNat() },
  { weight: 1, arbitrary: fc.double({ min: 0, noNaN: true }) },
);
const buckets = (min: number, max: number): fc.Arbitrary<HistogramBuckets> =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min, max }), count), { selector: ([index]) => index, maxLength: 8 })
    .map((pairs) => {
      pairs.sort(([a], [b]) => a - b);
      return { indexes: pairs.map(([index]) => index), counts: pairs.map(([, value]) => value + 0) };
    });
const hint = fc.constantFrom('unknown' as const, 'gauge' as const, 'reset' as const);
const anyExponential = fc.record({
  schema: fc.integer({ min: -4, max: 8 }),
  zeroThreshold: fc.constantFrom(0, 1e-128, 2 ** -128, 0.5),
  zeroCount: count.map((value) => value + 0),
  count: count.map((value) => value + 0),
  sum: fc.double(),
  positive: buckets(-(2 ** 31), 2 ** 31 - 1),
  negative: buckets(-5, 5),
  customBounds: fc.constant(undefined),
  resetHint: hint,
});
const bounds = fc.constantFrom([], [0.005, 0.01, 2.5, 10], [-1, 0, 1 / 3, 1e300], [1, 2]);
const anyCustom = bounds.chain((customBounds) =>
  fc.record({
    schema: fc.constant(-53),
    zeroThreshold: fc.constant(0),
    zeroCount: fc.constant(0),
    count: count.map((value) => value + 0),
    sum: fc.double(),
    positive: buckets(0, customBounds.length),
    negative: fc.constant(NONE),
    customBounds: fc.constant(customBounds),
    resetHint: hint,
  }),
);
const anyHistograms: fc.Arbitrary<(NativeHistogram | undefined)[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: anyExponential },
    { weight: 2, arbitrary: anyCustom },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  { maxLength: 20 },
);

describe('a chunk of histograms', () => {
  it('keeps any histograms, and what is said of gauges and resets', () => {
    fc.assert(
      fc.property(anyHistograms, (histograms) => {
        const decoded = decodeHistograms(encodeHistograms(columns(histograms)));
        expect(decoded.timestampsMs).toEqual(columns(histograms).timestampsMs);
        const isStale = staleOf(decoded.values);
        for (const [i, histogram] of histograms.entries()) {
          const read = decoded.histograms?.[i];
          expect(isStale(i)).toBe(histogram === undefined);
          if (histogram === undefined || read === undefined) {
            expect(read).toBe(histogram);
            continue;
          }
          expect(problemOfHistogram(histogram)).toBe('');
          expect({ ...read, resetHint: '' }).toEqual({ ...histogram, resetHint: '' });
          expect(read.resetHint === 'gauge').toBe(histogram.resetHint === 'gauge');
          if (histogram.resetHint === 'reset') expect(read.resetHint).toBe('reset');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says of each whether its counter began anew since the one before', () => {
    const at = (...counts: number[]) => exponential({ indexes: counts.map((_, i) => i), counts });
    const gauge = { ...at(1, 1), resetHint: 'gauge' as const };
    const finer = { ...at(9, 9), schema: 4 };
    const hints = [at(1, 2), at(2, 2), at(3, 1), undefined, at(3, 2), at(4, 2, 1), at(5, 3), gauge, at(1, 1), finer];
    const decoded = decodeHistograms(encodeHistograms(columns(hints)));
    expect(decoded.histograms?.map((histogram) => histogram?.resetHint)).toEqual([
      ...['unknown', 'not_reset', 'reset', undefined, 'not_reset', 'not_reset', 'reset', 'gauge', 'unknown', 'unknown'],
    ]);
  });

  it.each([
    ['that stand still', 0.5, 10],
    ['that grow slowly', 1, 20],
    ['that grow by hundreds', 200, 70],
  ])('takes few bytes for counters %s', (_what, mean, bytes) => {
    const histograms = counters(240, mean);
    const chunk = encodeHistograms(columns(histograms));
    expect(chunk.length / histograms.length).toBeLessThan(bytes + 8);
  });

  it('writes a layout once, and shares it among those that are read', () => {
    const [a, b] = decodeHistograms(encodeHistograms(columns(counters(2, 3)))).histograms ?? [];
    expect(a?.positive.indexes).toBe(b?.positive.indexes);
  });
});

describe('what is no chunk of histograms', () => {
  it('is refused, or read without harm', () => {
    const real = encodeHistograms(columns(counters(20, 3)));
    const damage = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(damage, fc.nat(real.length), fc.boolean(), (bytes, end, cut) => {
        const damaged = real.slice(0, cut ? end : real.length);
        for (const [at, byte] of bytes) if (at < damaged.length) damaged[at] = byte;
        try {
          expect(decodeHistograms(damaged).timestampsMs.length).toBeLessThanOrEqual(damaged.length * 4);
        } catch (error) {
          expect(error).toBeInstanceOf(SampleChunkError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused when it was cut', () => {
    const real = encodeHistograms(columns(counters(20, 3)));
    expect(() => decodeHistograms(real.subarray(0, real.length - 8))).toThrow(SampleChunkError);
    expect(() => decodeHistograms(real.subarray(0, 5))).toThrow(SampleChunkError);
  });
});

describe('a histogram that cannot be stored', () => {
  const good = exponential({ indexes: [1, 2], counts: [1, 1] });
  const custom = { ...good, schema: -53, zeroThreshold: 0, customBounds: [1, 2] };
  it.each([
    [{ ...good, schema: 9 }, 'has the schema 9, which is none'],
    [{ ...good, schema: -5 }, 'has the schema -5, which is none'],
    [{ ...good, count: -1 }, 'has a negative count'],
    [{ ...good, positive: { indexes: [1], counts: [-1] } }, 'has a negative count'],
    [{ ...good, positive: { indexes: [2, 1], counts: [1, 1] } }, 'has buckets that do not ascend'],
    [{ ...good, negative: { indexes: [2 ** 31], counts: [1] } }, 'has buckets that do not ascend'],
    [{ ...good, positive: { indexes: [1], counts: [] } }, 'has 1 buckets and 0 counts'],
    [{ ...good, zeroThreshold: Number.NaN }, 'has a zero bucket without a width'],
    [{ ...good, customBounds: [1] }, 'has listed boundaries and an exponential schema'],
    [{ ...custom, customBounds: undefined }, 'has no boundaries'],
    [{ ...custom, customBounds: [2, 1] }, 'has boundaries that do not ascend'],
    [{ ...custom, customBounds: [1, Number.POSITIVE_INFINITY] }, 'has boundaries that do not ascend'],
    [{ ...custom, customBounds: [1] }, 'has more buckets than boundaries'],
    [{ ...custom, zeroCount: 1 }, 'has listed boundaries and a zero bucket'],
    [{ ...custom, negative: good.positive }, 'has listed boundaries and negative buckets'],
  ])('%# %j', (histogram, problem) => {
    expect(problemOfHistogram(histogram)).toBe(problem);
  });

  it('is told from one that can', () => {
    expect([problemOfHistogram(good), problemOfHistogram(custom)]).toEqual(['', '']);
  });
});
