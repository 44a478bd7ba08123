import type { Usage } from '@vedetta/model';
import type { PriceEntry, ServiceTier, TokenRates } from './price-list.js';

const MILLION = 1_000_000;

/** Things besides tokens that a call is charged for. */
export interface ChargedUnits {
  readonly operation?: string;
  readonly webSearches?: number;
  /** Seconds of audio or video, characters, images, where a model is priced by them. */
  readonly secondsInput?: number;
  readonly secondsOutput?: number;
  readonly charactersInput?: number;
  readonly imagesOutput?: number;
}

/**
 * What a call costs in USD by an entry of the price list, or `undefined` when the entry has no price for what was used: a
 * model priced by the second, tokens of a kind without a price, a service tier whose prices are not known.
 *
 * Totals include their parts ({@link Usage}), so cached, audio and image tokens are taken out of the input and reasoning, audio
 * and image tokens out of the output before the rest is charged; parts that exceed their total are cut to it. The step of
 * a price by length is chosen by the whole input and holds for the whole call.
 */
export function costOfCall(
  entry: PriceEntry,
  usage: Usage | undefined,
  serviceTier = '',
  units: ChargedUnits = {},
): number | undefined {
  const fixed = costOfUnits(entry, units);
  const input = amount(usage?.inputTokens);
  const output = amount(usage?.outputTokens);
  const counted = usage?.inputTokens !== undefined || usage?.outputTokens !== undefined;
  if (!counted) return fixed;
  const rates = ratesFor(entry, serviceTier, input);
  if (rates === undefined) return undefined;
  if (rates.input === undefined && rates.output === undefined) return fixed;
  const tokens = (inputCost(rates, input, usage ?? {}) + outputCost(rates, output, usage ?? {})) / MILLION;
  return Number.isFinite(tokens) ? tokens + (fixed ?? 0) : undefined;
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

function costOfUnits(entry: PriceEntry, units: ChargedUnits): number | undefined {
  const charges: (readonly [number | undefined, number | undefined])[] = [
    [entry.perRequest, 1],
    [entry.perQuery, units.operation === 'rerank' ? 1 : 0],
    [entry.perWebSearch, units.webSearches],
    [entry.perSecondInput, units.secondsInput],
    [entry.perSecondOutput, units.secondsOutput],
    [entry.perCharacterInput, units.charactersInput],
    [entry.perImageOutput, units.imagesOutput],
  ];
  let sum: number | undefined;
  for (const [rate, count] of charges) {
    if (rate !== undefined && amount(count) > 0) sum = (sum ?? 0) + rate * amount(count);
  }
  return sum;
}

/** Nothing of what has no price costs nothing. */
function times(tokens: number, rate: number): number {
  return tokens === 0 ? 0 : tokens * rate;
}

function amount(count: number | undefined): number {
  return count !== undefined && Number.isFinite(count) && count > 0 ? count : 0;
}
