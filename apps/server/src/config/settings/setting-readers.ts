import { readOverrides } from '../../pricing/price-file.js';

/** Outcome of reading one value: the typed value, or what it should have been. */
export type SettingValue =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'invalid'; readonly expected: string };

/** Reads a value from outside: text from a variable or flag, anything from a file. */
export type SettingReader = (raw: unknown) => SettingValue;

const SHORTEST_KEY = 8;

export const readText: SettingReader = (raw) =>
  typeof raw === 'string' && raw.trim() !== '' ? value(raw.trim()) : invalid('a text');

export const readPort: SettingReader = (raw) => readInteger(0, 65_535)(raw);

export const readPortOrOff: SettingReader = (raw) => {
  // YAML 1.1 habits: `port: off` arrives as false from some writers.
  if (raw === 'off' || raw === false) return value('off');
  return readPort(raw).kind === 'value' ? readPort(raw) : invalid('an integer from 0 to 65535, or off');
};

export const readSwitch: SettingReader = (raw) => {
  if (typeof raw === 'boolean') return value(raw);
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
  if (['true', 'on', '1'].includes(word)) return value(true);
  return ['false', 'off', '0'].includes(word) ? value(false) : invalid('true or false');
};

export function readInteger(min: number, max: number): SettingReader {
  return (raw) => {
    const number = typeof raw === 'string' && /^\d{1,9}$/.test(raw.trim()) ? Number(raw) : raw;
    return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
      ? value(number)
      : invalid(`an integer from ${min} to ${max}`);
  };
}

export function readOneOf(words: readonly string[]): SettingReader {
  return (raw) => {
    const word = raw === false ? 'off' : raw;
    return typeof word === 'string' && words.includes(word) ? value(word) : invalid(`one of ${words.join(', ')}`);
  };
}

export const readHosts: SettingReader = (raw) => {
  const hosts = toList(raw)?.map((host) => host.toLowerCase());
  return hosts?.every((host) => /^[a-z0-9._:[\]-]+$/.test(host))
    ? value(hosts)
    : invalid('host names without scheme, port or path, with commas between them');
};

/** Names in lower case. */
export const readTexts: SettingReader = (raw) => {
  const texts = toList(raw)?.map((text) => text.toLowerCase());
  return texts === undefined ? invalid('texts with commas between them') : value(texts);
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Windows of a minute to a day; an age leaves what is recent whole. */
const WINDOW_MS = { min: 60_000, max: 86_400_000 };
const MIN_AGE_MS = 3 * 3_600_000;

/** Tiers of samples, `7d:5m,30d:1h`: of older ones larger windows, each a multiple of the one before. `off` is none. */
export const readTiers: SettingReader = (raw) => {
  const texts = raw === 'off' || raw === false ? [] : toList(raw);
  const tiers = texts?.map((text) => {
    const [age, window, ...more] = text.split(':').map(toMs);
    return { ageMs: age ?? Number.NaN, windowMs: window ?? Number.NaN, more: more.length };
  });
  const isValid = tiers?.every(({ ageMs, windowMs, more }, i) => {
    const before = tiers[i - 1];
    return (
      more === 0 &&
      ageMs >= MIN_AGE_MS &&
      windowMs >= WINDOW_MS.min &&
      windowMs <= WINDOW_MS.max &&
      (before === undefined || (ageMs > before.ageMs && windowMs > before.windowMs && windowMs % before.windowMs === 0))
    );
  });
  return isValid && tiers !== undefined
    ? value(tiers.map(({ ageMs, windowMs }) => ({ ageMs, windowMs })))
    : invalid(
        'off, or ages of 3h and more, each with a window of 1m to 1d, such as 7d:5m,30d:1h; both grow, and each window is a multiple of the one before',
      );
};

function toMs(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  return count === undefined || unit === undefined ? Number.NaN : Number(count) * (UNIT_MS[unit] ?? Number.NaN);
}

/** Prices by `provider/model`, or the file they stand in, which is read now: a fault in it stops the start. */
export const readPriceOverrides: SettingReader = (raw) => {
  try {
    return value(readOverrides(raw));
  } catch (error) {
    return invalid(`prices by provider/model, or a file of them (${error instanceof Error ? error.message : error})`);
  }
};

export const readSecrets: SettingReader = (raw) => {
  const keys = toList(raw);
  return keys?.every((key) => key.length >= SHORTEST_KEY)
    ? value(keys)
    : invalid(`keys of at least ${SHORTEST_KEY} characters, with commas between them`);
};

function toList(raw: unknown): readonly string[] | undefined {
  const parts = typeof raw === 'string' ? raw.split(',') : raw;
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return undefined;
  return parts.map((part: string) => part.trim()).filter((part) => part !== '');
}

function value(typed: unknown): SettingValue {
  return { kind: 'value', value: typed };
}

function invalid(expected: string): SettingValue {
  return { kind: 'invalid', expected };
}
