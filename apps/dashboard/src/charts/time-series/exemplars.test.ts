import { describe, expect, it } from 'vitest';
import { shownExemplars, traceOf } from './exemplars.js';

const RANGE = { fromMs: 1000, toMs: 2000 };
const exemplar = (timeMs: number, value: number) => ({ timeMs, value, series: 's', labels: {} });

describe('shownExemplars', () => {
  it('are those within the range, by time, without what is no number', () => {
    const given = [
      exemplar(2000, 1),
      exemplar(1000, 2),
      exemplar(999, 3),
      exemplar(2001, 4),
      exemplar(1500, Number.NaN),
    ];
    expect(shownExemplars(given, RANGE).map(({ value }) => value)).toEqual([2, 1]);
  });

  it('are the highest of every part of the range where there are too many', () => {
    const many = Array.from({ length: 5000 }, (_, i) => exemplar(1000 + i / 5, i % 50));
    const shown = shownExemplars(many, RANGE);
    expect(shown).toHaveLength(300);
    expect(shown.every(({ value }) => value >= 47)).toBe(true);
    expect(shown.map(({ timeMs }) => timeMs)).toEqual(shown.map(({ timeMs }) => timeMs).sort((a, b) => a - b));
    const inOneInstant = Array.from({ length: 50 }, (_, i) => exemplar(2000, i));
    expect(shownExemplars(inOneInstant, RANGE).map(({ value }) => value)).toEqual([49, 48, 47]);
  });

  it('have keys that stay theirs, two that are the same too', () => {
    const given = [exemplar(1500, 1), exemplar(1500, 1), exemplar(1600, 1)];
    const keys = shownExemplars(given, RANGE).map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(
      shownExemplars([exemplar(1100, 9), ...given], RANGE)
        .map(({ key }) => key)
        .slice(1),
    ).toEqual(keys);
  });
});

describe('traceOf', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  it.each([
    [{ trace_id: id }, id],
    [{ traceID: id.toUpperCase() }, id],
    [{ trace_id: '../../x', traceId: id }, id],
    [{ trace_id: `${id}0` }, undefined],
    [{ span_id: id }, undefined],
  ])('%j is of %s', (labels, trace) => {
    expect(traceOf(labels)).toBe(trace);
  });
});
