import { parseFilter } from '@vedetta/query';
import { describe, expect, it } from 'vitest';
import { addCondition, dropCondition, dropField, readTerms, setTerm, splitFilter, toggleTerm } from './filter-terms.js';

const want = (field: 'status' | 'model', value: string) => ({ field, value, negated: false });

describe('toggleTerm', () => {
  it.each([
    ['', want('status', 'failed'), 'status:failed'],
    ['status:failed', want('status', 'failed'), ''],
    ['status:failed', want('status', 'timeout'), 'status:failed,timeout'],
    ['status:failed,timeout', want('status', 'failed'), 'status:timeout'],
    ['hello latency:>2s', want('model', 'gpt-4o'), 'hello latency:>2000ms model:gpt-4o'],
    ['status:failed', { field: 'status', value: 'failed', negated: true } as const, '-status:failed'],
    ['-status:failed', want('status', 'failed'), 'status:failed'],
    ['(status:failed OR model:a)', want('model', 'b'), '(status:failed OR model:a) model:b'],
    ['model:', want('model', 'a'), 'model:a'],
  ])('%s with %j gives %s', (q, term, expected) => {
    expect(toggleTerm(q, term)).toBe(expected);
  });

  it.each(['a b', 'a"b', 'a,b', '<img src=x onerror=alert(1)>', '-x', 'a\\b', '(x)', '', 'مرحبا', '>5'])(
    'quotes the value %s so that it reads back as it is',
    (value) => {
      const q = toggleTerm('x', want('model', value));
      expect(parseFilter(q).kind).toBe('ok');
      expect(readTerms(q)).toEqual([want('model', value)]);
      expect(toggleTerm(q, want('model', value))).toBe('x');
    },
  );
});

it('replaces all that was said about a field', () => {
  expect(setTerm('x status:failed,timeout -status:running', 'status', 'completed')).toBe('x status:completed');
});

it('leaves a field out and keeps groups that name it beside others', () => {
  expect(dropField('x status:failed -status:running (status:failed OR model:a)', 'status')).toBe(
    'x (status:failed OR model:a)',
  );
});

describe('splitFilter', () => {
  it('gives one text for each condition', () => {
    expect(splitFilter('hello -status:failed,timeout (model:a OR user:b) latency:>2s')).toEqual([
      'hello',
      '-status:failed,timeout',
      '(model:a OR user:b)',
      'latency:>2000ms',
    ]);
  });

  it('is undefined for a filter that does not parse', () => {
    expect(splitFilter('model:')).toBeUndefined();
  });

  it('drops one condition and keeps the meaning of the others', () => {
    expect(dropCondition('a model:b c', 1)).toBe('a c');
  });
});

it.each([
  ['', 'unpriced:>0'],
  ['unpriced:>0', 'unpriced:>0'],
  ['model:a', 'model:a unpriced:>0'],
  ['model:a OR late', '(model:a OR late) unpriced:>0'],
  ['((', 'unpriced:>0'],
])('a condition is added to %j once', (q, expected) => {
  expect(addCondition(q, 'unpriced:>0')).toBe(expected);
});
