import type { AttributeValue } from '@vedetta/model';
import type { Metric } from './point.js';

const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    d: 'days',
    h: 'hours',
    min: 'minutes',
    s: 'seconds',
    ms: 'milliseconds',
    us: 'microseconds',
    ns: 'nanoseconds',
    By: 'bytes',
    KiBy: 'kibibytes',
    MiBy: 'mebibytes',
    GiBy: 'gibibytes',
    TiBy: 'tibibytes',
    KBy: 'kilobytes',
    MBy: 'megabytes',
    GBy: 'gigabytes',
    TBy: 'terabytes',
    m: 'meters',
    V: 'volts',
    A: 'amperes',
    J: 'joules',
    W: 'watts',
    g: 'grams',
    Cel: 'celsius',
    Hz: 'hertz',
    '1': '',
    '%': 'percent',
  }),
);
const PER_UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({ s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month', y: 'year' }),
);

/**
 * The name of a metric in Prometheus: dots and all else that is no letter, digit or colon become underscores, the unit and `_total` are
 * appended where they are not there yet. Prometheus' strategy `UnderscoreEscapingWithSuffixes`. `''` when nothing is left.
 */
export function metricName({
  name,
  unit,
  kind,
  monotonic,
}: Pick<Metric, 'name' | 'unit' | 'kind' | 'monotonic'>): string {
  let tokens = tokensOf(name);
  if (tokens.length === 0) return '';
  const [main = '', ...rest] = unit.trim().split('/');
  const per = rest.join('/').trim();
  appendMissing(tokens, suffixOf(main.trim(), UNITS));
  const perUnit = suffixOf(per, PER_UNITS);
  if (perUnit.length > 0) {
    const missing = perUnit.filter((token) => !tokens.includes(token));
    if (missing.length > 0) tokens.push('per', ...missing);
  }
  if (kind === 'sum' && monotonic) tokens = [...tokens.filter((token) => token !== 'total'), 'total'];
  if (kind === 'gauge' && unit.trim() === '1') tokens = [...tokens.filter((token) => token !== 'ratio'), 'ratio'];
  const joined = tokens.join('_');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

/** The unit as `/metadata` tells it: the words that the name ends with. */
export function unitWord(unit: string): string {
  return unit.includes('/') ? '' : suffixOf(unit.trim(), UNITS).join('_');
}

/** An attribute's key as a label; never one of the reserved names that begin with underscores. */
export function labelName(key: string): string {
  const clean = key.replace(/[^a-zA-Z0-9_]/gu, '_');
  if (/^\d/.test(clean)) return `key_${clean}`;
  return clean.startsWith('_') ? `key${clean}` : clean;
}

/** An attribute's value as a label. */
export function labelValue(value: AttributeValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function suffixOf(unit: string, known: ReadonlyMap<string, string>): string[] {
  if (unit === '' || /[{}]/.test(unit)) return [];
  return tokensOf(known.get(unit) ?? unit);
}

function appendMissing(tokens: string[], suffix: readonly string[]): void {
  if (suffix.length > 0 && !suffix.every((token) => tokens.includes(token))) tokens.push(...suffix);
}

function tokensOf(text: string): string[] {
  return text.split(/[^a-zA-Z0-9:]+/).filter((token) => token !== '');
}
