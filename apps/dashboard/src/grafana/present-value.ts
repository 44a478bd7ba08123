import { UNKNOWN } from '../format/format.js';
import { cssColor } from './colors.js';
import type { Field } from './frame.js';
import type { FieldConfig, FieldOverride, MappingResult, Panel, Thresholds } from './model.js';
import { fieldName } from './transform.js';
import { formatUnit } from './units.js';

type Value = number | string | null;

/** How a value looks. */
export interface PresentedValue {
  readonly text: string;
  /** CSS; `undefined` where the field has no colour by value. */
  readonly color: string | undefined;
}

const DEFAULT_THRESHOLDS: Thresholds = {
  mode: 'absolute',
  steps: [
    { color: 'green', from: Number.NEGATIVE_INFINITY },
    { color: 'red', from: 80 },
  ],
};

/** What holds for one field: the panel's defaults with every override that is for it, later ones first. */
export function configOf(panel: Pick<Panel, 'defaults' | 'overrides'>, field: Field, refId: string): FieldConfig {
  const holding = panel.overrides.filter((override) => applies(override, field, refId)).map(({ config }) => config);
  if (holding.length === 0) return panel.defaults;
  const draw = Object.assign({}, panel.defaults.draw, ...holding.map((config) => config.draw));
  return Object.assign({}, panel.defaults, ...holding, { draw });
}

function applies({ matcher }: FieldOverride, field: Field, refId: string): boolean {
  switch (matcher.kind) {
    case 'name':
      return matcher.name === fieldName(field) || matcher.name === field.name;
    case 'names':
      return matcher.names.has(fieldName(field)) === matcher.among;
    case 'pattern':
      matcher.pattern.lastIndex = 0;
      return matcher.pattern.test(fieldName(field));
    case 'type':
      return matcher.type === (field.kind === 'text' ? 'string' : field.kind);
    case 'query':
      return matcher.refId === refId;
  }
}

/** A value as the field shows it: mapped, or with its unit; the colour by mapping or threshold. */
export function presentValue(value: Value, config: FieldConfig): PresentedValue {
  const mapped = mappingOf(value, config);
  const color = mapped?.color === undefined ? colorOf(value, config) : cssColor(mapped.color);
  if (mapped?.text !== undefined) return { text: mapped.text, color };
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) {
    return { text: config.noValue ?? UNKNOWN, color: mapped?.color === undefined ? undefined : color };
  }
  return { text: typeof value === 'string' ? value : formatUnit(value, config.unit, config.decimals), color };
}

function mappingOf(value: Value, { mappings = [] }: FieldConfig): MappingResult | undefined {
  for (const mapping of mappings) {
    switch (mapping.kind) {
      case 'value': {
        const result = value === null ? mapping.results.get('null') : mapping.results.get(String(value));
        if (result !== undefined) return result;
        break;
      }
      case 'range':
        if (typeof value === 'number' && value >= mapping.from && value <= mapping.to) return mapping.result;
        break;
      case 'regex':
        mapping.pattern.lastIndex = 0;
        if (typeof value === 'string' && mapping.pattern.test(value)) return mapping.result;
        break;
      case 'special':
        if (isSpecial(value, mapping.match)) return mapping.result;
        break;
    }
  }
  return undefined;
}

function isSpecial(value: Value, match: string): boolean {
  const nan = typeof value === 'number' && Number.isNaN(value);
  switch (match) {
    case 'null':
      return value === null;
    case 'nan':
      return nan;
    case 'null+nan':
      return value === null || nan;
    case 'empty':
      return value === '';
    default:
      return value === match;
  }
}

/** The colour of the field's mode; `undefined` for palettes, where the series has the colour and not the value. */
function colorOf(value: Value, config: FieldConfig): string | undefined {
  const mode = config.color?.mode ?? 'thresholds';
  if (mode === 'fixed' || mode === 'shades') return cssColor(config.color?.fixedColor ?? '');
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
  if (mode === 'thresholds') return cssColor(thresholdColor(value, config));
  if (mode.startsWith('continuous-')) {
    const share = shareOf(value, config.min ?? 0, config.max ?? Math.max(value, 1));
    return `color-mix(in oklab, var(--bad) ${Math.round(share * 100)}%, var(--good))`;
  }
  return undefined;
}

/** The colour of the step in which a value lies. */
export function thresholdColor(value: number, config: FieldConfig): string {
  const { mode, steps } = config.thresholds ?? DEFAULT_THRESHOLDS;
  const placed = mode === 'percentage' ? shareOf(value, config.min ?? 0, config.max ?? 100) * 100 : value;
  return steps.findLast(({ from }) => placed >= from)?.color ?? steps[0]?.color ?? 'green';
}

/** Where a value lies between two ends: 0 to 1. */
export function shareOf(value: number, min: number, max: number): number {
  if (!(max > min)) return value >= max ? 1 : 0;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** What a field is called on the panel; `several` fields tell each other apart by their labels. */
export function displayName(field: Field, config: FieldConfig): string {
  const own = config.displayName;
  if (own === undefined) return fieldName(field);
  return own.replace(/\$\{__(field|series)\.(?:name|labels\.(\w+))\}/g, (_, of: string, label?: string) => {
    if (label !== undefined) return field.labels[label] ?? '';
    return of === 'field' ? field.name : fieldName(field);
  });
}
