import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSamples } from './encode-samples.js';
import type { SampleColumns } from './sample-chunk.js';
import { SampleChunkError } from './sample-chunk.js';
import { decodeSamples, unpackSamples } from './unpack-samples.js';

/** Prometheus' marker of staleness, and an ordinary NaN. */
const STALE = [0x7ff0_0000, 0x0000_0002] as const;
const NAN = [0x7ff8_0000, 0x0000_0001] as const;

function columns(timestampsMs: readonly number[], values: readonly number[]): SampleColumns {
  return { timestampsMs: Float64Array.from(timestampsMs), values: Float64Array.from(values) };
}

function fromBits(words: readonly (readonly [number, number])[]): Float64Array {
  const view = new DataView(new ArrayBuffer(words.length * 8));
  words.forEach(([high, low], i) => {
    view.setUint32(i * 8, high, false);
    view.setUint32(i * 8 + 4, low, false);
  });
  // To the byte order of this machine, as bits.
  const bytes = new Uint8Array(view.buffer);
  for (let i = 0; i < bytes.length; i += 8) bytes.subarray(i, i + 8).reverse();
  return new Float64Array(bytes.buffer);
}

function bitsOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function roundTrip(samples: SampleColumns): void {
  const decoded = decodeSamples(encodeSamples(samples));
  expect(decoded.timestampsMs).toEqual(samples.timestampsMs);
  expect(bitsOf(decoded.values)).toEqual(bitsOf(samples.values));
}

describe('a chunk of samples', () => {
  it.each([
    ['nothing', [], []],
    ['one sample', [1_763_000_000_123], [0.1]],
    ['a counter', [0, 15_000, 30_000, 45_001], [0, 1, 2, 3]],
    ['large steps', [-5, 0, 1e12, 1e12 + 1, 9e15], [1, -1, 1e308, 5e-324, -0]],
    ['infinities', [1, 2, 3], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]],
  ])('keeps %s', (_what, timestampsMs, values) => {
    roundTrip(columns(timestampsMs, values));
  });

  it('keeps the bits of markers of staleness', () => {
    const values = fromBits([[0x3ff0_0000, 0], STALE, NAN, STALE, [0x3ff0_0000, 1]]);
    roundTrip({ timestampsMs: Float64Array.of(1, 2, 3, 4, 5), values });
  });

  it('keeps any samples', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff });
    const sample = fc.record({
      step: fc.oneof(fc.constant(15_000), fc.integer({ min: 1, max: 2 ** 21 }), fc.integer({ min: 1, max: 2 ** 40 })),
      bits: fc.oneof(fc.tuple(word, word), fc.tuple(fc.constant(0x4059_0000), word), fc.constant(STALE)),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        let timestampMs = 1_763_000_000_000;
        const timestamps = samples.map(({ step }) => (timestampMs += step));
        roundTrip({
          timestampsMs: Float64Array.from(timestamps),
          values: fromBits(samples.map(({ bits }) => bits as readonly [number, number])),
        });
      }),
      { numRuns: 500 },
    );
  });

  it('takes less than three bytes a sample of a counter that is scraped on time', () => {
    const count = 480;
    const samples = columns(
      Array.from({ length: count }, (_, i) => 1_763_000_000_000 + i * 15_000),
      Array.from({ length: count }, (_, i) => 1000 + i * 17),
    );
    expect(encodeSamples(samples).length / count).toBeLessThan(3);
  });

  it('is unpacked behind other samples, up to a time', () => {
    const timestampsMs = Float64Array.of(7, 7, 7, 7, 7);
    const values = Float64Array.of(8, 8, 8, 8, 8);
    const chunk = encodeSamples(columns([1000, 2000, 3000, 1e15], [0.5, 1.5, 2.5, 3.5]));
    expect(unpackSamples(chunk, timestampsMs, new Uint32Array(values.buffer), 1, 2999)).toBe(2);
    expect(timestampsMs).toEqual(Float64Array.of(7, 1000, 2000, 7, 7));
    expect(values).toEqual(Float64Array.of(8, 0.5, 1.5, 8, 8));
    expect(unpackSamples(chunk, timestampsMs, new Uint32Array(values.buffer), 0, 999)).toBe(0);
  });

  it('is read when it is longer than most', () => {
    const count = 20_000;
    const random = Array.from({ length: count }, (_, i) => Math.sin(i));
    roundTrip(
      columns(
        random.map((_, i) => i * 977),
        random,
      ),
    );
  });

  it('reads a part of a larger buffer', () => {
    const bytes = encodeSamples(columns([1, 2], [3, 4]));
    const larger = new Uint8Array(bytes.length + 10);
    larger.set(bytes, 5);
    expect(decodeSamples(larger.subarray(5, 5 + bytes.length)).values).toEqual(Float64Array.of(3, 4));
  });
});

describe('what is no chunk', () => {
  it('is refused, or read without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          expect(decodeSamples(bytes).values.length).toBeLessThanOrEqual(bytes.length * 4);
        } catch (error) {
          expect(error).toBeInstanceOf(SampleChunkError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused when it was cut', () => {
    const bytes = encodeSamples(columns([1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5]));
    expect(() => decodeSamples(bytes.subarray(0, bytes.length - 8))).toThrow(SampleChunkError);
  });

  it('takes no memory for a count that it cannot hold', () => {
    expect(() => decodeSamples(Uint8Array.of(1, 0, 255, 255, 255, 0, 0))).toThrow(SampleChunkError);
  });
});
