import type { PriceEntry, PriceList } from './price-list.js';
import { PRICE_LIST_FORMAT, SERVICE_TIERS, TOKEN_RATES, UNIT_RATES } from './price-list.js';

/** A file that is no price list: what is wrong and where. */
export class PriceListError extends Error {
  override readonly name = 'PriceListError';
}

/** Dearer than anything sold: a price for one token where one for a million is meant, or the reverse, is found by it. */
const MAX_RATE = 1_000_000;
const MAX_MODELS = 50_000;
const MAX_KEY = 300;
const MAX_ENTRIES = 200;
const MAX_QUALITY = 40;
const SIZE = /^\d{1,5}x\d{1,5}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a price list in our own format. Every member is checked; throws {@link PriceListError} at the first fault. */
export function parsePriceList(raw: unknown): PriceList {
  const list = record(raw, 'the price list');
  if (list.format !== PRICE_LIST_FORMAT) fail(`format must be "${PRICE_LIST_FORMAT}"`);
  if (!isDay(list.date)) fail('date must be a day such as 2026-08-14');
  if (list.source !== undefined && typeof list.source !== 'string') fail('source must be a text');
  return {
    format: PRICE_LIST_FORMAT,
    date: list.date as string,
    ...(list.source === undefined ? {} : { source: list.source as string }),
    models: parseModels(list.models),
  };
}

/** Reads the `models` of a price list alone, as `prices.overrides` gives them. Throws {@link PriceListError}. */
export function parseModels(raw: unknown): PriceList['models'] {
  const models = record(raw, 'models');
  const keys = Object.keys(models);
  if (keys.length > MAX_MODELS) fail(`models has ${keys.length} members, more than ${MAX_MODELS}`);
  const parsed: { [key: string]: PriceEntry | readonly PriceEntry[] } = Object.create(null);
  for (const key of keys) {
    const where = `models[${JSON.stringify(key.slice(0, MAX_KEY))}]`;
    if (key.length > MAX_KEY || !/^[^/\s]+\/\S/.test(key)) fail(`${where}: the key must be provider/model`);
    const value = models[key];
    if (Array.isArray(value)) parsed[key.toLowerCase()] = parseHistory(value, where);
    else parsed[key.toLowerCase()] = parseEntry(value, where);
  }
  return parsed;
}

function parseHistory(raw: readonly unknown[], where: string): readonly PriceEntry[] {
  if (raw.length === 0 || raw.length > MAX_ENTRIES) fail(`${where} must have 1 to ${MAX_ENTRIES} entries`);
  const entries = raw.map((entry, i) => parseEntry(entry, `${where}[${i}]`));
  for (const [i, { validFrom = '' }] of entries.entries()) {
    if (i > 0 && validFrom <= (entries[i - 1]?.validFrom ?? ''))
      fail(`${where}[${i}].validFrom must be after the one before`);
  }
  return entries;
}

function parseEntry(raw: unknown, where: string): PriceEntry {
  const entry = record(raw, where);
  const rates = [...TOKEN_RATES, ...UNIT_RATES] as readonly string[];
  checkRates(entry, rates, ['validFrom', 'images', 'tiers', 'service'], where);
  if (entry.images !== undefined) checkImages(entry.images, where);
  const priced = rates.some((name) => entry[name] !== undefined) || entry.images !== undefined;
  if (!priced && entry.tiers === undefined) fail(`${where} has no price`);
  if (entry.validFrom !== undefined && !isDay(entry.validFrom)) fail(`${where}.validFrom must be a day`);
  if (entry.tiers !== undefined) checkTiers(entry.tiers, where);
  if (entry.service !== undefined) {
    const service = record(entry.service, `${where}.service`);
    for (const [tier, value] of Object.entries(service)) {
      const at = `${where}.service.${tier}`;
      if (!(SERVICE_TIERS as readonly string[]).includes(tier)) fail(`${at}: there is no such tier`);
      const tierRates = record(value, at);
      checkRates(tierRates, TOKEN_RATES, ['tiers'], at);
      if (tierRates.tiers !== undefined) checkTiers(tierRates.tiers, at);
    }
  }
  return entry as PriceEntry;
}

function checkImages(raw: unknown, where: string): void {
  if (!Array.isArray(raw) || raw.length === 0 || raw.length > MAX_ENTRIES) {
    fail(`${where}.images must have 1 to ${MAX_ENTRIES} entries`);
  }
  for (const [i, value] of (raw as readonly unknown[]).entries()) {
    const at = `${where}.images[${i}]`;
    const image = record(value, at);
    checkRates(image, ['usd'], ['size', 'quality'], at);
    const { size, quality, usd } = image;
    if (typeof size !== 'string' || !SIZE.test(size)) fail(`${at}.size must be such as 1024x1024`);
    if (usd === undefined) fail(`${at} has no price`);
    if (quality !== undefined && (typeof quality !== 'string' || quality === '' || quality.length > MAX_QUALITY)) {
      fail(`${at}.quality must be a short text`);
    }
  }
}

function checkTiers(raw: unknown, where: string): void {
  if (!Array.isArray(raw) || raw.length > MAX_ENTRIES) fail(`${where}.tiers must be a list`);
  let before = 0;
  for (const [i, value] of (raw as readonly unknown[]).entries()) {
    const at = `${where}.tiers[${i}]`;
    const tier = record(value, at);
    checkRates(tier, TOKEN_RATES, ['above'], at);
    const { above } = tier;
    if (typeof above !== 'number' || !Number.isInteger(above) || above <= before) fail(`${at}.above must ascend`);
    before = above as number;
  }
}

function checkRates(
  node: Readonly<Record<string, unknown>>,
  rates: readonly string[],
  others: readonly string[],
  where: string,
): void {
  for (const [name, value] of Object.entries(node)) {
    if (others.includes(name)) continue;
    if (!rates.includes(name)) fail(`${where}.${name.slice(0, 60)}: there is no such price`);
    if (typeof value !== 'number' || !(value >= 0 && value <= MAX_RATE)) {
      fail(`${where}.${name} must be a number from 0 to ${MAX_RATE}`);
    }
  }
}

function record(raw: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) fail(`${where} must be an object`);
  return raw as Record<string, unknown>;
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

function fail(message: string): never {
  throw new PriceListError(message);
}
