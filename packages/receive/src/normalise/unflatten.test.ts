import { describe, expect, it } from 'vitest';
import { unflatten } from './unflatten.js';

describe('unflatten', () => {
  it('makes lists of numbered members, in the order of their numbers, gaps closed', () => {
    const attributes = {
      'p.10.role': 'c',
      'p.0.role': 'a',
      'p.0.parts.1.text': 'y',
      'p.0.parts.0.text': 'x',
      'p.2.role': 'b',
      'px.0': 1,
    };
    expect(unflatten(attributes, 'p')).toEqual([
      { role: 'a', parts: [{ text: 'x' }, { text: 'y' }] },
      { role: 'b' },
      { role: 'c' },
    ]);
  });

  it('is nothing when no key has the prefix', () => {
    expect(unflatten({ p: 1, 'q.0': 2 }, 'p')).toBeUndefined();
  });

  it('lets members win over a value of their own parent, and keeps keys of prototypes as keys', () => {
    expect(unflatten({ 'p.a': 1, 'p.a.b': 2 }, 'p')).toEqual({ a: { b: 2 } });
    const polluted = unflatten({ 'p.__proto__.polluted': true }, 'p');
    expect(Object.keys(polluted as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('keeps what is deeper than any dialect in one segment', () => {
    const key = `p.${Array.from({ length: 300 }, () => 'a').join('.')}`;
    let depth = 0;
    for (
      let node: unknown = unflatten({ [key]: 1 }, 'p');
      typeof node === 'object' && node !== null;
      node = Object.values(node)[0]
    )
      depth++;
    expect(depth).toBe(16);
  });
});
