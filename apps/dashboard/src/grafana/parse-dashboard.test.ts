// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes variables so
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Dashboard } from './model.js';
import { parseDashboard, parseDashboardText } from './parse-dashboard.js';
import { placePanels } from './place-panels.js';

const panel = (more: object = {}) => ({
  type: 'timeseries',
  title: 'A',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  ...more,
});
const wrap = (panels: unknown[], more: object = {}) => ({ title: 'T', schemaVersion: 39, panels, ...more });

function parsed(value: unknown): Dashboard {
  const answer = parseDashboard(value);
  if (answer.kind === 'invalid') throw new Error(answer.message);
  return answer.dashboard;
}
const firstPanel = (value: object, more: object = {}) => {
  const [first] = parsed(wrap([panel(value)], more)).rows.flatMap(({ panels }) => panels);
  if (first === undefined) throw new Error('no panel');
  return first;
};

test.each<[string, string, RegExp]>([
  ['nothing', '  ', /^There is nothing here/],
  ['no JSON', '{"title": "x",\n  "panels": [}', /^This is not valid JSON: there is a mistake in line 2, column 14\./],
  ['half a file', '{"title": "x"', /^This is not valid JSON: it ends too early\.$/],
  ['a list', '[]', /this is a list/],
  ['a number', '7', /this is a number/],
  ['null', 'null', /this is null/],
  ['no panels', '{"title": "x"}', /^There is no list of panels/],
  ['no title', '{"panels": []}', /^The dashboard has no title/],
  [
    'rows of before schema 16',
    '{"title": "x", "rows": [], "schemaVersion": 14}',
    /schema 14, whose panels have no places/,
  ],
  ['a schema of before 16', '{"title": "x", "panels": [], "schemaVersion": 12}', /older than 16/],
  ['the second model', '{"apiVersion": "dashboard.grafana.app/v2beta1", "spec": {"elements": {}}}', /version 2 model/],
  ['the spec of the second model', '{"elements": {}, "layout": {}, "title": "x"}', /version 2 model/],
])('%s is refused with a sentence', (_what, text, message) => {
  expect(parseDashboardText(text)).toEqual({ kind: 'invalid', message: expect.stringMatching(message) });
});

test('the envelopes of the API and of the first resource are opened', () => {
  expect(parsed({ dashboard: wrap([panel()]), meta: {} }).title).toBe('T');
  const resource = { apiVersion: 'dashboard.grafana.app/v1beta1', metadata: { name: 'abc' }, spec: wrap([]) };
  expect([parsed(resource).title, parsed(resource).uid]).toEqual(['T', 'abc']);
});

describe('panels', () => {
  it('have a number of their own, whatever the JSON says', () => {
    const dashboard = parsed(wrap([panel({ id: 1 }), panel({ id: 1 }), panel(), panel({ id: 'x' })]));
    const ids = dashboard.rows.flatMap(({ panels }) => panels.map(({ id }) => id));
    expect(new Set(ids).size).toBe(4);
  });

  it('of unknown types and from other sources say so', () => {
    expect(firstPanel({ type: 'nodeGraph' })).toMatchObject({
      kind: 'unsupported',
      notes: ['Panels of the type "nodeGraph" are not drawn.'],
    });
    const of = (datasource: unknown) =>
      firstPanel({ targets: [{ refId: 'A', expr: 'up', datasource }] }).targets[0]?.fault;
    expect(of({ type: 'loki', uid: 'x' })).toBe('Data sources of the type "loki" are not asked here.');
    expect(of({ uid: '__expr__', type: '__expr__' })).toMatch(/Expressions/);
    expect(of({ uid: '-- Dashboard --', type: 'datasource' })).toMatch(/another panel/);
    expect([of({ type: 'prometheus', uid: 'x' }), of('Prometheus'), of(undefined), of({ uid: '$ds' })]).toEqual([
      '',
      '',
      '',
      '',
    ]);
  });

  it('take the type of a source from its variable, or from what an export asks for', () => {
    const target = (uid: string) => ({ targets: [{ refId: 'A', expr: 'up', datasource: { uid } }] });
    const templating = { list: [{ type: 'datasource', name: 'ds', query: 'loki' }] };
    expect(firstPanel(target('${ds}'), { templating }).targets[0]?.fault).toMatch(/"loki"/);
    const inputs = { __inputs: [{ name: 'DS_PROM', type: 'datasource', pluginId: 'prometheus' }] };
    expect(firstPanel(target('${DS_PROM}'), inputs).targets[0]?.fault).toBe('');
  });

  it('name the transformation that is not known, and apply none after it', () => {
    const transformations = [{ id: 'merge' }, { id: 'groupBy' }, { id: 'limit' }, { id: 'x', disabled: true }];
    expect(firstPanel({ transformations })).toMatchObject({
      transformations: [{ kind: 'merge' }],
      notes: ['The transformation "groupBy" and those after it are not applied.'],
    });
  });

  it('name overrides that are not applied, and apply the others', () => {
    const overrides = [
      {
        matcher: { id: 'byName', options: 'x' },
        properties: [
          { id: 'unit', value: 's' },
          { id: 'custom.fillBelowTo', value: 'y' },
        ],
      },
      {
        matcher: { id: 'byNames', options: { mode: 'exclude', names: ['a'] } },
        properties: [{ id: 'custom.transform', value: 'negative-Y' }],
      },
      { matcher: { id: 'byValue', options: {} }, properties: [] },
      { matcher: { id: 'byRegexp', options: '/(a+)+$/' }, properties: [] },
    ];
    const { notes, overrides: applied } = firstPanel({ fieldConfig: { overrides } });
    expect(applied).toEqual([
      { matcher: { kind: 'name', name: 'x' }, config: { unit: 's' } },
      { matcher: { kind: 'names', names: new Set(['a']), among: false }, config: { draw: { negative: true } } },
    ]);
    expect(notes).toEqual([
      'Overrides of "custom.fillBelowTo" are not applied.',
      'Overrides by byValue are not applied.',
      'Overrides by byRegexp are not applied.',
    ]);
  });

  it('stay within the grid', () => {
    expect(firstPanel({ gridPos: { x: 30, y: -4, w: 99, h: 0 } }).gridPos).toEqual({ x: 0, y: 0, w: 24, h: 1 });
    expect(firstPanel({ gridPos: 'here' }).gridPos).toEqual({ x: 0, y: 0, w: 12, h: 8 });
  });

  it('of before Grafana 7 are read as what became of them', () => {
    const graph = firstPanel({
      type: 'graph',
      yaxes: [{ format: 'bytes', min: '0' }],
      stack: true,
      fill: 2,
      legend: { show: false },
    });
    expect(graph).toMatchObject({
      kind: 'time-series',
      defaults: { unit: 'bytes', min: 0, draw: { stacking: 'normal', fillOpacity: 20 } },
      options: { legend: 'hidden' },
    });
    const single = firstPanel({
      type: 'singlestat',
      format: 's',
      valueName: 'max',
      colorValue: true,
      thresholds: '1,2',
      colors: ['green', 'yellow', 'red'],
    });
    expect(single).toMatchObject({
      kind: 'stat',
      defaults: { unit: 's' },
      options: { calcs: ['max'], colorMode: 'value' },
    });
    expect(single.defaults.thresholds?.steps.map(({ color }) => color)).toEqual(['green', 'yellow', 'red']);
    const seriesOverrides = [
      { alias: '/out/', transform: 'negative-Y', color: '#f00' },
      { alias: 'x', bars: true, yaxis: 2 },
      { alias: '/(/' },
    ];
    expect(firstPanel({ type: 'graph', seriesOverrides })).toMatchObject({
      overrides: [
        { matcher: { kind: 'pattern' }, config: { color: { fixedColor: '#f00' }, draw: { negative: true } } },
        { matcher: { kind: 'name', name: 'x' }, config: { draw: { rightAxis: true } } },
      ],
      notes: ['Overrides of "bars" are not applied.'],
    });
    expect(firstPanel({ type: 'text', content: '# Hello' }).options.content).toBe('# Hello');
  });
});

test('rows hold what is below them, collapsed ones what is inside, and what follows those stands by itself', () => {
  const at = (y: number) => ({ gridPos: { x: 0, y, w: 24, h: 1 } });
  const { rows } = parsed(
    wrap([
      panel({ title: 'below', ...at(9) }),
      panel({ title: 'top', ...at(0) }),
      { type: 'row', title: 'Open', collapsed: false, ...at(1), panels: [] },
      panel({ title: 'in open', ...at(2) }),
      { type: 'row', title: 'Shut', collapsed: true, ...at(8), panels: [panel({ title: 'in shut', ...at(9) })] },
    ]),
  );
  expect(rows.map(({ title, panels }) => [title, panels.map((one) => one.title)])).toEqual([
    ['', ['top']],
    ['Open', ['in open']],
    ['Shut', ['in shut']],
    ['', ['below']],
  ]);
});

test('repeated panels stand beside each other, and what was below moves down', () => {
  const dashboard = parsed(
    wrap([
      panel({ id: 1, title: '$m', repeat: 'm', maxPerRow: 2, gridPos: { x: 0, y: 0, w: 24, h: 4 } }),
      panel({ id: 2, gridPos: { x: 0, y: 4, w: 24, h: 4 } }),
    ]),
  );
  const values = ['a', 'b', 'c'].map((value) => ({ text: value, value }));
  const [row] = placePanels(dashboard, (name) => (name === 'm' ? values : undefined));
  expect(row?.panels.map(({ key, gridPos: { x, y, w } }) => [key, x, y, w])).toEqual([
    ['1:m=a', 0, 0, 12],
    ['1:m=b', 12, 0, 12],
    ['1:m=c', 0, 4, 12],
    ['2', 0, 8, 24],
  ]);
});

test('repeated rows have one of each value', () => {
  const dashboard = parsed(
    wrap([{ type: 'row', title: 'R $m', repeat: 'm', gridPos: { y: 0 } }, panel({ gridPos: { y: 1 } })]),
  );
  const rows = placePanels(dashboard, () => [
    { text: 'A', value: 'a' },
    { text: 'B', value: 'b' },
  ]);
  expect(rows.map(({ title, panels }) => [title, panels[0]?.scopedVariables.get('m')])).toEqual([
    ['R A', 'a'],
    ['R B', 'b'],
  ]);
});

test('repeats within repeats end somewhere', () => {
  const inner = Array.from({ length: 40 }, (_, i) => panel({ id: i + 2, repeat: 'm', gridPos: { y: i + 1 } }));
  const dashboard = parsed(wrap([{ id: 1, type: 'row', repeat: 'm', gridPos: { y: 0 } }, ...inner]));
  const values = Array.from({ length: 50 }, (_, i) => ({ text: String(i), value: String(i) }));
  const placed = placePanels(dashboard, () => values);
  expect(placed.reduce((sum, { panels }) => sum + panels.length, 0)).toBe(1000);
});

test('any JSON gives a dashboard or a sentence', () => {
  const words = [
    'panels',
    'type',
    'row',
    'targets',
    'fieldConfig',
    'defaults',
    'overrides',
    'options',
    'templating',
    'list',
    'timeseries',
    'stat',
    'gridPos',
    'mappings',
    'transformations',
    'title',
    'time',
    '__proto__',
    'repeat',
    'gridPos',
  ];
  const key = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 }));
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom(null, true, 0, -1, 1e308, '', 'row', 'timeseries', 'table', '$x', '[[x]]', 'now-1h', '/(a/'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 6 }),
    ),
  })).value;
  fc.assert(
    fc.property(json, fc.array(json, { maxLength: 5 }), (value, panels) => {
      for (const one of [value, { title: 'x', panels }, { ...(value as object), title: 'x', panels }]) {
        const answer = parseDashboard(one);
        if (answer.kind === 'invalid') expect(answer.message).not.toBe('');
        else placePanels(answer.dashboard, () => [{ text: 'a', value: 'a' }]);
      }
    }),
    { numRuns: 500 },
  );
});

test('any part of a real dashboard may be anything else', async () => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(
    new URL('../../../../kit/grafana/dashboards/ai-chat-analytics.json', import.meta.url),
    'utf8',
  );
  const places: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    places.push(path);
    if (Array.isArray(value)) for (const [i, item] of value.slice(0, 12).entries()) walk(item, [...path, i]);
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) walk(item, [...path, name]);
  };
  walk(JSON.parse(text), []);
  for (const path of places.slice(1)) {
    for (const other of [null, 'x', 7, [], {}, [null], { a: 1 }]) {
      const whole = JSON.parse(text) as object;
      let holder: unknown = whole;
      for (const step of path.slice(0, -1)) holder = Reflect.get(holder as object, step);
      Reflect.set(holder as object, path.at(-1) ?? '', other);
      const answer = parseDashboard(whole);
      if (answer.kind === 'dashboard') placePanels(answer.dashboard, () => []);
    }
  }
});
