import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundedJson } from './bounded-json.js';

const LIMIT = 64 * 1024;

function read(value: unknown, limit = LIMIT): unknown {
  const json = boundedJson(value, limit);
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(limit);
  return JSON.parse(json);
}

test('plain data is what JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(read(value)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('anything at all becomes valid JSON within the limit', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  });
  fc.assert(
    fc.property(anything, fc.integer({ min: 1024, max: 4096 }), (value, limit) => {
      if (value !== undefined && typeof value !== 'function') read(value, limit);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 40 }), (value) => {
      read(value, 1024);
      read({ text: value.join('"') }, 1024);
    }),
  );
});

test('nothing becomes nothing', () => {
  expect(boundedJson(undefined, LIMIT)).toBe('');
});

describe('hostile values', () => {
  const circular: { name: string; self?: unknown } = { name: 'a' };
  circular.self = circular;
  let deep: unknown = 'bottom';
  for (let i = 0; i < 10_000; i += 1) deep = [deep];

  test('are replaced where they cannot be read', () => {
    const throwing = {
      ok: 1,
      get bad() {
        throw new Error('no');
      },
    };
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(read(circular)).toEqual({ name: 'a', self: '[circular]' });
    expect(read({ throwing, proxy, revoked: revoked.proxy })).toEqual({
      throwing: { ok: 1, bad: '[unreadable]' },
      proxy: '[unreadable]',
      revoked: '[unreadable]',
    });
    expect(JSON.stringify(read(deep))).toContain('[too deep]');
    expect(
      read({
        toJSON: () => {
          throw new Error('no');
        },
      }),
    ).toBe('[unreadable]');
  });

  test('of other kinds have a text of their own', () => {
    expect(read({ big: 12n, huge: 10n ** 5000n, nan: Number.NaN, bytes: new Uint8Array(9), at: new Date(0) })).toEqual({
      big: '12',
      huge: '[BigInt]',
      nan: 'NaN',
      bytes: '[9 bytes]',
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(read([new Map([['a', 1]]), new Set([2]), new RangeError('far'), () => 1, undefined])).toEqual([
      [['a', 1]],
      [2],
      { name: 'RangeError', message: 'far' },
      null,
      null,
    ]);
    expect(read('\ud800x')).toBe('\ufffdx');
  });

  test('of any size are cut', () => {
    const text = read('é'.repeat(50_000_000)) as string;
    expect(text.length).toBeGreaterThan(20_000);
    expect(text.endsWith('…')).toBe(true);
    expect((read('"\u0000'.repeat(100_000)) as string).length).toBeGreaterThan(5_000);
    expect((read(Array.from({ length: 1_000_000 }, (_, i) => i)) as unknown[]).at(-1)).toBe('[cut]');
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, 'x'.repeat(20)]));
    expect(read(wide)).toMatchObject({ key0: 'x'.repeat(20), '[cut]': true });
    const endless = {
      *[Symbol.iterator]() {
        for (;;) yield 1;
      },
    };
    expect(read(Object.assign([], endless))).toContain('[cut]');
  });

  test('are not changed', () => {
    const value = Object.freeze({ list: Object.freeze([1, 2]), text: 'a'.repeat(100_000) });
    const before = structuredClone(value);
    read(value);
    expect(value).toEqual(before);
  });
});
