import { PriceListError, parsePriceList } from '../parse-price-list.js';
import type { PriceList } from '../price-list.js';
import { fromLiteLlm, isLiteLlm } from './litellm.js';
import { fromModelsDev, isModelsDev } from './models-dev.js';

/**
 * Reads a price list in our own format, LiteLLM's or models.dev's, whichever the text is; `date` (`2026-08-14`) is given to
 * the latter two, which have none. Every price is checked. Throws {@link PriceListError}.
 */
export function importPriceList(text: string, date: string): PriceList {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new PriceListError('the price list is not JSON');
  }
  const list = isLiteLlm(raw) ? fromLiteLlm(raw, date) : isModelsDev(raw) ? fromModelsDev(raw, date) : raw;
  const parsed = parsePriceList(list);
  if (Object.keys(parsed.models).length === 0) throw new PriceListError('the price list has no prices');
  return parsed;
}
