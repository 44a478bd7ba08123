import { readFileSync } from 'node:fs';
import { parsePriceList } from './parse-price-list.js';
import type { PriceList } from './price-list.js';

// Beside both `src` and `dist`.
const FILE = new URL('../data/prices.json', import.meta.url);
let kept: PriceList | undefined;

/** The price list that is shipped with the product; read once. */
export function shippedPrices(): PriceList {
  kept ??= parsePriceList(JSON.parse(readFileSync(FILE, 'utf8')));
  return kept;
}
