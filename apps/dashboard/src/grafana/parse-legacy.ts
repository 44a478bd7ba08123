import { asList, asNumber, asObject, asText, member } from './json.js';
import type { DrawStyle, FieldConfig, FieldOverride, PanelOptions } from './model.js';
import type { Note } from './parse-field-config.js';
import { safePattern } from './safe-pattern.js';

/** What panels of before Grafana 7 say outside of `fieldConfig` and `options`. */
export interface LegacyPanel {
  readonly defaults: FieldConfig;
  readonly options: Partial<PanelOptions>;
  readonly overrides: readonly FieldOverride[];
}

const NOTHING: LegacyPanel = { defaults: {}, options: {}, overrides: [] };

/** Reads the old forms of `graph`, `singlestat` and `text`. */
export function parseLegacy(type: string, value: unknown, note: Note): LegacyPanel {
  switch (type) {
    case 'graph':
      return parseGraph(value, note);
    case 'singlestat':
      return parseSingleStat(value);
    case 'text': {
      const content = member(value, 'content');
      return content === undefined ? NOTHING : { ...NOTHING, options: { content: asText(content) } };
    }
    case 'table-old':
      note('Styles of columns of the old table are not applied.');
      return NOTHING;
    case 'heatmap':
      if (member(value, 'dataFormat') === 'timeseries' || member(member(value, 'options'), 'calculate') === true) {
        note('The heatmap shows the series as they are; it does not compute buckets of them.');
      }
      return NOTHING;
    default:
      return NOTHING;
  }
}

function parseGraph(value: unknown, note: Note): LegacyPanel {
  const [left] = asList(member(value, 'yaxes'));
  const legend = member(value, 'legend');
  const lines = member(value, 'lines') !== false;
  const bars = member(value, 'bars') === true;
  const stack = member(value, 'stack') === true;
  const draw: DrawStyle = {
    style: bars && !lines ? 'bars' : 'line',
    lineWidth: asNumber(member(value, 'linewidth')) ?? 1,
    fillOpacity: Math.min(100, (asNumber(member(value, 'fill')) ?? 1) * 10),
    stacking: stack ? (member(value, 'percentage') === true ? 'percent' : 'normal') : 'none',
    logarithmic: (asNumber(member(left, 'logBase')) ?? 1) > 1,
    spanGaps: member(value, 'nullPointMode') === 'connected',
    stepped: member(value, 'steppedLine') === true,
  };
  if (member(member(value, 'xaxis'), 'mode') === 'histogram') note('The graph is shown over time, not as a histogram.');
  const [unit, min, max] = [
    asText(member(left, 'format')),
    asNumber(member(left, 'min')),
    asNumber(member(left, 'max')),
  ];
  const decimals = asNumber(member(value, 'decimals'));
  const shown = member(legend, 'show') !== false;
  return {
    overrides: parseSeriesOverrides(member(value, 'seriesOverrides'), note),
    defaults: {
      draw,
      ...(unit !== '' && { unit }),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(decimals !== undefined && { decimals: Math.min(15, Math.max(0, decimals)) }),
    },
    options: {
      legend: shown ? (member(legend, 'alignAsTable') === true ? 'table' : 'list') : 'hidden',
      legendRight: member(legend, 'rightSide') === true,
      legendCalcs: [
        ...(member(legend, 'avg') === true ? ['mean'] : []),
        ...(member(legend, 'current') === true ? ['lastNotNull'] : []),
        ...(member(legend, 'max') === true ? ['max'] : []),
        ...(member(legend, 'min') === true ? ['min'] : []),
        ...(member(legend, 'total') === true ? ['sum'] : []),
      ],
      tooltip: member(member(value, 'tooltip'), 'shared') === false ? 'single' : 'multi',
    },
  };
}

/** Properties of old overrides that change only how a line looks. */
const LOOKS = new Set(['alias', 'dashes', 'dashLength', 'spaceLength', 'hideTooltip', 'zindex', '$$hashKey', 'legend']);

function parseSeriesOverrides(value: unknown, note: Note): readonly FieldOverride[] {
  return asList(value).flatMap((override): FieldOverride[] => {
    const alias = asText(member(override, 'alias'));
    const pattern = alias.startsWith('/') ? safePattern(alias) : undefined;
    if (alias === '' || (alias.startsWith('/') && pattern === undefined)) return [];
    const [color, fill, width] = [
      asText(member(override, 'color')),
      asNumber(member(override, 'fill')),
      asNumber(member(override, 'linewidth')),
    ];
    const draw: DrawStyle = {
      ...(member(override, 'transform') === 'negative-Y' && { negative: true }),
      ...(member(override, 'yaxis') === 2 && { rightAxis: true }),
      ...(fill !== undefined && { fillOpacity: fill * 10 }),
      ...(width !== undefined && { lineWidth: width }),
    };
    const known = ['color', 'fill', 'linewidth', 'transform', 'yaxis'];
    const other = Object.keys(asObject(override) ?? {}).find((key) => !known.includes(key) && !LOOKS.has(key));
    if (other !== undefined) note(`Overrides of "${other}" are not applied.`);
    return [
      {
        matcher: pattern === undefined ? { kind: 'name', name: alias } : { kind: 'pattern', pattern },
        config: {
          ...(color !== '' && { color: { mode: 'fixed', fixedColor: color } }),
          ...(Object.keys(draw).length > 0 && { draw }),
        },
      },
    ];
  });
}

const OLD_CALCS: Readonly<Record<string, string>> = {
  avg: 'mean',
  current: 'lastNotNull',
  total: 'sum',
  min: 'min',
  max: 'max',
  first: 'first',
  delta: 'delta',
  diff: 'diff',
  range: 'range',
};

function parseSingleStat(value: unknown): LegacyPanel {
  const unit = asText(member(value, 'format'));
  const decimals = asNumber(member(value, 'decimals'));
  const colors = asList(member(value, 'colors')).map((color) => asText(color, 'green'));
  const limits = asText(member(value, 'thresholds'))
    .split(',')
    .map((text) => asNumber(text))
    .filter((limit) => limit !== undefined);
  const colored = member(value, 'colorBackground') === true || member(value, 'colorValue') === true;
  const calc = OLD_CALCS[asText(member(value, 'valueName'))] ?? 'mean';
  return {
    overrides: [],
    defaults: {
      ...(unit !== '' && { unit }),
      ...(decimals !== undefined && { decimals: Math.min(15, Math.max(0, decimals)) }),
      ...(colored &&
        limits.length > 0 && {
          color: { mode: 'thresholds', fixedColor: '' },
          thresholds: {
            mode: 'absolute' as const,
            steps: [Number.NEGATIVE_INFINITY, ...limits].map((from, i) => ({ from, color: colors[i] ?? 'green' })),
          },
        }),
    },
    options: {
      calcs: [calc],
      graph: member(member(value, 'sparkline'), 'show') === true,
      colorMode: member(value, 'colorBackground') === true ? 'background' : colored ? 'value' : 'none',
    },
  };
}
