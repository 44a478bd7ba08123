import { expect, test } from 'vitest';
import { parseJsonText } from './request-json.js';

test('stored JSON comes out as JSON, and as text where that cannot be', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  expect(parseJsonText('')).toBe(null);
  expect(parseJsonText('{"a":[1]}')).toEqual({ a: [1] });
  expect(parseJsonText('{"a":[1')).toBe('{"a":[1');
  expect(parseJsonText(deep)).toBe(deep);
});
