import { expect, test } from 'vitest';
import { cutText, toText } from './text.js';

test('long lists become text without being read to their end', () => {
  let reads = 0;
  const list = new Proxy(new Array<string>(1_000_000).fill('x'), {
    get(target, key, receiver) {
      reads += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  expect(toText(list, 256)).toMatch(/^x,x,/);
  expect(reads).toBeLessThan(200);
});

test.each([
  [['once'], 'once'],
  [['a', 1, 2n, null], 'a,1,2,'],
  [[], ''],
  [[['nested'], {}], '[object],[object]'],
  [new Uint8Array(50_000_000), '[binary]'],
  [new Float64Array(1), '[binary]'],
  ['x'.repeat(300), `${'x'.repeat(255)}…`],
])('%#: text of what is no text', (value, text) => {
  expect(toText(value, 256)).toBe(text);
});

test.each([
  ['a key', 'sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34'],
  ['a key in a query', 'key=AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'],
  ['an address', 'ada.lovelace@analytical-engines.example.com'],
  ['the number of a card', '4111 1111 1111 1111'],
  [
    'a token',
    `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0NTY3ODkwIn0'.repeat(3)}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`,
  ],
])('%s that a cut would go through is left out whole, or is whole', (_, secret) => {
  for (const limit of [200, 4096]) {
    for (let at = limit - secret.length - 5; at < limit; at += 1) {
      const cut = cutText(
        `${'word '.repeat(1_000).slice(0, at - 1)}?${secret} and more${' words'.repeat(1_000)}`,
        limit,
      );
      expect(cut.length).toBeLessThanOrEqual(limit);
      if (cut.includes(secret)) continue;
      for (let from = 0; from + 6 <= secret.length; from += 1) expect(cut).not.toContain(secret.slice(from, from + 6));
    }
  }
});
