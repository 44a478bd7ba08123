import type { PriceEntry } from '@vedetta/prices';

/** What a unit price is for. */
const UNITS = [
  ['perImageOutput', 'picture'],
  ['perImageInput', 'picture read'],
  ['perPixelOutput', 'pixel'],
  ['perSecondInput', 'second in'],
  ['perSecondOutput', 'second out'],
  ['perCharacterInput', 'character in'],
  ['perCharacterOutput', 'character out'],
  ['perPage', 'page'],
  ['perQuery', 'search'],
  ['perWebSearch', 'web search'],
  ['perRequest', 'call'],
] as const satisfies readonly (readonly [keyof PriceEntry, string])[];

/** What an entry of the price list says. */
export type ShownPrices = Pick<PriceEntry, 'input' | 'output' | 'images' | (typeof UNITS)[number][0]>;

/** Prices of single things: `0.04 a picture, 0.12 a picture of 1024x1792 hd`; empty when there are none. */
export function unitPriceText(entry: ShownPrices): string {
  const units = UNITS.flatMap(([name, what]) => (entry[name] === undefined ? [] : [`${entry[name]} a ${what}`]));
  const images = (entry.images ?? []).map(
    ({ size, quality, usd }) => `${usd} a picture of ${quality === undefined ? size : `${size} ${quality}`}`,
  );
  return [...units, ...images].join(', ');
}

/** All that a model costs, in a line: tokens in and out for a million, then single things. */
export function priceText(entry: ShownPrices): string {
  const units = unitPriceText(entry);
  if (entry.input === undefined && entry.output === undefined && units !== '') return units;
  return `${entry.input ?? '-'} / ${entry.output ?? '-'}${units === '' ? '' : `, ${units}`}`;
}
