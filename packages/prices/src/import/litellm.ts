import type { PriceEntry, PriceList, ServiceRates, Tier, TokenRates } from '../price-list.js';
import { PRICE_LIST_FORMAT, SERVICE_TIERS } from '../price-list.js';
import { toProviderKey } from '../provider-key.js';
import type { SizedImage } from './litellm-units.js';
import { toImagePrices, toSizedImage, unitRates } from './litellm-units.js';

type Raw = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const MILLION = 1_000_000;
/** Names of LiteLLM's prices for a token. */
const TOKENS: readonly (readonly [keyof TokenRates, readonly string[]])[] = [
  ['input', ['input_cost_per_token']],
  ['output', ['output_cost_per_token']],
  ['cacheRead', ['cache_read_input_token_cost', 'input_cost_per_token_cache_hit']],
  ['cacheWrite', ['cache_creation_input_token_cost']],
  ['cacheWrite1h', ['cache_creation_input_token_cost_above_1hr']],
  ['reasoning', ['output_cost_per_reasoning_token']],
  ['audioInput', ['input_cost_per_audio_token']],
  ['audioOutput', ['output_cost_per_audio_token']],
  ['imageInput', ['input_cost_per_image_token']],
  ['imageOutput', ['output_cost_per_image_token']],
];
const STEP = /_above_(\d+)k_tokens/;
/** Provisioned throughput, and pictures by the steps they are made in: nothing that a call says. */
const NO_MODEL = /commitment\/|-steps\//;
const SUFFIX = { batch: '_batches', flex: '_flex', priority: '_priority' } as const;

/** Whether a file looks like LiteLLM's `model_prices_and_context_window.json`. */
export function isLiteLlm(raw: unknown): boolean {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return false;
  return Object.values(raw).some((entry) => typeof entry === 'object' && entry !== null && 'litellm_provider' in entry);
}

/** Turns LiteLLM's table (USD for a token) into a price list. Entries without a price, and those that are 0 throughout, are left out. */
export function fromLiteLlm(raw: unknown, date: string): PriceList {
  const models: { [key: string]: PriceEntry } = Object.create(null);
  const sized = new Map<string, readonly SizedImage[]>();
  for (const [name, value] of Object.entries(raw as Raw)) {
    if (name === 'sample_spec' || typeof value !== 'object' || value === null || NO_MODEL.test(name)) continue;
    const provider = (value as Raw).litellm_provider;
    if (typeof provider !== 'string') continue;
    const image = toSizedImage(name, value as Raw);
    if (image !== undefined) {
      const key = toKey(provider, image.model);
      sized.set(key, [...(sized.get(key) ?? []), image]);
      continue;
    }
    const entry = toEntry(value as Raw);
    if (entry === undefined) continue;
    const key = toKey(provider, name);
    // The same model stands there twice where two of its APIs do: the fuller entry is kept.
    if (models[key] === undefined || JSON.stringify(models[key]).length < JSON.stringify(entry).length)
      models[key] = entry;
  }
  for (const [key, images] of sized) {
    const base = models[key] ?? {};
    const prices = toImagePrices(images, base.perImageOutput);
    if (prices.length > 0) models[key] = { ...base, images: prices };
  }
  return { format: PRICE_LIST_FORMAT, date, source: 'LiteLLM model_prices_and_context_window.json (MIT)', models };
}

function toKey(provider: string, name: string): string {
  const key = toProviderKey(provider);
  const lower = name.toLowerCase();
  const prefix = ['vertex_ai/', 'bedrock/', `${provider}/`, `${key}/`].find((start) => lower.startsWith(start));
  return `${key}/${prefix === undefined ? lower : lower.slice(prefix.length)}`;
}

function toEntry(raw: Raw): PriceEntry | undefined {
  const entry: Mutable<PriceEntry> & Record<string, unknown> = { ...ratesWith(raw, ''), ...unitRates(raw) };
  const search = raw.search_context_cost_per_query as Raw | undefined;
  const perSearch = price(search?.search_context_size_medium);
  if (perSearch !== undefined) entry.perWebSearch = perSearch;
  if (!Object.values(entry).some((value) => (value as number) > 0)) {
    // A price of 0 says that nobody looked it up, but for what is known to be free.
    if (raw.mode === 'moderation' && raw.litellm_provider === 'openai' && entry.input === 0)
      return { input: 0, output: 0 };
    if (!Array.isArray(raw.tiered_pricing)) return undefined;
  }
  const tiers = Array.isArray(raw.tiered_pricing) ? rangesOf(raw.tiered_pricing, entry) : stepsOf(raw, '');
  if (tiers.length > 0) entry.tiers = tiers;
  const service: { [tier: string]: ServiceRates } = {};
  for (const tier of SERVICE_TIERS) {
    const rates = ratesWith(raw, SUFFIX[tier]);
    const steps = stepsOf(raw, SUFFIX[tier]);
    if (Object.keys(rates).length > 0) service[tier] = steps.length === 0 ? rates : { ...rates, tiers: steps };
  }
  if (Object.keys(service).length > 0) entry.service = service;
  return Object.keys(entry).length === 0 ? undefined : entry;
}

function ratesWith(raw: Raw, suffix: string): Mutable<TokenRates> {
  const rates: Mutable<TokenRates> = {};
  for (const [name, sources] of TOKENS) {
    const value = sources.map((source) => price(raw[source + suffix])).find((found) => found !== undefined);
    if (value !== undefined) rates[name] = perMillion(value);
  }
  return rates;
}

function stepsOf(raw: Raw, suffix: string): readonly Tier[] {
  const bounds = new Set<number>();
  for (const key of Object.keys(raw)) {
    const step = STEP.exec(key);
    if (step?.[1] !== undefined && key.endsWith(`k_tokens${suffix}`)) bounds.add(Number(step[1]));
  }
  return [...bounds]
    .sort((a, b) => a - b)
    .map((bound) => ({ above: bound * 1000, ...ratesWith(raw, `_above_${bound}k_tokens${suffix}`) }))
    .filter((tier) => Object.keys(tier).length > 1);
}

/** `tiered_pricing`: the first range is the entry itself, the others begin above their lower bound. */
function rangesOf(ranges: readonly unknown[], entry: Mutable<PriceEntry>): readonly Tier[] {
  const tiers: Tier[] = [];
  for (const range of ranges as readonly Raw[]) {
    const from = Array.isArray(range.range) ? Number(range.range[0]) : Number.NaN;
    const rates = ratesWith(range, '');
    if (from === 0) Object.assign(entry, rates);
    else if (Number.isInteger(from) && from > (tiers.at(-1)?.above ?? 0)) tiers.push({ above: from, ...rates });
  }
  return tiers;
}

function price(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Twelve digits: 0.15, not 0.15000000000000002. */
function perMillion(usd: number): number {
  return Number((usd * MILLION).toPrecision(12));
}
