import { expect, test } from 'vitest';
import { toText } from './text.js';

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
