import { formatDuration } from '../format/format.js';

const NARROW = '\u202f';

/** A figure and its unit. */
type Format = (value: number, decimals: number | undefined) => string;

const rounded = (value: number, decimals: number | undefined): string => {
  if (decimals !== undefined) return value.toFixed(decimals);
  const size = Math.abs(value);
  // Three digits that count, and never an exponent for what people count.
  if (size >= 1000 || size === 0) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
};

const scaled =
  (base: number, units: readonly string[], suffix: string, space = true): Format =>
  (value, decimals) => {
    let [size, index] = [Math.abs(value), 0];
    while (size >= base * 0.9995 && index < units.length - 1) {
      size /= base;
      index += 1;
    }
    const unit = `${units[index] ?? ''}${suffix}`;
    return `${rounded(Math.sign(value) * size, decimals)}${unit === '' ? '' : `${space ? NARROW : ''}${unit}`}`;
  };

const SI = ['', 'k', 'M', 'G', 'T', 'P'];
const IEC = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const suffixed =
  (suffix: string, space = true): Format =>
  (value, decimals) =>
    `${rounded(value, decimals)}${space ? NARROW : ''}${suffix}`;
const duration =
  (unitMs: number): Format =>
  (value, decimals) => {
    const ms = value * unitMs;
    if (decimals !== undefined && Math.abs(ms) >= 1000 && Math.abs(ms) < 60_000) {
      return `${(ms / 1000).toFixed(decimals)}${NARROW}s`;
    }
    const size = Math.abs(ms);
    if (size > 0 && size < 0.01) return `${rounded(ms * 1e6, decimals)}${NARROW}ns`;
    return formatDuration(ms);
  };
const rate = (suffix: string): Format => scaled(1000, SI, suffix);
const money =
  (sign: string): Format =>
  (value, decimals) => {
    const size = Math.abs(value);
    const minus = value < 0 ? '-' : '';
    if (size >= 10_000) return `${minus}${sign}${scaled(1000, SI, '', false)(size, undefined)}`;
    // Fractions of a cent are what a call costs: they are not rounded to nothing.
    const digits = decimals !== undefined && (size === 0 || size >= 0.5 * 10 ** -decimals) ? decimals : undefined;
    return `${minus}${sign}${digits === undefined ? Number(size.toPrecision(3)) : size.toFixed(digits)}`;
  };
const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const timestamp: Format = (value) => {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : dateTime.format(date);
};

const FORMATS: Readonly<Record<string, Format>> = {
  none: (value, decimals) => rounded(value, decimals),
  short: (value, decimals) =>
    Math.abs(value) < 1000
      ? rounded(value, decimals)
      : scaled(1000, SI, '', false)(value, decimals === 0 ? 1 : decimals),
  sishort: scaled(1000, SI, '', false),
  percent: suffixed('%'),
  percentunit: (value, decimals) => `${rounded(value * 100, decimals)}${NARROW}%`,
  s: duration(1000),
  ms: duration(1),
  µs: duration(0.001),
  us: duration(0.001),
  ns: duration(0.000_001),
  m: duration(60_000),
  h: duration(3_600_000),
  d: duration(86_400_000),
  dtdurations: duration(1000),
  dtdurationms: duration(1),
  clocks: duration(1000),
  clockms: duration(1),
  bytes: scaled(1024, IEC, 'B'),
  kbytes: (value, decimals) => scaled(1024, IEC, 'B')(value * 1024, decimals),
  mbytes: (value, decimals) => scaled(1024, IEC, 'B')(value * 1024 ** 2, decimals),
  gbytes: (value, decimals) => scaled(1024, IEC, 'B')(value * 1024 ** 3, decimals),
  decbytes: scaled(1000, SI, 'B'),
  deckbytes: (value, decimals) => scaled(1000, SI, 'B')(value * 1000, decimals),
  decmbytes: (value, decimals) => scaled(1000, SI, 'B')(value * 1e6, decimals),
  bits: scaled(1024, IEC, 'b'),
  decbits: scaled(1000, SI, 'b'),
  binBps: scaled(1024, IEC, 'B/s'),
  Bps: scaled(1000, SI, 'B/s'),
  bps: scaled(1000, SI, 'b/s'),
  binbps: scaled(1024, IEC, 'b/s'),
  pps: rate('p/s'),
  reqps: rate('req/s'),
  rps: rate('reads/s'),
  wps: rate('writes/s'),
  iops: rate('io/s'),
  ops: rate('ops/s'),
  cps: rate('/s'),
  eps: rate('events/s'),
  mps: rate('msg/s'),
  recps: rate('rec/s'),
  rowsps: rate('rows/s'),
  cpm: rate('/min'),
  opm: rate('ops/min'),
  reqpm: rate('req/min'),
  hertz: scaled(1000, SI, 'Hz'),
  celsius: suffixed('°C'),
  fahrenheit: suffixed('°F'),
  watt: scaled(1000, SI, 'W'),
  volt: scaled(1000, SI, 'V'),
  amp: scaled(1000, SI, 'A'),
  joule: scaled(1000, SI, 'J'),
  currencyUSD: money('$'),
  currencyEUR: money('€'),
  currencyGBP: money('£'),
  currencyJPY: money('¥'),
  dateTimeAsIso: timestamp,
  dateTimeAsLocal: timestamp,
  dateTimeFromNow: timestamp,
  locale: (value, decimals) => value.toLocaleString('en-US', { maximumFractionDigits: decimals ?? 2 }),
  hex: (value) => Math.round(value).toString(16).toUpperCase(),
  hex0x: (value) => `0x${Math.round(value).toString(16).toUpperCase()}`,
  sci: (value, decimals) => value.toExponential(decimals ?? 2),
  bool: (value) => (value === 0 ? 'False' : 'True'),
  bool_yes_no: (value) => (value === 0 ? 'No' : 'Yes'),
  bool_on_off: (value) => (value === 0 ? 'Off' : 'On'),
};

/** A value in a unit of Grafana's. A unit that is not known stands behind the figure, as Grafana does with users' own. */
export function formatUnit(value: number, unit = 'none', decimals?: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.hasOwn(FORMATS, unit)) return FORMATS[unit]?.(value, decimals) ?? String(value);
  const [, kind, text = ''] = /^(prefix|suffix|si|time|currency|count|bool):(.*)$/s.exec(unit) ?? [];
  switch (kind) {
    case 'prefix':
      return `${text}${rounded(value, decimals)}`;
    case 'si':
      return scaled(1000, SI, text)(value, decimals);
    case 'currency':
      return money(text)(value, decimals);
    case 'suffix':
    case 'count':
      return suffixed(text)(value, decimals);
    case 'time':
      return timestamp(value, decimals);
    case 'bool':
      return text.split('/')[value === 0 ? 1 : 0] ?? String(value);
    default:
      return suffixed(unit.slice(0, 30))(value, decimals);
  }
}

/** Units that an editor offers; any other may be typed. */
export const OFFERED_UNITS: readonly (readonly [unit: string, label: string])[] = [
  ['none', 'Number'],
  ['short', 'Short number'],
  ['percent', 'Percent (0–100)'],
  ['percentunit', 'Percent (0–1)'],
  ['s', 'Seconds'],
  ['ms', 'Milliseconds'],
  ['bytes', 'Bytes'],
  ['binBps', 'Bytes a second'],
  ['reqps', 'Requests a second'],
  ['ops', 'Operations a second'],
  ['currencyUSD', 'US dollars'],
];
