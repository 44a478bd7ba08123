import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RemoteWriteDecoder } from './decoder.js';
import { decodeSnappyBlock } from './snappy.js';

const LIMIT = 1 << 16;
// One series `__name__="m"` with a sample 0 at 1 ms, as a literal.
const plain = Buffer.from('0a130a0d0a085f5f6e616d655f5f12016d12021001', 'hex');
const block = Buffer.concat([Buffer.from([plain.length, (plain.length - 1) << 2]), plain]);

test('a series that comes again has the same labels object', () => {
  const decoder = new RemoteWriteDecoder();
  const read = () => {
    const result = decoder.decode(block, '1.0', LIMIT);
    if (result.kind !== 'ok') throw new Error(result.kind);
    return result.rows;
  };
  const first = read();
  expect([first.series, first.ends, [...first.timestampsMs], [...first.values]]).toEqual([
    [[['__name__', 'm']]],
    [1],
    [1],
    [0],
  ]);
  expect(read().series[0]).toBe(first.series[0]);
});

test('copies that overlap repeat what was written', () => {
  // Literal "ab", then a copy of 6 from 2 back.
  expect(Buffer.from(decodeSnappyBlock(Buffer.from([8, 4, 97, 98, 9, 2]), 8)).toString()).toBe('abababab');
});

test('mutated bodies and blocks never throw, and rows stay in step', () => {
  const decoder = new RemoteWriteDecoder();
  const mutation = fc.array(fc.tuple(fc.nat(block.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
  fc.assert(
    fc.property(mutation, fc.nat(block.length), fc.constantFrom('1.0', '2.0'), (changes, cut, version) => {
      const body = Buffer.from(block);
      for (const [at, byte] of changes) body[at] = byte;
      for (const tried of [body, body.subarray(0, cut)]) {
        const result = decoder.decode(tried, version, LIMIT);
        if (result.kind !== 'ok') continue;
        expect(result.rows.ends.length).toBe(result.rows.series.length);
        expect(result.rows.ends.at(-1) ?? 0).toBe(result.rows.timestampsMs.length);
      }
    }),
    { numRuns: 2000 },
  );
});
