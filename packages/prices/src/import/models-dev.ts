import type { PriceEntry, PriceList, Tier, TokenRates } from '../price-list.js';
import { PRICE_LIST_FORMAT } from '../price-list.js';
import { toProviderKey } from '../provider-key.js';

type Raw = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TOKENS: readonly (readonly [keyof TokenRates, string])[] = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'cache_read'],
  ['cacheWrite', 'cache_write'],
  ['reasoning', 'reasoning'],
  ['audioInput', 'input_audio'],
  ['audioOutput', 'output_audio'],
];
const LONG = 200_000;

/** Whether a file looks like models.dev's `api.json`. */
export function isModelsDev(raw: unknown): boolean {
  return Object.values(providersOf(raw)).some(
    (provider) => typeof provider === 'object' && provider !== null && 'models' in provider && 'env' in provider,
  );
}

/** Turns models.dev's table (USD for a million tokens) into a price list. Models that are 0 throughout are left out. */
export function fromModelsDev(raw: unknown, date: string): PriceList {
  const models: { [key: string]: PriceEntry } = Object.create(null);
  for (const [name, provider] of Object.entries(providersOf(raw))) {
    for (const [model, value] of Object.entries(((provider as Raw | null)?.models ?? {}) as Raw)) {
      const cost = (value as Raw | null)?.cost as Raw | undefined;
      const entry = cost === undefined ? undefined : toEntry(cost);
      if (entry !== undefined) models[`${toProviderKey(name)}/${model.toLowerCase()}`] ??= entry;
    }
  }
  return { format: PRICE_LIST_FORMAT, date, source: 'models.dev api.json (MIT)', models };
}

function toEntry(cost: Raw): PriceEntry | undefined {
  const entry: Mutable<PriceEntry> = ratesOf(cost);
  if (!Object.values(entry).some((value) => (value as number) > 0)) return undefined;
  const tiers: Tier[] = [];
  const long = cost.context_over_200k;
  if (typeof long === 'object' && long !== null) tiers.push({ above: LONG, ...ratesOf(long as Raw) });
  for (const tier of Array.isArray(cost.tiers) ? (cost.tiers as readonly Raw[]) : []) {
    const above = (tier.tier as Raw | undefined)?.size;
    if (typeof above === 'number' && above > (tiers.at(-1)?.above ?? 0)) tiers.push({ above, ...ratesOf(tier) });
  }
  return tiers.length === 0 ? entry : { ...entry, tiers };
}

function ratesOf(cost: Raw): Mutable<TokenRates> {
  const rates: Mutable<TokenRates> = {};
  for (const [name, source] of TOKENS) {
    const value = cost[source];
    // 0 for a cache that is not written to means that nothing is known of its price.
    if (typeof value !== 'number' || !(value >= 0) || (value === 0 && source.startsWith('cache'))) continue;
    rates[name] = value;
  }
  return rates;
}

function providersOf(raw: unknown): Raw {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return {};
  const { providers } = raw as Raw;
  return (typeof providers === 'object' && providers !== null ? providers : raw) as Raw;
}
