import { asList, asNumber, asObject, asText, asTexts, member } from './json.js';
import type {
  DrawStyle,
  FieldConfig,
  FieldMatcher,
  FieldOverride,
  MappingResult,
  Thresholds,
  ValueMapping,
} from './model.js';
import { safePattern } from './safe-pattern.js';

/** Collects what of a panel is not drawn. */
export type Note = (sentence: string) => void;

/** Properties of overrides that change nothing here and are passed over in silence. */
const HARMLESS = new Set([
  'custom.align',
  'custom.width',
  'custom.filterable',
  'custom.inspect',
  'custom.minWidth',
  'custom.axisLabel',
  'custom.axisColorMode',
  'custom.axisBorderShow',
  'custom.axisCenteredZero',
  'custom.gradientMode',
  'custom.lineStyle',
  'custom.lineInterpolation',
  'custom.pointSize',
  'custom.showPoints',
  'custom.barAlignment',
  'custom.hideFrom.legend',
  'custom.displayMode',
  'custom.cellOptions',
  'description',
  'links',
  'filterable',
]);

/** `fieldConfig.defaults`. */
export function parseDefaults(value: unknown, note: Note): FieldConfig {
  const custom = member(value, 'custom');
  return {
    ...plainProperties(value),
    ...definedOnly({
      color: parseColor(member(value, 'color')),
      thresholds: parseThresholds(member(value, 'thresholds')),
      mappings: parseMappings(member(value, 'mappings'), note),
      draw: parseDraw(custom),
    }),
  };
}

/** `fieldConfig.overrides`. */
export function parseOverrides(value: unknown, note: Note): readonly FieldOverride[] {
  return asList(value).flatMap((override) => {
    const matcher = parseMatcher(member(override, 'matcher'));
    if (matcher === undefined) {
      note(`Overrides by ${asText(member(member(override, 'matcher'), 'id'), 'an unknown rule')} are not applied.`);
      return [];
    }
    let config: FieldConfig = {};
    for (const property of asList(member(override, 'properties'))) {
      config = { ...config, ...parseProperty(asText(member(property, 'id')), member(property, 'value'), config, note) };
    }
    return [{ matcher, config }];
  });
}

function parseMatcher(value: unknown): FieldMatcher | undefined {
  const options = member(value, 'options');
  switch (member(value, 'id')) {
    case 'byName':
      return { kind: 'name', name: asText(options) };
    case 'byNames':
      return {
        kind: 'names',
        names: new Set(asTexts(member(options, 'names'))),
        among: member(options, 'mode') !== 'exclude',
      };
    case 'byRegexp': {
      const pattern = safePattern(asText(options));
      return pattern === undefined ? undefined : { kind: 'pattern', pattern };
    }
    case 'byType':
      return { kind: 'type', type: asText(options) };
    case 'byFrameRefID':
      return { kind: 'query', refId: asText(options) };
    default:
      return undefined;
  }
}

function parseProperty(id: string, value: unknown, before: FieldConfig, note: Note): FieldConfig {
  switch (id) {
    case 'unit':
    case 'decimals':
    case 'min':
    case 'max':
    case 'displayName':
    case 'noValue':
      return plainProperties({ [id]: value });
    case 'color':
      return definedOnly({ color: parseColor(value) });
    case 'thresholds':
      return definedOnly({ thresholds: parseThresholds(value) });
    case 'mappings':
      return definedOnly({ mappings: parseMappings(value, note) });
    case 'custom.hideFrom':
      return { hidden: member(value, 'viz') === true };
    case 'custom.hidden':
      return { hidden: value === true };
    default: {
      if (!id.startsWith('custom.') || HARMLESS.has(id)) {
        if (!HARMLESS.has(id)) note(`Overrides of "${id}" are not applied.`);
        return {};
      }
      const draw = parseDraw({ [id.slice('custom.'.length)]: value });
      if (draw === undefined) {
        note(`Overrides of "${id}" are not applied.`);
        return {};
      }
      return { draw: { ...before.draw, ...draw } };
    }
  }
}

function plainProperties(value: unknown): FieldConfig {
  const text = (key: string) => {
    const found = asText(member(value, key));
    return found === '' ? undefined : found;
  };
  const decimals = asNumber(member(value, 'decimals'));
  return definedOnly({
    unit: text('unit'),
    displayName: text('displayName'),
    noValue: text('noValue'),
    decimals: decimals === undefined ? undefined : Math.min(15, Math.max(0, Math.round(decimals))),
    min: asNumber(member(value, 'min')),
    max: asNumber(member(value, 'max')),
  });
}

function parseColor(value: unknown): FieldConfig['color'] {
  const mode = asText(member(value, 'mode'));
  return mode === '' ? undefined : { mode, fixedColor: asText(member(value, 'fixedColor')) };
}

/** Steps in their order; the first holds from minus infinity on. */
export function parseThresholds(value: unknown): Thresholds | undefined {
  const steps = asList(member(value, 'steps')).map((step) => ({
    color: asText(member(step, 'color'), 'green'),
    from: asNumber(member(step, 'value')) ?? Number.NEGATIVE_INFINITY,
  }));
  if (steps.length === 0) return undefined;
  return {
    mode: member(value, 'mode') === 'percentage' ? 'percentage' : 'absolute',
    steps: steps.sort((a, b) => a.from - b.from),
  };
}

function parseMappings(value: unknown, note: Note): readonly ValueMapping[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((mapping: unknown): ValueMapping[] => {
    const options = member(mapping, 'options');
    switch (member(mapping, 'type')) {
      case 'value': {
        const results = Object.entries(asObject(options) ?? {}).map(
          ([key, result]) => [key, toResult(result)] as const,
        );
        return [{ kind: 'value', results: new Map(results) }];
      }
      case 'range': {
        const from = asNumber(member(options, 'from')) ?? Number.NEGATIVE_INFINITY;
        const to = asNumber(member(options, 'to')) ?? Number.POSITIVE_INFINITY;
        return [{ kind: 'range', from, to, result: toResult(member(options, 'result')) }];
      }
      case 'regex': {
        const pattern = safePattern(asText(member(options, 'pattern')));
        if (pattern !== undefined) return [{ kind: 'regex', pattern, result: toResult(member(options, 'result')) }];
        note('A value mapping has a pattern that is not taken.');
        return [];
      }
      case 'special': {
        const match = asText(member(options, 'match'));
        const known = (['null', 'nan', 'null+nan', 'true', 'false', 'empty'] as const).find((one) => one === match);
        return known === undefined
          ? []
          : [{ kind: 'special', match: known, result: toResult(member(options, 'result')) }];
      }
      // Before schema 30: { type: 1, value, text } and { type: 2, from, to, text }.
      case 1:
        return [
          {
            kind: 'value',
            results: new Map([[String(member(mapping, 'value') ?? ''), toResult({ text: member(mapping, 'text') })]]),
          },
        ];
      case 2:
        return [
          {
            kind: 'range',
            from: asNumber(member(mapping, 'from')) ?? Number.NEGATIVE_INFINITY,
            to: asNumber(member(mapping, 'to')) ?? Number.POSITIVE_INFINITY,
            result: toResult({ text: member(mapping, 'text') }),
          },
        ];
      default:
        note('A value mapping is of an unknown kind and is not applied.');
        return [];
    }
  });
}

function toResult(value: unknown): MappingResult {
  const [text, color] = [asText(member(value, 'text')), asText(member(value, 'color'))];
  return { text: text === '' ? undefined : text, color: color === '' ? undefined : color };
}

function parseDraw(custom: unknown): DrawStyle | undefined {
  const style = (['line', 'bars', 'points'] as const).find((one) => one === member(custom, 'drawStyle'));
  const stackingMode = member(member(custom, 'stacking'), 'mode');
  const stacking = (['none', 'normal', 'percent'] as const).find((one) => one === stackingMode);
  const thresholdsMode = member(member(custom, 'thresholdsStyle'), 'mode');
  const scale = member(member(custom, 'scaleDistribution'), 'type');
  const interpolation = member(custom, 'lineInterpolation');
  const spanNulls = member(custom, 'spanNulls');
  const draw = definedOnly<DrawStyle>({
    style,
    lineWidth: asNumber(member(custom, 'lineWidth')),
    fillOpacity: asNumber(member(custom, 'fillOpacity')),
    stacking,
    showThresholds: typeof thresholdsMode === 'string' ? thresholdsMode !== 'off' : undefined,
    spanGaps: spanNulls === undefined ? undefined : spanNulls !== false,
    logarithmic: typeof scale === 'string' ? scale === 'log' : undefined,
    rightAxis: member(custom, 'axisPlacement') === 'right' ? true : undefined,
    negative: member(custom, 'transform') === 'negative-Y' ? true : undefined,
    stepped: typeof interpolation === 'string' ? interpolation.startsWith('step') : undefined,
  });
  return Object.keys(draw).length === 0 ? undefined : draw;
}

function definedOnly<T>(object: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
