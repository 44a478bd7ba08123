// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes variables so
import { expect, test } from 'vitest';
import type { Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { parseDashboard } from '../../grafana/parse-dashboard.js';
import { bucketsOf } from './histogram-panel.js';
import { askedQueries, panelRange } from './panel-data.js';
import { scaleOf, shownValues } from './shown-values.js';

function panel(more: object): Panel {
  const parsed = parseDashboard({ title: 'T', panels: [{ type: 'stat', ...more }] });
  const [found] = parsed.kind === 'dashboard' ? parsed.dashboard.rows.flatMap(({ panels }) => panels) : [];
  if (found === undefined) throw new Error('no panel');
  return found;
}
const scope = {
  fromMs: 0,
  toMs: 3_610_000,
  variables: new Map([['m', { values: ['a', 'b'], pattern: true }]]),
  sampleMs: 30_000,
};
const series = (name: string, values: (number | null)[], labels = {}): Frame => ({
  refId: 'A',
  fields: [
    { name: 'Time', kind: 'time', labels: {}, legend: '', values: values.map((_, i) => i) },
    { name, kind: 'number', labels, legend: name, values },
  ],
});

test('queries are asked on whole steps, with everything put in', () => {
  const targets = [
    { refId: 'A', expr: 'rate(x{m=~"$m"}[$__rate_interval]) $__interval $__range_s' },
    { refId: 'B', expr: 'y[${__range}]', instant: true },
    { refId: 'C', expr: 'hidden', hide: true },
    { refId: 'D', expr: 'elsewhere', datasource: { type: 'loki' } },
    { refId: 'E', expr: '$__interval', interval: '5m' },
  ];
  const asked = askedQueries(panel({ targets }), scope, 700).map(({ target, ...query }) => [target.refId, query]);
  expect(asked).toEqual([
    ['A', { expr: 'rate(x{m=~"(a|b)"}[2m]) 30s 3610', startMs: 0, endMs: 3_600_000, stepMs: 30_000 }],
    ['B', { expr: 'y[3610s]', startMs: 0, endMs: 3_610_000, stepMs: 30_000 }],
    ['E', { expr: '5m', startMs: 0, endMs: 3_600_000, stepMs: 300_000 }],
  ]);
});

test('a panel may have a time of its own', () => {
  expect(panelRange(panel({ timeFrom: '10m' }), scope)).toEqual({ fromMs: 3_010_000, toMs: 3_610_000 });
  expect(panelRange(panel({ timeFrom: 'now-10m', timeShift: '1h' }), scope)).toEqual({
    fromMs: -590_000,
    toMs: 10_000,
  });
});

test('a series becomes one figure, or all of them where the panel says so', () => {
  const frames = [series('a', [1, 5, null]), series('b', [2])];
  const texts = (more: object) => shownValues(frames, panel(more)).map(({ name, text }) => [name, text]);
  expect(texts({})).toEqual([
    ['a', '5'],
    ['b', '2'],
  ]);
  expect(texts({ options: { reduceOptions: { calcs: ['sum'] } } })).toEqual([
    ['a', '6'],
    ['b', '2'],
  ]);
  expect(texts({ options: { reduceOptions: { values: true, limit: 2 } } })).toEqual([
    ['a', '1'],
    ['a', '5'],
    ['b', '2'],
  ]);
  const hidden = {
    matcher: { id: 'byName', options: 'a' },
    properties: [{ id: 'custom.hideFrom', value: { viz: true } }],
  };
  expect(texts({ fieldConfig: { defaults: { displayName: '${__field.name}!' }, overrides: [hidden] } })).toEqual([
    ['b!', '2'],
  ]);
});

test.each<[string, object, (number | null)[], { min: number; max: number }]>([
  ['those of the panel', { min: 10, max: 20 }, [15], { min: 10, max: 20 }],
  ['from 0 to the largest', {}, [5, 9], { min: 0, max: 9 }],
  ['from the smallest below 0', {}, [-5, 9], { min: -5, max: 9 }],
  ['never of no length', {}, [null], { min: 0, max: 1 }],
])('the ends of a scale are %s', (_what, defaults, values, expected) => {
  const frames = values.map((value, i) => series(String(i), [value]));
  expect(scaleOf(shownValues(frames, panel({ fieldConfig: { defaults } })))).toEqual(expected);
});

test('a histogram counts values in buckets of one round width, each once', () => {
  const values = Array.from({ length: 101 }, (_, i) => i / 10);
  const buckets = bucketsOf(
    [series('a', [...values, null, Number.NaN])],
    panel({ type: 'histogram', options: { bucketCount: 5 } }),
  );
  expect(buckets.map(({ from, count }) => [from, count])).toEqual([
    [0, 20],
    [2, 20],
    [4, 20],
    [6, 20],
    [8, 20],
    [10, 1],
  ]);
  expect(bucketsOf([series('a', [3, 3])], panel({ type: 'histogram' })).map(({ count }) => count)).toEqual([2]);
  expect(bucketsOf([], panel({ type: 'histogram' }))).toEqual([]);
  const [first] = bucketsOf([series('a', [0, 1e300])], panel({ type: 'histogram', options: { bucketSize: 1e-300 } }));
  expect(first?.count).toBe(1);
});

test('exemplars are asked for by lines over time, as the query says', () => {
  const targets = [
    { refId: 'A', expr: 'a', exemplar: true },
    { refId: 'B', expr: 'b' },
    { refId: 'C', expr: 'c', exemplar: true, instant: true },
  ];
  const asks = (type: string) => panel({ type, targets }).targets.map(({ exemplar }) => exemplar);
  expect(asks('timeseries')).toEqual([true, false, false]);
  expect(asks('stat')).toEqual([false, false, false]);
});
