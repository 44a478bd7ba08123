import fc from 'fast-check';
import { compress } from 'snappyjs';
import { expect, test } from 'vitest';
import { InvalidBody } from '../otlp/decode-result.js';
import { BlockTooLarge, SnappyBlock } from './snappy.js';

const LIMIT = 1 << 20;

function decode(block: Uint8Array, stepBytes = Number.POSITIVE_INFINITY): Uint8Array {
  const reader = new SnappyBlock(block, LIMIT);
  // Memory that was used before: nothing of it may be seen.
  const out = new Uint8Array(reader.roomBytes).fill(0xee);
  reader.begin(out);
  while (!reader.step(stepBytes));
  return out.subarray(0, reader.size);
}

test('copies that overlap repeat what was written', () => {
  // Literal "ab", then a copy of 6 from 2 back; "abcde" and 7 from 5 back, which words of four bytes overlap.
  expect(Buffer.from(decode(Buffer.from([8, 4, 97, 98, 9, 2]))).toString()).toBe('abababab');
  expect(Buffer.from(decode(Buffer.from([12, 16, 97, 98, 99, 100, 101, 13, 5]))).toString()).toBe('abcdeabcdeab');
});

test('what another implementation compressed comes back, whole or in parts', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc
      .array(fc.constantFrom('aaaa', 'node_', '"le"', '\0\0\0\0\0\0', 'x'), { maxLength: 2000 })
      .map((parts) => Buffer.from(parts.join(''))),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 500 }), (bytes, stepBytes) => {
      const block = compress(new Uint8Array(bytes));
      expect(Buffer.compare(decode(block), bytes)).toBe(0);
      expect(Buffer.compare(decode(block, stepBytes), bytes)).toBe(0);
    }),
  );
});

test('a stated length over the limit, or that the block cannot hold, is refused before memory is taken', () => {
  const stating = (size: number, rest: number) => {
    const varint: number[] = [];
    for (let left = size; ; left = Math.floor(left / 128)) {
      varint.push(left < 128 ? left : (left % 128) | 128);
      if (left < 128) break;
    }
    return Buffer.concat([Buffer.from(varint), Buffer.alloc(rest, 0xfe)]);
  };
  expect(() => new SnappyBlock(stating(LIMIT + 1, LIMIT), LIMIT)).toThrow(BlockTooLarge);
  expect(() => new SnappyBlock(stating(2 ** 32 - 1, 10), LIMIT)).toThrow(BlockTooLarge);
  // 22 times what there is would be the most.
  expect(() => new SnappyBlock(stating(LIMIT, 40_000), LIMIT)).toThrow(InvalidBody);
  expect(new SnappyBlock(stating(LIMIT, 48_000), LIMIT).size).toBe(LIMIT);
  expect(() => new SnappyBlock(Buffer.from([255, 255, 255, 255, 255, 255, 1]), LIMIT)).toThrow(InvalidBody);
});

test('whatever the bytes are, it ends with the stated length or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        const reader = new SnappyBlock(bytes, 2000);
        reader.begin(new Uint8Array(reader.roomBytes));
        while (!reader.step(64));
      } catch (error) {
        expect(error instanceof InvalidBody || error instanceof BlockTooLarge).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
});
