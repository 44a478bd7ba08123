import type { Usage } from '@vedetta/model';
import { isBilledByUnits } from '@vedetta/model';
import type { PriceEntry, ServiceTier, TokenRates } from './price-list.js';
import { TOKEN_RATES } from './price-list.js';
import type { Part, Side } from './unit-cost.js';
import { costOfExtras, costOfUnits, isPricedByUnits } from './unit-cost.js';

const MILLION = 1_000_000;
/** Prices of tokens by their direction. */
const RATES_OF: { readonly [K in Side]: readonly (keyof TokenRates)[] } = {
  input: ['input', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'audioInput', 'imageInput'],
  output: ['output', 'reasoning', 'audioOutput', 'imageOutput'],
};

/** What a call comes to by an entry of the price list. */
export interface Charge {
  readonly usd: number;
  /** A count that it rests on was estimated. */
  readonly estimated: boolean;
}

/**
 * What a call costs in USD by an entry of the price list, or `undefined` when the entry has no price for what was used, or what was
 * used is not known: a service tier whose prices are not known, tokens of a kind without a price, a picture of unknown size.
 *
 * Totals include their parts ({@link Usage}), so cached, audio and image tokens are taken out of the input and reasoning, audio
 * and image tokens out of the output before the rest is charged; parts that exceed their total are cut to it. The step of
 * a price by length is chosen by the whole input and holds for the whole call.
 *
 * Each direction is charged by its tokens, or where it has none by its units ({@link PriceEntry}). A call that states units is one whose
 * tokens are not the whole of it, so a priced direction of it that nobody counted leaves its cost unknown. `operation` is that of the
 * call: a `rerank` that states no searches is taken for one.
 */
export function chargeOf(
  entry: PriceEntry,
  usage: Usage | undefined,
  serviceTier = '',
  operation = '',
): Charge | undefined {
  const rates = ratesFor(entry, serviceTier, amount(usage?.inputTokens));
  if (rates === undefined) return undefined;
  if (isFree(entry)) return { usd: 0, estimated: false };
  const input = costOfSide('input', entry, rates, usage);
  const output = costOfSide('output', entry, rates, usage);
  const extras = costOfExtras(entry, usage?.units, operation);
  if (input === undefined || output === undefined || extras === undefined) return undefined;
  const parts = [input, output, ...extras];
  if (parts.every(({ by }) => by === undefined)) return undefined;
  const usd = parts.reduce((sum, part) => sum + part.usd, 0);
  return Number.isFinite(usd) ? { usd, estimated: parts.some(({ by }) => by === 'estimated') } : undefined;
}

/** The sum of {@link chargeOf}. */
export function costOfCall(
  entry: PriceEntry,
  usage: Usage | undefined,
  serviceTier = '',
  operation = '',
): number | undefined {
  return chargeOf(entry, usage, serviceTier, operation)?.usd;
}

/** The service tier of the price list that a provider's word means; `''` for the standard one. */
export function toServiceTier(word: string): ServiceTier | '' {
  switch (word.toLowerCase()) {
    case 'batch':
    case 'batches':
      return 'batch';
    case 'flex':
    case 'on_demand_flex':
      return 'flex';
    case 'priority':
    case 'fast':
      return 'priority';
    default:
      return '';
  }
}

/** The prices of tokens for a service tier and a length of the input; `undefined` where the tier has no known prices. */
export function ratesFor(entry: PriceEntry, serviceTier: string, inputTokens: number): TokenRates | undefined {
  const tier = toServiceTier(serviceTier);
  const standard = atLength(entry, entry.tiers, inputTokens);
  if (tier === '') return standard;
  const service = entry.service?.[tier];
  if (service === undefined) return undefined;
  const own = atLength(service, service.tiers, inputTokens);
  const merged: { -readonly [K in keyof TokenRates]: number } = { ...standard, ...own };
  // A part that the tier does not name is never dearer than the tier's own whole, and never cheaper than it was.
  if (own.input !== undefined && own.cacheRead === undefined && merged.cacheRead !== undefined) {
    merged.cacheRead = Math.min(merged.cacheRead, own.input);
  }
  if (own.output !== undefined && own.reasoning === undefined) delete merged.reasoning;
  return merged;
}

function atLength(
  rates: TokenRates & { readonly validFrom?: string },
  tiers: readonly (TokenRates & { readonly above: number })[] | undefined,
  inputTokens: number,
): TokenRates {
  const step = tiers?.findLast(({ above }) => inputTokens > above);
  if (step === undefined) return rates;
  const { above: _, ...own } = step;
  const merged = { ...rates, ...own };
  // Where reasoning is not priced apart in the step, it costs what the step's output does.
  if (own.output !== undefined && own.reasoning === undefined) delete merged.reasoning;
  return merged;
}

/** One direction of a call; `undefined` when it has a price and nobody counted what it is for. */
function costOfSide(side: Side, entry: PriceEntry, rates: TokenRates, usage: Usage | undefined): Part | undefined {
  const hasTokenPrices = TOKEN_RATES.some((name) => rates[name] !== undefined);
  const stated = side === 'input' ? usage?.inputTokens : usage?.outputTokens;
  const tokens = !hasTokenPrices || stated === undefined ? undefined : amount(stated);
  const byTokens = RATES_OF[side].some((name) => (rates[name] ?? 0) > 0);
  const byUnits = isPricedByUnits(entry, side);
  // A price of 0 for tokens beside one for units means that tokens are not what is paid for.
  const tokensCount = byTokens || !byUnits;
  if (usage !== undefined && tokens !== undefined && tokens > 0 && tokensCount) {
    const cost = side === 'input' ? inputCost(rates, tokens, usage) : outputCost(rates, tokens, usage);
    return { usd: cost / MILLION, by: usage.source };
  }
  const unitCost = byUnits ? costOfUnits(entry, side, usage?.units) : undefined;
  if (unitCost !== undefined) return { usd: unitCost, by: usage?.units?.source };
  if (tokens === 0 && tokensCount) return { usd: 0, by: usage?.source };
  // Nobody counted it. Of a chat that broke off there may be nothing to count.
  const matters = byTokens ? isBilledByUnits(usage?.units) : byUnits;
  return matters ? undefined : { usd: 0, by: undefined };
}

/** Every price that the entry states is 0. */
function isFree(value: unknown): boolean {
  if (typeof value === 'number') return value === 0;
  if (Array.isArray(value)) return value.every(isFree);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name === 'above' || isFree(inner));
}

function inputCost(rates: TokenRates, total: number, usage: Partial<Usage>): number {
  if (total === 0) return 0;
  const plain = rates.input ?? Number.NaN;
  let rest = total;
  const take = (tokens: number | undefined): number => {
    const taken = Math.min(amount(tokens), rest);
    rest -= taken;
    return taken;
  };
  const write = rates.cacheWrite ?? plain;
  const written = take(usage.cacheWriteTokens);
  const longWritten = Math.min(amount(usage.cacheWrite1hTokens), written);
  const read = take(usage.cacheReadTokens);
  const audio = take(usage.audioInputTokens);
  const image = take(usage.imageInputTokens);
  return (
    times(written - longWritten, write) +
    times(longWritten, rates.cacheWrite1h ?? write) +
    times(read, rates.cacheRead ?? plain) +
    times(audio, rates.audioInput ?? plain) +
    times(image, rates.imageInput ?? plain) +
    times(rest, plain)
  );
}

function outputCost(rates: TokenRates, total: number, usage: Partial<Usage>): number {
  if (total === 0) return 0;
  const plain = rates.output ?? Number.NaN;
  let rest = total;
  const take = (tokens: number | undefined): number => {
    const taken = Math.min(amount(tokens), rest);
    rest -= taken;
    return taken;
  };
  const audio = take(usage.audioOutputTokens);
  const image = take(usage.imageOutputTokens);
  const reasoning = take(usage.reasoningTokens);
  return (
    times(audio, rates.audioOutput ?? plain) +
    times(image, rates.imageOutput ?? plain) +
    times(reasoning, rates.reasoning ?? plain) +
    times(rest, plain)
  );
}

/** Nothing of what has no price costs nothing. */
function times(tokens: number, rate: number): number {
  return tokens === 0 ? 0 : tokens * rate;
}

function amount(count: number | undefined): number {
  return count !== undefined && Number.isFinite(count) && count > 0 ? count : 0;
}
