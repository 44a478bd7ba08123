import { describe, expect, it } from 'vitest';
import { encodeSamples } from './encode-samples.js';
import { joinChunks } from './join-chunks.js';

/** Zero and Prometheus' marker of staleness. */
const ENDING = new Float64Array(BigUint64Array.of(0n, 0x7ff0_0000_0000_0002n).buffer);

function chunk(times: readonly number[], values: ArrayLike<number> = times) {
  const samples = { timestampsMs: Float64Array.from(times), values: new Float64Array(times.length) };
  if (values instanceof Float64Array) new Uint8Array(samples.values.buffer).set(new Uint8Array(values.buffer));
  else samples.values.set(values);
  return { windowMs: 0, bytes: encodeSamples(samples) };
}

describe('chunks of numbers', () => {
  it('are joined, and cut at both ends', () => {
    const joined = joinChunks([chunk([1, 2, 3]), chunk([4, 5]), chunk([6, 7])], 2, 6, 100);
    expect(joined?.columns.timestampsMs).toEqual(Float64Array.of(2, 3, 4, 5, 6));
    expect(joined?.columns.values).toEqual(Float64Array.of(2, 3, 4, 5, 6));
    expect(joined?.weight).toBe(5);
  });

  it('that are there twice, or reach into the one before, count once', () => {
    const joined = joinChunks([chunk([1, 2, 3]), chunk([1, 2, 3]), chunk([2, 3, 4, 5]), chunk([3, 6])], 0, 9, 100);
    expect(joined?.columns.timestampsMs).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
    expect(joined?.columns.values).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  });

  it('keep the bits of markers of staleness, those behind what is there twice too', () => {
    const joined = joinChunks([chunk([1]), chunk([1, 2], ENDING)], 0, 9, 100);
    const { values } = joined?.columns ?? { values: new Float64Array(0) };
    expect(new BigUint64Array(values.slice().buffer)[1]).toBe(0x7ff0_0000_0000_0002n);
  });

  it('are refused where they are more than may be read, and not where those outside make the difference', () => {
    const chunks = [chunk([1, 2, 3]), chunk([4, 5])];
    expect(joinChunks(chunks, 1, 5, 4)).toBeUndefined();
    expect(joinChunks(chunks, 2, 5, 4)?.weight).toBe(4);
    expect(joinChunks(chunks, 6, 9, 0)?.weight).toBe(0);
    expect(joinChunks([], 0, 9, 0)?.columns.values).toEqual(new Float64Array(0));
  });
});
