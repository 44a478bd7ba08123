import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelMatcher, Labels } from './labels.js';
import { toLabels } from './labels.js';
import { SeriesIndex } from './series-index.js';

function labels(pairs: Readonly<Record<string, string>>): Labels {
  return toLabels(Object.entries(pairs)) ?? [];
}

function equal(name: string, value: string): LabelMatcher {
  return { name, values: [value], test: (found) => found === value };
}

function not(name: string, value: string): LabelMatcher {
  return { name, test: (found) => found !== value };
}

function pattern(name: string, regexp: RegExp): LabelMatcher {
  return { name, test: (found) => regexp.test(found) };
}

describe('labels', () => {
  it('are sorted, and empty ones are not there', () => {
    expect(labels({ b: '2', a: '1', c: '' })).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  it('may not be there twice', () => {
    expect(
      toLabels([
        ['a', '1'],
        ['a', '2'],
      ]),
    ).toBeUndefined();
  });
});

describe('an index of series', () => {
  const index = new SeriesIndex();
  const up = index.add(labels({ __name__: 'up', job: 'a' }));
  const upB = index.add(labels({ __name__: 'up', job: 'b', zone: 'x' }));
  const other = index.add(labels({ __name__: 'other', job: 'a' }));

  it('knows its series', () => {
    expect(index.size).toBe(3);
    expect(index.idOf(labels({ job: 'a', __name__: 'up' }))).toBe(up);
    expect(index.idOf(labels({ job: 'z' }))).toBeUndefined();
    expect([...index.names()].sort()).toEqual(['__name__', 'job', 'zone']);
    expect([...index.values('job')].sort()).toEqual(['a', 'b']);
    expect(index.count('job', 'a')).toBe(2);
  });

  it.each([
    ['equal', [equal('__name__', 'up')], [up, upB]],
    ['equal twice', [equal('__name__', 'up'), equal('job', 'b')], [upB]],
    ['one of several', [{ name: 'job', values: ['b', 'a', 'b'], test: (v: string) => v !== '' }], [up, upB, other]],
    ['not equal', [equal('__name__', 'up'), not('job', 'a')], [upB]],
    ['not equal where the label is absent', [not('zone', 'x')], [up, other]],
    ['absent', [equal('zone', '')], [up, other]],
    ['a pattern', [pattern('__name__', /^(up|oth.*)$/), equal('job', 'a')], [up, other]],
    ['a pattern that lets the absent pass', [pattern('zone', /^x?$/)], [up, upB, other]],
    ['nothing', [equal('__name__', 'nope')], []],
    ['an unknown label', [equal('nope', 'x')], []],
    ['no matcher at all', [], [up, upB, other]],
  ])('finds by %s', (_what, matchers, ids) => {
    expect(index.select(matchers)).toEqual(ids);
  });

  it('forgets series and gives no id twice', () => {
    const changing = new SeriesIndex();
    const first = changing.add(labels({ a: '1' }));
    const second = changing.add(labels({ a: '1', b: '2' }));
    changing.remove(new Set([first, 99]));
    expect(changing.size).toBe(1);
    expect(changing.select([equal('a', '1')])).toEqual([second]);
    expect(changing.select([])).toEqual([second]);
    expect(changing.labelsOf(first)).toBeUndefined();
    expect(changing.add(labels({ a: '1' }))).toBe(2);
    changing.remove(new Set([second]));
    expect([...changing.names()]).toEqual(['a']);
  });

  it('takes series back under their ids', () => {
    const restored = new SeriesIndex();
    restored.restore(5, labels({ a: '1' }));
    expect(restored.nextId).toBe(6);
    expect(() => restored.restore(5, labels({ a: '2' }))).toThrow(RangeError);
  });

  it('finds what a look at every series finds', () => {
    const value = fc.constantFrom('', '1', '2', '3');
    const series = fc.record({ a: value, b: value, c: value });
    const matcher = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), value, fc.boolean());
    fc.assert(
      fc.property(fc.array(series, { maxLength: 40 }), fc.array(matcher, { maxLength: 3 }), (all, conditions) => {
        const tested = new SeriesIndex();
        for (const one of all) if (tested.idOf(labels(one)) === undefined) tested.add(labels(one));
        const matchers = conditions.map(([name, of, positive]) => (positive ? equal(name, of) : not(name, of)));
        const expected: number[] = [];
        for (let id = 0; id < tested.nextId; id += 1) {
          const has = new Map(tested.labelsOf(id));
          if (matchers.every((one) => one.test(has.get(one.name) ?? ''))) expected.push(id);
        }
        expect(tested.select(matchers)).toEqual(expected);
      }),
    );
  });
});
