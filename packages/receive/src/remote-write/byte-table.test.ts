import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteTable } from './byte-table.js';

function numberOf(table: ByteTable, bytes: Uint8Array): number {
  // Not at a multiple of anything.
  const shifted = Buffer.concat([Buffer.alloc(3, 0xff), bytes, Buffer.alloc(5, 0xff)]);
  const view = new DataView(shifted.buffer, shifted.byteOffset, shifted.length);
  const found = table.find(view, 3, 3 + bytes.length);
  return found >= 0 ? found : table.add();
}

test('numbers are those of a map by text, in whatever order texts come again', () => {
  const texts = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ minLength: 200, maxLength: 1200 })),
    {
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(texts, fc.array(fc.nat(), { maxLength: 100 }), (all, order) => {
      const table = new ByteTable();
      const numbers = new Map<string, number>();
      const sequence = [...all, ...order.flatMap((at) => all[at % Math.max(1, all.length)] ?? [])];
      for (const bytes of sequence) {
        const key = Buffer.from(bytes).toString('hex');
        const expected = numbers.get(key) ?? numbers.size;
        numbers.set(key, expected);
        expect(numberOf(table, bytes)).toBe(expected);
        expect(table.bytesOf(expected).toString('hex')).toBe(key);
      }
      expect(table.size).toBe(numbers.size);
    }),
  );
});

test('texts that differ in zeros at the end only are different', () => {
  const table = new ByteTable();
  expect(
    [[], [0], [0, 0], [0, 0, 0, 0], [0, 0, 0, 0, 0]].map((bytes) => numberOf(table, Uint8Array.from(bytes))),
  ).toEqual([0, 1, 2, 3, 4]);
});

test('many texts keep their numbers while it grows, and long ones have room', () => {
  const table = new ByteTable();
  const text = (i: number) => Buffer.from(`series ${i} ${'x'.repeat(i % 300)}`);
  for (let i = 0; i < 20_000; i += 1) expect(numberOf(table, text(i))).toBe(i);
  const long = Buffer.alloc(3 << 20, 7);
  expect(numberOf(table, long)).toBe(20_000);
  for (let i = 19_999; i >= 0; i -= 7) expect(numberOf(table, text(i))).toBe(i);
  expect(table.bytesOf(20_000).equals(long)).toBe(true);
  expect(table.sizeBytes).toBeGreaterThan(long.length);
});
