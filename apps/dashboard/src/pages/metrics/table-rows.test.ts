import { describe, expect, it } from 'vitest';
import type { PromSeries } from '../../api/prometheus.js';
import { labelColumns, sortRows } from './table-rows.js';

const row = (labels: Record<string, string>, value = 0): PromSeries => ({
  labels,
  times: [0],
  values: [value],
  histograms: [],
});

describe('labelColumns', () => {
  it('are the labels that some series has, the name of the metric first', () => {
    expect(labelColumns([row({ __name__: 'm', job: 'a' }), row({ __name__: 'm', code: '200' })])).toEqual({
      names: ['__name__', 'code', 'job'],
      whole: false,
    });
  });

  it('are none for a series without labels', () => {
    expect(labelColumns([row({})])).toEqual({ names: [], whole: false });
  });

  it('are one for series with more labels than fit', () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`l${i}`, 'x']));
    expect(labelColumns([row(many)])).toEqual({ names: ['__name__'], whole: true });
  });
});

describe('sortRows', () => {
  const rows = [row({ a: 'x10' }, 1), row({ a: 'x9' }, Number.NaN), row({}, 3), row({ a: 'x1' }, Infinity)];
  const order = (by: string | undefined) => sortRows(rows, by).map((one) => rows.indexOf(one));

  it.each([
    ['as they came', undefined, [0, 1, 2, 3]],
    ['by a label, with numbers as numbers and missing ones first', 'a', [2, 3, 1, 0]],
    ['by value, largest first and what is no number last', 'value', [3, 2, 0, 1]],
  ])('are %s', (_what, by, expected) => {
    expect(order(by)).toEqual(expected);
  });
});
