/** Names of prices of tokens, in USD for a million of them. */
export const TOKEN_RATES = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'reasoning',
  'audioInput',
  'audioOutput',
  'imageInput',
  'imageOutput',
] as const;

/** Names of prices of single things, in USD for one of them. */
export const UNIT_RATES = [
  'perRequest',
  'perQuery',
  'perWebSearch',
  'perImageInput',
  'perImageOutput',
  'perPixelOutput',
  'perSecondInput',
  'perSecondOutput',
  'perCharacterInput',
  'perCharacterOutput',
  'perPage',
] as const;

/** Service tiers that some providers price apart; every other word means the standard prices. */
export const SERVICE_TIERS = ['batch', 'flex', 'priority'] as const;

/**
 * Prices of tokens in USD for a million. An absent part (cached, audio, reasoning...) costs what `input` or `output` says; absent
 * `input` and `output` mean that tokens have no known price.
 */
export type TokenRates = { readonly [K in (typeof TOKEN_RATES)[number]]?: number };

/** Prices that hold for the whole call when its input has more tokens than `above`; absent ones are those of the entry. */
export type Tier = TokenRates & { readonly above: number };

/** Prices of a service tier, with its own steps by length; absent parts of the input are never dearer than its `input`. */
export type ServiceRates = TokenRates & { readonly tiers?: readonly Tier[] };

export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Prices of single things in USD for one: a second of audio or video, a character, a picture, a page, a search. */
export type UnitRates = { readonly [K in (typeof UNIT_RATES)[number]]?: number };

/** Price of one picture that is made in a size and quality. */
export interface ImagePrice {
  /** `1024x1792` */
  readonly size: string;
  /** `hd`, `low`...; absent: the usual one. */
  readonly quality?: string;
  readonly usd: number;
}

/**
 * What a provider asks for a model: tokens in USD for a million, other things in USD for one. Prices for tokens and for units of one
 * direction (`perImageOutput`, `perSecondInput`...) are two ways to state the same, and a call is charged by one of them: by its tokens
 * where it has any. `perRequest`, `perQuery` and `perWebSearch` come on top. See docs/cost.md.
 */
export type PriceEntry = TokenRates &
  UnitRates & {
    /** Pictures whose price depends on size or quality; then `perImageOutput` is that of a call that names neither. */
    readonly images?: readonly ImagePrice[];
    /** First day of these prices, UTC: `2026-08-14`. Absent: since ever. */
    readonly validFrom?: string;
    /** Steps by the length of the input, ascending. */
    readonly tiers?: readonly Tier[];
    readonly service?: { readonly [K in ServiceTier]?: ServiceRates };
  };

/** What {@link PriceList.format} says of a file that this version reads. */
export const PRICE_LIST_FORMAT = 'vedetta-prices/1';

/**
 * A price list: the format of the shipped file, of `vedetta prices update` and of `prices.overrides`. Keys of `models` are
 * `provider/model`, both as the price list names them: `openai/gpt-4o`, `bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0`.
 * A model whose price changed has a list of entries, ascending by `validFrom`.
 */
export interface PriceList {
  readonly format: typeof PRICE_LIST_FORMAT;
  /** Day the prices were gathered: `2026-08-14`. */
  readonly date: string;
  /** Where they come from, with the licence. */
  readonly source?: string;
  readonly models: { readonly [key: string]: PriceEntry | readonly PriceEntry[] };
}

/** Entries of a model, the oldest first. */
export function entriesOf(list: PriceList, key: string): readonly PriceEntry[] {
  const found = Object.hasOwn(list.models, key) ? list.models[key] : undefined;
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found as PriceEntry];
}
