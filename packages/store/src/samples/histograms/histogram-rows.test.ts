import type { NativeHistogram } from '@vedetta/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleChunkError } from '../sample-chunk.js';
import { HistogramRows, readHistogramRows } from './histogram-rows.js';

const count = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.double({ min: 0, noNaN: true }).map((value) => value + 0),
);
const buckets = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), count), {
    selector: ([index]) => index,
    maxLength: 9,
  })
  .map((pairs) => {
    pairs.sort(([a], [b]) => a - b);
    return { indexes: pairs.map(([index]) => index), counts: pairs.map(([, value]) => value) };
  });
const histogram: fc.Arbitrary<NativeHistogram> = fc.boolean().chain((isCustom) =>
  fc.record({
    schema: isCustom ? fc.constant(-53) : fc.integer({ min: -4, max: 8 }),
    zeroThreshold: isCustom ? fc.constant(0) : fc.double({ min: 0, noNaN: true }),
    zeroCount: count,
    count,
    sum: fc.double(),
    positive: buckets,
    negative: buckets,
    customBounds: isCustom ? fc.array(fc.double({ noNaN: true }), { maxLength: 4 }) : fc.constant(undefined),
    resetHint: fc.constantFrom('unknown' as const, 'reset' as const, 'not_reset' as const, 'gauge' as const),
  }),
);
const row = fc.record({
  seriesId: fc.nat(),
  timestampMs: fc.integer({ min: -1e15, max: 1e15 }),
  histogram: fc.option(histogram, { nil: undefined }),
});

function write(rows: readonly { seriesId: number; timestampMs: number; histogram: NativeHistogram | undefined }[]) {
  const written = new HistogramRows();
  for (const { seriesId, timestampMs, histogram: each } of rows) written.push(seriesId, timestampMs, each);
  return written.take();
}

describe('histograms in the log', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        expect([...readHistogramRows(write(rows))]).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it('that were damaged are read without harm, or refused', () => {
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), damage, fc.nat(), (rows, bytes, end) => {
        const written = write(rows);
        const damaged = written.slice(0, end % (written.length + 1));
        for (const [at, byte] of bytes) damaged[Math.floor(at * damaged.length)] = byte;
        try {
          for (const { histogram: read } of readHistogramRows(damaged)) {
            expect((read?.positive.indexes.length ?? 0) <= damaged.length).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SampleChunkError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
