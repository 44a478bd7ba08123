import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex } from './compile-regex.js';
import { RegexError } from './parse-regex.js';

describe('patterns', () => {
  it.each([
    ['a|b', 'a', true],
    ['a|b', 'ab', false],
    ['a.c', 'a\nc', true],
    ['(?-s)a.c', 'a\nc', false],
    ['(?i)abc', 'aBC', true],
    ['(?i:a)b', 'AB', false],
    ['5..', '503', true],
    ['.*:9100', 'host:9100', true],
    ['\\d{2,3}', '12', true],
    ['\\d{2,3}', '1234', false],
    ['[^/]+', 'a/b', false],
    ['[[:alpha:]]+', 'abc', true],
    ['\\pL+', 'äß', true],
    ['\\p{Greek}+', 'αβ', true],
    ['\\Qa.b\\E', 'axb', false],
    ['a{,2}', 'a{,2}', true],
    ['^a$', 'a', true],
    ['x^a', 'xa', false],
    ['\\bfoo\\b', 'foo', true],
    ['\\x41\\x{1F600}', 'A😀', true],
    ['.', '😀', true],
    ['(?:a*)*', 'aaa', true],
    ['()*', '', true],
    ['[]a]', ']', true],
    ['', '', true],
    ['ab.*', 'abc', true],
    ['ab.*', 'cab', false],
    ['.*ab', 'cab', true],
    ['.*ab', 'abc', false],
    ['.*b.*', 'abc', true],
    ['.*', '', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(compileRegex(pattern).test(text)).toBe(expected);
  });

  it.each([
    '(',
    'a)',
    '[a',
    'a**',
    '*a',
    '\\',
    '(?=a)',
    '(?<=a)',
    '\\1',
    'a{1001}',
    'a{2,1}',
    '[b-a]',
    '\\p{Nothing}',
    '(?P<a>.)(?P<a>.)',
  ])('refuses %s', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(RegexError);
  });

  it('refuses what would be a program too large', () => {
    expect(() => compileRegex('((a{1000}){1000})')).toThrow('too large');
    expect(() => compileRegex('('.repeat(300) + ')'.repeat(300))).toThrow('too deeply');
  });

  it('captures what a greedy or a lazy repetition takes', () => {
    expect(compileRegex('(.*)-(.*)').match('a-b-c')).toEqual(['a-b-c', 'a-b', 'c']);
    expect(compileRegex('(.*?)-(.*)').match('a-b-c')).toEqual(['a-b-c', 'a', 'b-c']);
    expect(compileRegex('(a)|(b)').match('b')).toEqual(['b', undefined, 'b']);
    expect(compileRegex('x').match('y')).toBeUndefined();
  });

  it('knows the texts of a list of alternatives', () => {
    expect(compileRegex('api-(a|b)').literals).toEqual(['api-a', 'api-b']);
    expect(compileRegex('a.*').literals).toBeUndefined();
  });

  it('answers as the engine of JavaScript does, where both know the syntax', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab?)', 'c');
    const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}', '*?')).map(([a, q]) => a + q);
    const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        const oracle = new RegExp(`^(?:${source})$`, 's').exec(value);
        const regex = compileRegex(source);
        expect(regex.test(value)).toBe(oracle !== null);
        if (oracle !== null) expect(regex.match(value)?.[0]).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the text, whatever the pattern', () => {
    // An engine that tries again would not end before the sun does.
    const text = `${'a'.repeat(5000)}!`;
    for (const pattern of ['(a*)*b', '(a+)+', '(a|aa)+', '(.*.*.*)*x', '(a|a?)+b'])
      expect(compileRegex(pattern).test(text)).toBe(false);
  });
});
