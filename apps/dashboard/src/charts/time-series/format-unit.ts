import { UNKNOWN } from '../../format/format.js';

const NARROW = '\u202f';

/** A value is divided by the factor and stands before the suffix. */
interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const DECIMAL = scales(1000, ['', 'k', 'M', 'G', 'T', 'P']);
const BINARY = scales(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
const TIME: readonly Scale[] = [
  { factor: 1e-9, suffix: 'ns' },
  { factor: 1e-6, suffix: 'µs' },
  { factor: 1e-3, suffix: 'ms' },
  { factor: 1, suffix: 's' },
  { factor: 60, suffix: 'min' },
  { factor: 3600, suffix: 'h' },
  { factor: 86_400, suffix: 'd' },
];

interface Unit {
  readonly scales: readonly Scale[];
  /** What values are multiplied by first. */
  readonly by?: number;
  readonly before?: string;
  readonly after?: string;
}

const SHORT: Unit = { scales: DECIMAL };
const UNITS: Readonly<Record<string, Unit>> = {
  short: SHORT,
  bytes: { scales: BINARY },
  'bytes/s': { scales: BINARY, after: '/s' },
  seconds: { scales: TIME },
  ms: { scales: TIME, by: 1e-3 },
  percent: { scales: [{ factor: 1, suffix: '%' }] },
  percentunit: { scales: [{ factor: 1, suffix: '%' }], by: 100 },
  usd: { scales: DECIMAL, before: '$' },
};

/** Distances of ticks that are round in the unit; `undefined` where powers of ten are. */
export function tickSteps(unit: string): number[] | undefined {
  if (unit === 'bytes' || unit === 'bytes/s') return Array.from({ length: 60 }, (_, i) => 2 ** i);
  if (unit === 'seconds') return TIME_STEPS;
  if (unit === 'ms') return TIME_STEPS.map((step) => step * 1000);
  return undefined;
}

const TIME_STEPS = [
  ...Array.from({ length: 9 }, (_, i) => [1, 2, 2.5, 5].map((n) => n * 10 ** (i - 9))).flat(),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400],
  ...[2, 5, 10, 20, 50, 100, 200, 500, 1000].map((days) => days * 86_400),
];

/** A value as people read it: `1.23k`, `20 MiB`, `350 ms`, `12.5 %`. With `decimals` that many digits stand after the point. */
export function formatUnit(value: number | null | undefined, unit = 'short', decimals?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const { by = 1, ...kind } = toUnit(unit);
  const scale = scaleOf(Math.abs(value * by), kind.scales);
  const scaled = (value * by) / scale.factor;
  const number = decimals === undefined ? threeDigits(scaled) : scaled.toFixed(Math.min(decimals, 20));
  return write(number, scale, kind);
}

/** Ticks of an axis: one scale for all of them, and as many digits as tell them apart. */
export function formatTicks(values: readonly number[], unit = 'short', decimals?: number): string[] {
  const { by = 1, ...kind } = toUnit(unit);
  const largest = Math.max(0, ...values.map((value) => Math.abs(value * by)));
  const scale = scaleOf(largest, kind.scales);
  const step = ((values[1] ?? 0) - (values[0] ?? 0)) * (by / scale.factor);
  const digits = decimals ?? digitsOf(step);
  return values.map((value) =>
    value === 0
      ? write('0', withoutLetter(scale), kind)
      : write(((value * by) / scale.factor).toFixed(digits), scale, kind),
  );
}

function toUnit(unit: string): Unit {
  return Object.hasOwn(UNITS, unit)
    ? (UNITS[unit] as Unit)
    : { scales: DECIMAL, ...(unit !== '' && { after: `${NARROW}${unit}` }) };
}

function scales(base: number, suffixes: readonly string[]): readonly Scale[] {
  return suffixes.map((suffix, i) => ({ factor: base ** i, suffix }));
}

/** The largest that leaves a 1 before the point, with what rounds up to it; the smallest for 0. */
function scaleOf(size: number, all: readonly Scale[]): Scale {
  const first = all.find(({ factor }) => factor >= 1) ?? { factor: 1, suffix: '' };
  if (size === 0) return first;
  return all.findLast(({ factor }) => size >= factor * 0.9995) ?? (all[0] as Scale);
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  const rounded = Number(value.toPrecision(3));
  return size !== 0 && size < 1e-4 ? rounded.toExponential() : String(rounded);
}

/** Digits after the point that a step has, at most 8. */
function digitsOf(step: number): number {
  const size = Math.abs(step);
  for (let digits = 0; digits < 8; digits += 1) {
    const shifted = size * 10 ** digits;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.max(1, shifted)) return digits;
  }
  return 8;
}

/** Letters that stand for thousands belong to the number; units of their own stand apart. */
function isLetter({ suffix }: Scale): boolean {
  return suffix.length === 1 && !/[Bshd%]/.test(suffix);
}

function withoutLetter(scale: Scale): Scale {
  return isLetter(scale) ? { ...scale, suffix: '' } : scale;
}

function write(number: string, scale: Scale, { before = '', after = '' }: Unit): string {
  const apart = isLetter(scale) ? '' : NARROW;
  const sign = number.startsWith('-') && before !== '' ? '-' : '';
  return `${sign}${before}${sign === '' ? number : number.slice(1)}${scale.suffix === '' ? '' : apart + scale.suffix}${after}`;
}
