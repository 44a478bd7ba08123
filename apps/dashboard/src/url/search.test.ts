import { describe, expect, it } from 'vitest';
import { keepScope, parseSearch, readSearch, toScope, writeSearch } from './search.js';

describe('parseSearch', () => {
  it('takes what is sound and drops the rest', () => {
    expect(parseSearch({ range: '15m', q: 'model:a', open: 'r1', evil: 'x', from: '10' })).toEqual({
      range: '15m',
      q: 'model:a',
      open: 'r1',
    });
  });

  it.each([
    [{ range: '2y' }, {}],
    [{ range: '1d' }, {}],
    [{ from: '20', to: '10' }, {}],
    [{ from: '1e400', to: '10' }, {}],
    [{ from: '-5', to: '10' }, {}],
    [
      { from: '10', to: 20 },
      { from: 10, to: 20 },
    ],
    [{ q: 7 }, {}],
    [
      { 'var-model': 'a', 'var-x y': 'b', viewPanel: '3', refresh: '30s' },
      { 'var-model': 'a', viewPanel: '3', refresh: '30s' },
    ],
  ])('%j gives %j', (raw, expected) => {
    expect(parseSearch(raw)).toEqual(expected);
  });
});

describe('writeSearch', () => {
  it.each([
    { q: 'model:"gpt 4" latency:>2s -status:completed,failed', range: '7d' },
    { q: 'a&b=c#d %41 + é 😀', open: '../x?y=1' },
    { 'var-model': 'gpt-4o\na|b&c', range: '1h' },
    {},
  ])('reads back as it was: %j', (search) => {
    expect(parseSearch(readSearch(writeSearch(search)))).toEqual(search);
  });

  it('leaves filters readable', () => {
    expect(writeSearch({ q: 'latency:>2s' })).toBe('?q=latency:>2s');
  });
});

it.each([
  ['from=now-6h&to=now', { range: '6h' }],
  ['from=now-3h', { range: '6h' }],
  ['from=now-24h&to=now&range=5m', { range: '1d' }],
  ['from=now-6h&to=now-1h', {}],
  ['from=abc&to=5', {}],
  ['from=5', {}],
  ['from=5&to=9', { from: '5', to: '9' }],
])('takes a range as Grafana writes it: %s', (text, expected) => {
  expect(readSearch(text)).toEqual(expected);
});

it('takes the values of a variable from as many parameters as there are', () => {
  expect(readSearch('?var-a=1&var-a=2&q=x&q=y')).toEqual({ 'var-a': '1\n2', q: 'y' });
  expect(writeSearch({ 'var-a': '1\n2' })).toBe('?var-a=1&var-a=2');
});

describe('toScope', () => {
  it('leaves a relative range to the clock of the server', () => {
    expect(toScope({})).toEqual({ from: '1d' });
    expect(toScope({ range: '5m', q: 'x' })).toEqual({ from: '5m', q: 'x' });
  });

  it('prefers a zoom to the range it came from', () => {
    expect(toScope({ range: '5m', from: 1000, to: 2000 })).toEqual({ from: '1000', to: '2000' });
  });
});

it('keeps time and filter from page to page, and nothing else', () => {
  expect(keepScope({ range: '5m', from: 1, to: 2, q: 'x', open: 'r', tab: 't', span: 's', sort: 'c' })).toEqual({
    range: '5m',
    from: 1,
    to: 2,
    q: 'x',
  });
});
