import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundedJson } from './bounded-json.js';

const LIMIT = 64 * 1024;

/** A clock that stands still: what is cut depends on the value alone. */
const still = { now: () => 0 };

function read(value: unknown, limit = LIMIT): unknown {
  const json = boundedJson(value, limit, still);
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
    const text = read('é'.repeat(2_000_000)) as string;
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

  test('of more text than can be read in time are not read at all', () => {
    expect(read({ text: 'é'.repeat(50_000_000) })).toEqual({ text: '[50000000 characters]' });
    expect(read(Object('x'.repeat(50_000_000)))).toBe('[50000000 characters]');
    expect(read(Object.assign(new Error('far'), { name: 'y'.repeat(50_000_000) }))).toEqual({
      name: '[50000000 characters]',
      message: 'far',
    });
  });

  test('of boxed kinds are what they hold', () => {
    expect(read([Object('text'), Object(7), Object(false)])).toEqual(['text', 7, false]);
  });

  test('that take their time are left at their deadline', () => {
    let nowMs = 0;
    let read = 0;
    const slow = {};
    for (let i = 0; i < 1_000; i += 1) {
      Object.defineProperty(slow, `key${i}`, {
        enumerable: true,
        get() {
          read += 1;
          nowMs += 0.5;
          return i;
        },
      });
    }
    const json = boundedJson([[slow, slow], slow], LIMIT, { now: () => nowMs });
    expect(JSON.parse(json)).toMatchObject([[{ key0: 0, '[cut]': true }, '[cut]'], '[cut]']);
    expect(read).toBeLessThan(30);
  });

  test('that were held up once by the machine are read to their end', () => {
    let looks = 0;
    const now = () => {
      looks += 1;
      return looks < 3 ? 0 : 1_000;
    };
    expect(
      JSON.parse(
        boundedJson(
          Array.from({ length: 500 }, () => 1),
          LIMIT,
          { now },
        ),
      ),
    ).toHaveLength(500);
  });

  test('are not changed', () => {
    const value = Object.freeze({ list: Object.freeze([1, 2]), text: 'a'.repeat(100_000) });
    const before = structuredClone(value);
    read(value);
    expect(value).toEqual(before);
  });
});

describe('a text that is redacted', () => {
  const secret = `sk-${'s'.repeat(2_000)}-end`;
  const redact = (text: string) => text.replace(/sk-s+-end/g, '[key]');

  test('loses its secrets before it is cut, wherever the cut falls', () => {
    // Every place a secret can have around the cut, which is some 64,000 characters in.
    for (let at = 60_000; at < 90_000; at += 500) {
      const json = boundedJson({ content: `${'a '.repeat(at / 2)}${secret}${' b'.repeat(40_000)}` }, LIMIT, {
        redact,
        ...still,
      });
      expect(json).not.toContain('ss');
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(LIMIT);
    }
  });

  test('keeps what fits', () => {
    const text = `${secret}${' b'.repeat(100_000)}`;
    const { content } = JSON.parse(boundedJson({ content: text }, LIMIT, { redact, ...still }));
    expect(content.startsWith('[key] b b')).toBe(true);
    expect(content.length).toBeGreaterThan(60_000);
    expect(JSON.parse(boundedJson([`a ${secret} b`, 1, { type: secret }], LIMIT, { redact, ...still }))).toEqual([
      'a [key] b',
      1,
      { type: secret },
    ]);
  });

  test('is given away in bounded parts, also when nothing of it stays', () => {
    let given = 0;
    const nothing = (text: string) => {
      given += text.length;
      return '';
    };
    read(
      boundedJson(
        Array.from({ length: 10_000 }, () => 'x'.repeat(50_000)),
        LIMIT,
        { redact: nothing, ...still },
      ),
    );
    expect(given).toBeLessThan(16 * LIMIT);
  });

  test('whose redaction fails leaves with nothing around it', () => {
    const fail = () => {
      throw new Error('broken');
    };
    expect(() => boundedJson({ list: ['a', 'b'] }, LIMIT, { redact: fail, ...still })).toThrow('broken');
  });
});
