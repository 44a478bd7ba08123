import { asList, asNumber, asText, asTexts, member } from './json.js';
import type { GridPos, Panel, PanelKind, PanelOptions, Target } from './model.js';
import { parseDefaults, parseOverrides } from './parse-field-config.js';
import { parseLegacy } from './parse-legacy.js';
import { parseTransformations } from './parse-transformations.js';

/** Grafana's names of panels that are drawn, old names too. */
const KINDS: Readonly<Record<string, PanelKind>> = {
  timeseries: 'time-series',
  graph: 'time-series',
  stat: 'stat',
  singlestat: 'stat',
  gauge: 'gauge',
  bargauge: 'bar-gauge',
  barchart: 'bar-chart',
  piechart: 'bar-gauge',
  'grafana-piechart-panel': 'bar-gauge',
  table: 'table',
  'table-old': 'table',
  histogram: 'histogram',
  heatmap: 'heatmap',
  text: 'text',
};
export const GRID_COLUMNS = 24;
const MAX_HEIGHT = 200;
const MAX_TARGETS = 50;

/** Which variable stands for a data source of which type, and the dashboard's own default. */
export interface SourceTypes {
  readonly variables: ReadonlyMap<string, string>;
}

/** One panel. What it cannot do is in its notes; nothing in it makes it fail. */
export function parsePanel(value: unknown, id: number, sources: SourceTypes): Panel {
  const notes: string[] = [];
  const note = (sentence: string) => {
    if (!notes.includes(sentence)) notes.push(sentence);
  };
  const type = asText(member(value, 'type'));
  const kind = KINDS[type] ?? 'unsupported';
  if (kind === 'unsupported') {
    note(
      member(value, 'libraryPanel') === undefined
        ? `Panels of the type "${type}" are not drawn.`
        : 'This is a library panel, which is kept outside of the dashboard; export it "for sharing externally".',
    );
  }
  if (type.includes('pie')) note('A pie is shown as bars.');
  const fieldConfig = member(value, 'fieldConfig');
  const legacy = parseLegacy(type, value, note);
  const defaults = { ...legacy.defaults, ...parseDefaults(member(fieldConfig, 'defaults'), note) };
  if (asList(member(value, 'links')).length > 0) note('Links of the panel are not shown.');
  const repeat = asText(member(value, 'repeat'));
  return {
    key: String(id),
    id,
    kind,
    type,
    title: asText(member(value, 'title')),
    description: asText(member(value, 'description')),
    gridPos: parseGridPos(member(value, 'gridPos')),
    targets: asList(member(value, 'targets'))
      .slice(0, MAX_TARGETS)
      .map((target, index) => parseTarget(target, index, member(value, 'datasource'), sources, kind)),
    defaults,
    overrides: [...legacy.overrides, ...parseOverrides(member(fieldConfig, 'overrides'), note)],
    options: { ...parseOptions(kind, member(value, 'options')), ...legacy.options },
    transformations: parseTransformations(member(value, 'transformations'), note),
    interval: asText(member(value, 'interval')),
    maxDataPoints: asNumber(member(value, 'maxDataPoints')),
    timeFrom: asText(member(value, 'timeFrom')),
    timeShift: asText(member(value, 'timeShift')),
    repeat:
      repeat === ''
        ? undefined
        : {
            variable: repeat,
            vertical: member(value, 'repeatDirection') === 'v',
            maxPerRow: Math.min(GRID_COLUMNS, Math.max(1, asNumber(member(value, 'maxPerRow')) ?? 4)),
          },
    scopedVariables: new Map(),
    notes,
  };
}

/** Within the grid, and whole. */
export function parseGridPos(value: unknown): GridPos {
  const whole = (key: string, otherwise: number, least: number, most: number) =>
    Math.min(most, Math.max(least, Math.round(asNumber(member(value, key)) ?? otherwise)));
  const w = whole('w', 12, 1, GRID_COLUMNS);
  return { x: whole('x', 0, 0, GRID_COLUMNS - w), y: whole('y', 0, 0, 100_000), w, h: whole('h', 8, 1, MAX_HEIGHT) };
}

function parseTarget(
  value: unknown,
  index: number,
  panelSource: unknown,
  sources: SourceTypes,
  kind: PanelKind,
): Target {
  const format = asText(member(value, 'format'));
  const range = member(value, 'range');
  const instant = member(value, 'instant') === true && range !== true;
  const expr = asText(member(value, 'expr'));
  const own = member(value, 'datasource');
  const fault = sourceFault(own ?? panelSource, sources);
  return {
    refId: asText(member(value, 'refId')) || String.fromCharCode(65 + (index % 26)),
    expr,
    legendFormat: asText(member(value, 'legendFormat')),
    // A table that does not say shows the latest values.
    instant: instant || (kind === 'table' && format === 'table' && range === undefined),
    format: format === 'table' || format === 'heatmap' ? format : 'time_series',
    interval: asText(member(value, 'interval')),
    hidden: member(value, 'hide') === true,
    exemplar: member(value, 'exemplar') === true && kind === 'time-series' && !instant,
    fault: fault === '' && expr.trim() === '' ? 'The query is empty.' : fault,
  };
}

/** Every source of metrics stands for the one that there is here: Vedetta's own. */
function sourceFault(source: unknown, { variables }: SourceTypes): string {
  const uid = typeof source === 'string' ? source : asText(member(source, 'uid'));
  let type = asText(member(source, 'type'));
  const variable = /^\$\{?(\w+)\}?$/.exec(uid)?.[1];
  if (variable !== undefined) type = variables.get(variable) ?? (type || 'prometheus');
  if (type === '' && uid.startsWith('-- ')) type = uid;
  if (uid === '__expr__') return 'Expressions of Grafana are not computed here.';
  if (uid === '-- Dashboard --') return 'Results of another panel are not taken over here.';
  if (uid === '-- Grafana --') return "Grafana's built-in data is not here.";
  if (type === '' || type === 'prometheus' || type === 'datasource' || type.startsWith('-- ')) return '';
  if (/prometheus|mimir|victoriametrics/i.test(type)) return '';
  return `Data sources of the type "${type}" are not asked here.`;
}

function parseOptions(kind: PanelKind, options: unknown): PanelOptions {
  const reduce = member(options, 'reduceOptions') ?? member(options, 'fieldOptions');
  const legend = member(options, 'legend');
  const tooltip = member(options, 'tooltip');
  const one = <T extends string>(value: unknown, known: readonly T[], otherwise: T): T =>
    known.find((candidate) => candidate === value) ?? otherwise;
  const calcs = asTexts(member(reduce, 'calcs'));
  const hidden = member(legend, 'showLegend') === false || member(legend, 'displayMode') === 'hidden';
  const color = asText(member(options, 'colorMode'));
  return {
    calcs: calcs.length === 0 ? ['lastNotNull'] : calcs,
    allValues: member(reduce, 'values') === true,
    valueLimit: asNumber(member(reduce, 'limit')) ?? 100,
    legend: hidden ? 'hidden' : one(member(legend, 'displayMode'), ['list', 'table'], 'list'),
    legendCalcs: asTexts(member(legend, 'calcs')),
    legendRight: member(legend, 'placement') === 'right',
    tooltip: one(member(tooltip, 'mode'), ['single', 'multi', 'none'], 'single'),
    tooltipSort: one(member(tooltip, 'sort'), ['none', 'asc', 'desc'], 'none'),
    orientation: one(member(options, 'orientation'), ['auto', 'horizontal', 'vertical'], 'auto'),
    graph: kind === 'stat' && member(options, 'graphMode') !== 'none',
    colorMode: color.startsWith('background') ? 'background' : color === 'none' ? 'none' : 'value',
    textMode: one(member(options, 'textMode'), ['auto', 'value', 'name', 'value_and_name', 'none'], 'auto'),
    stacking: one(member(options, 'stacking'), ['none', 'normal', 'percent'], 'none'),
    xField: asText(member(options, 'xField')),
    sortBy: asList(member(options, 'sortBy')).map((sort) => ({
      name: asText(member(sort, 'displayName')),
      descending: member(sort, 'desc') === true,
    })),
    showHeader: member(options, 'showHeader') !== false,
    bucketCount: Math.min(200, Math.max(1, asNumber(member(options, 'bucketCount')) ?? 30)),
    bucketSize: asNumber(member(options, 'bucketSize')),
    content: asText(member(options, 'content')),
    yUnit: asText(member(member(options, 'yAxis'), 'unit'), 'none'),
  };
}
