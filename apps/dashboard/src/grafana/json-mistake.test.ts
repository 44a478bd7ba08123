import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonMistake } from './json-mistake.js';

test.each([
  ['{"a": [1, 2.5e-3, true, null, "\\u00e9\\n"], "b": {}}', undefined],
  ['{"a": [}', 7],
  ['{"a" 1}', 5],
  ['{"a": 1,}', 8],
  ['[1, 2', 5],
  ['{"a": 01}', 7],
  ["{'a': 1}", 1],
  ['{"a": "x\ny"}', 6],
  ['1 2', 2],
  ['', 0],
  ['nul', 0],
  ['"\u007f\u0085"', undefined],
])('%j goes wrong at %s', (text, at) => {
  expect(findJsonMistake(text)).toBe(at);
});

test('finds a mistake exactly where there is one', () => {
  const changed = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', '{', ':', 'x', '\\', '0'))
    .map(([json, at, char]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + char + json.slice(place + (at % 2));
    });
  fc.assert(
    fc.property(changed, (text) => {
      let sound = true;
      try {
        JSON.parse(text);
      } catch {
        sound = false;
      }
      expect([text, findJsonMistake(text) === undefined]).toEqual([text, sound]);
    }),
    { numRuns: 2000 },
  );
});
