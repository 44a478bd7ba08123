import { asNumber, asObject, objectOrNothing } from '../json.js';

/** What xAI counts in: ten thousand million ticks are a dollar. */
const TICKS_PER_USD = 1e10;

/**
 * USD that a call cost as its own answer states it, searches and fees included; `undefined` where it does not. xAI has
 * `cost_in_usd_ticks`, OpenRouter `cost` (with a key of one's own the upstream's price comes on top), Perplexity `cost.total_cost`.
 */
export function statedCostUsd(usage: unknown): number | undefined {
  const source = asObject(usage);
  if (source === undefined) return undefined;
  const ticks = asPrice(source.cost_in_usd_ticks);
  if (ticks !== undefined) return ticks / TICKS_PER_USD;
  const cost = asPrice(source.cost) ?? asPrice(objectOrNothing(source.cost).total_cost);
  if (cost === undefined || source.is_byok !== true) return cost;
  return cost + (asPrice(objectOrNothing(source.cost_details).upstream_inference_cost) ?? 0);
}

function asPrice(value: unknown): number | undefined {
  const price = asNumber(value);
  return price !== undefined && price >= 0 ? price : undefined;
}
