import type { ExpositionFormat } from './exposition.js';
import { ExpositionError } from './exposition.js';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** A value as Go writes floats, without its hexadecimal forms: both formats refuse those. */
export function readFloat(word: string): number {
  if (DECIMAL.test(word)) return Number(word);
  switch (word.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      throw new ExpositionError(`expected a number, found ${JSON.stringify(word.slice(0, 40))}`);
  }
}

/** Milliseconds: an integer of them in the classic format, a decimal number of seconds in OpenMetrics. */
export function readTimestampMs(word: string, format: ExpositionFormat): number {
  const valid = format === 'openmetrics' ? DECIMAL.test(word) : INTEGER.test(word);
  const value = valid ? Number(word) : Number.NaN;
  if (!Number.isFinite(value))
    throw new ExpositionError(`expected a timestamp, found ${JSON.stringify(word.slice(0, 40))}`);
  return format === 'openmetrics' ? value * 1000 : value;
}
