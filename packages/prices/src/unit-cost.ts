import type { BilledUnits, UnitCount, UsageSource } from '@vedetta/model';
import type { PriceEntry, UnitRates } from './price-list.js';

/** What a part of a call comes to, and where the count is from; no source: it comes to nothing that anybody counted. */
export interface Part {
  readonly usd: number;
  readonly by: UsageSource | undefined;
}

export type Side = 'input' | 'output';

/** Units of each direction, by their price. Pictures that are made are apart: their price may depend on size and quality. */
const UNITS_OF: { readonly [K in Side]: readonly (readonly [keyof UnitRates, UnitCount])[] } = {
  input: [
    ['perImageInput', 'inputImages'],
    ['perSecondInput', 'inputSeconds'],
    ['perCharacterInput', 'inputCharacters'],
    ['perPage', 'pages'],
  ],
  output: [
    ['perSecondOutput', 'outputSeconds'],
    ['perCharacterOutput', 'outputCharacters'],
  ],
};
/** What every API for pictures makes when it is not told otherwise, and LiteLLM's table too. */
const USUAL_SIZE = '1024x1024';
const USUAL_QUALITY: ReadonlySet<string | undefined> = new Set([undefined, 'standard', 'auto']);

/** Whether a direction has a price for units, other than 0. */
export function isPricedByUnits(entry: PriceEntry, side: Side): boolean {
  if (UNITS_OF[side].some(([rate]) => (entry[rate] ?? 0) > 0)) return true;
  return side === 'output' && (entry.images !== undefined || (entry.perImageOutput ?? entry.perPixelOutput ?? 0) > 0);
}

/** USD for the units of a direction that have a price; `undefined` when none of them was counted, or their price is not known. */
export function costOfUnits(entry: PriceEntry, side: Side, units: BilledUnits | undefined): number | undefined {
  if (units === undefined) return undefined;
  let sum: number | undefined;
  for (const [name, unit] of UNITS_OF[side]) {
    const [rate, count] = [entry[name], units[unit]];
    if (rate !== undefined && rate > 0 && count !== undefined) sum = (sum ?? 0) + rate * count;
  }
  if (side === 'input' || units.outputImages === undefined) return sum;
  const image = units.outputImages === 0 ? 0 : priceOfImage(entry, units);
  return image === undefined ? undefined : (sum ?? 0) + image * units.outputImages;
}

/**
 * What comes on top of tokens and units: a fee for the call, and searches. `undefined` when a price is known and the count is not.
 * A call that ranks and does not say how many searches that took is one: more documents or longer ones would be more.
 */
export function costOfExtras(
  entry: PriceEntry,
  units: BilledUnits | undefined,
  operation: string,
): readonly Part[] | undefined {
  const parts: Part[] = [];
  const { perRequest = 0, perQuery = 0, perWebSearch = 0 } = entry;
  // A fee alone tells nothing where tokens are to be paid as well.
  if (perRequest > 0) parts.push({ usd: perRequest, by: isFeeOnly(entry) ? 'counted' : undefined });
  if (perQuery > 0) {
    const searches = units?.searchUnits ?? (operation === 'rerank' ? 1 : undefined);
    if (searches === undefined) return undefined;
    parts.push({ usd: perQuery * searches, by: units?.searchUnits === undefined ? 'estimated' : units.source });
  }
  if (perWebSearch > 0 && units?.webSearches !== undefined) {
    parts.push({ usd: perWebSearch * units.webSearches, by: units.source });
  }
  return parts;
}

function isFeeOnly(entry: PriceEntry): boolean {
  return Object.entries(entry).every(([name, rate]) => name === 'perRequest' || typeof rate !== 'number' || rate === 0);
}

/** What one picture costs. Where the list tells sizes and qualities apart, one that it does not have has no price. */
function priceOfImage(entry: PriceEntry, { imageSize, imageQuality }: BilledUnits): number | undefined {
  const { images, perImageOutput, perPixelOutput } = entry;
  if (images !== undefined) {
    const size = imageSize ?? USUAL_SIZE;
    const listed = images.find(
      (image) =>
        image.size === size &&
        (image.quality === imageQuality || (USUAL_QUALITY.has(image.quality) && USUAL_QUALITY.has(imageQuality))),
    );
    if (listed !== undefined) return listed.usd;
    return imageSize === undefined && imageQuality === undefined ? perImageOutput : undefined;
  }
  if (perImageOutput !== undefined) return perImageOutput;
  const [width, height] = (imageSize ?? USUAL_SIZE).split('x').map(Number);
  const pixels = Number(width) * Number(height);
  return perPixelOutput === undefined || !Number.isFinite(pixels) ? undefined : perPixelOutput * pixels;
}
