import { expect, test } from 'vitest';
import { type AnsweredSeries, toFrames } from './frame.js';
import type { Transformation } from './model.js';
import { presentValue } from './present-value.js';
import { reducerOf } from './reduce.js';
import { transform } from './transform.js';
import { formatUnit } from './units.js';

const series = (labels: Record<string, string>, ...points: (readonly [number, number])[]): AnsweredSeries => ({
  labels,
  timesMs: points.map(([time]) => time),
  values: points.map(([, value]) => value),
});
const form = { refId: 'A', format: 'time_series', legendFormat: '', several: false } as const;
const table = (frames: ReturnType<typeof toFrames>) =>
  frames.map(({ fields }) => Object.fromEntries(fields.map(({ legend, name, values }) => [legend || name, values])));

test('a range has a value at every step, and none where there is none', () => {
  const grid = { startMs: 0, endMs: 40, stepMs: 10 };
  const [frame] = toFrames([series({ a: 'x' }, [10, 1], [30, 3])], { ...form, legendFormat: '{{a}}/{{ b }}', grid });
  expect(frame?.fields.map(({ legend, values }) => [legend, values])).toEqual([
    ['', [0, 10, 20, 30, 40]],
    ['x/', [null, 1, null, 3, null]],
  ]);
});

test('buckets are counted apart from those below, in the order of their bounds', () => {
  const answer = [
    series({ le: '+Inf' }, [0, 9]),
    series({ le: '0.5' }, [0, 2]),
    series({ le: '10' }, [0, 7]),
    series({ le: '2' }, [0, 2]),
  ];
  const frames = toFrames(answer, { ...form, format: 'heatmap' });
  expect(frames.map(({ fields }) => [fields[1]?.upperBound, fields[1]?.values[0]])).toEqual([
    [0.5, 2],
    [2, 0],
    [10, 5],
    [Number.POSITIVE_INFINITY, 2],
  ]);
});

test('tables of several queries are merged by what they share, ordered, renamed and cut', () => {
  const of = (refId: string, values: Record<string, number>) =>
    toFrames(
      Object.entries(values).map(([model, value]) => series({ __name__: 'm', model }, [5, value])),
      { ...form, refId, format: 'table', several: true },
    );
  const steps: Transformation[] = [
    { kind: 'merge' },
    {
      kind: 'organize',
      exclude: new Set(['Time']),
      order: new Map([
        ['model', 0],
        ['Value #B', 1],
      ]),
      rename: new Map([['Value #B', 'Tokens']]),
    },
  ];
  expect(table(transform([...of('A', { x: 1, y: 2 }), ...of('B', { y: 20, z: 30 })], steps))).toEqual([
    { model: ['x', 'y', 'z'], Tokens: [null, 20, 30], 'Value #A': [1, 2, null] },
  ]);
});

test.each<[string, Transformation, object[]]>([
  ['filter', { kind: 'filter', names: new Set(['b']), pattern: undefined }, [{ b: [2] }]],
  ['filter by pattern', { kind: 'filter', names: undefined, pattern: /^[ab]$/ }, [{ a: [1] }, { b: [2] }]],
  [
    'sort',
    { kind: 'sort', field: 'a', descending: true },
    [
      { Time: [0], a: [1] },
      { Time: [0], b: [2] },
    ],
  ],
  ['reduce', { kind: 'reduce', calcs: ['max', 'nonsense'] }, [{ Field: ['a', 'b'], Max: [1, 2] }]],
  ['series to rows', { kind: 'series-to-rows' }, [{ Time: [0, 0], Metric: ['a', 'b'], Value: [1, 2] }]],
])('%s', (_what, step, expected) => {
  const frames = ['a', 'b'].flatMap((legend, i) =>
    toFrames([series({}, [0, i + 1])], { ...form, legendFormat: legend }),
  );
  expect(table(transform(frames, [step]))).toEqual(expected);
});

test.each([
  ['lastNotNull', [1, null, 3, null], 3],
  ['last', [1, null], null],
  ['mean', [1, null, 3, Number.NaN], 2],
  ['sum', [1, 2], 3],
  ['min', [3, -1], -1],
  ['range', [3, -1], 4],
  ['delta', [1, 5, 2], 6],
  ['count', [1, null], 1],
  ['p50', [1, 2, 3, 4], 2],
  ['mean', [null], null],
] as const)('%s of %j is %s', (calc, values, expected) => {
  expect(reducerOf(calc)?.reduce(values)).toBe(expected);
});

test.each([
  [0.0123, 'percentunit', undefined, '1.23\u202f%'],
  [1536, 'bytes', undefined, '1.5\u202fKiB'],
  [1_234_567, 'short', undefined, '1.23M'],
  [12.345, 'none', 1, '12.3'],
  [0.0004, 'currencyUSD', 2, '$0.0004'],
  [3.456, 'currencyUSD', 2, '$3.46'],
  [1.5, 's', undefined, '1.50\u202fs'],
  [2.5e-8, 's', undefined, '25\u202fns'],
  [1500, 'reqps', undefined, '1.5\u202fkreq/s'],
  [5, 'suffix:°', undefined, '5\u202f°'],
  [5, 'my unit', undefined, '5\u202fmy unit'],
  [Number.NaN, 's', undefined, 'NaN'],
  [Number.NEGATIVE_INFINITY, 's', undefined, '-Inf'],
])('%s in %s is %s', (value, unit, decimals, text) => {
  expect(formatUnit(value, unit, decimals)).toBe(text);
});

test('a value is mapped before it is written, and coloured by the step in which it lies', () => {
  const thresholds = {
    mode: 'absolute',
    steps: [
      { color: 'green', from: Number.NEGATIVE_INFINITY },
      { color: 'red', from: 10 },
    ],
  } as const;
  const mappings = [
    { kind: 'value', results: new Map([['1', { text: 'Up', color: 'blue' }]]) },
    { kind: 'range', from: 50, to: 60, result: { text: 'Busy', color: undefined } },
    { kind: 'special', match: 'null', result: { text: 'Gone', color: 'orange' } },
  ] as const;
  const config = { unit: 's', thresholds, mappings };
  expect(presentValue(1, config)).toEqual({ text: 'Up', color: 'var(--cat-1)' });
  expect(presentValue(5, config)).toEqual({ text: '5.00\u202fs', color: 'var(--good)' });
  expect(presentValue(55, config)).toEqual({ text: 'Busy', color: 'var(--bad)' });
  expect(presentValue(null, config)).toEqual({ text: 'Gone', color: 'var(--cat-3)' });
  expect(presentValue(Number.NaN, config)).toEqual({ text: '–', color: undefined });
});
