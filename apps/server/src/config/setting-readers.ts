import { readOverrides } from '../pricing/price-file.js';

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
