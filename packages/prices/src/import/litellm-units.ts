import type { ImagePrice, UnitRates } from '../price-list.js';

type Raw = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Names of LiteLLM's prices for a unit. */
const UNITS: readonly (readonly [keyof UnitRates, string])[] = [
  ['perRequest', 'input_cost_per_request'],
  ['perQuery', 'input_cost_per_query'],
  ['perImageInput', 'input_cost_per_image'],
  ['perImageOutput', 'output_cost_per_image'],
  ['perPixelOutput', 'input_cost_per_pixel'],
  ['perSecondInput', 'input_cost_per_second'],
  ['perSecondOutput', 'output_cost_per_second'],
  ['perCharacterInput', 'input_cost_per_character'],
  ['perCharacterOutput', 'output_cost_per_character'],
  ['perPage', 'ocr_cost_per_page'],
];
/** `hd/1024-x-1792/dall-e-3`, `azure/standard/1024-x-1024/dall-e-3`, `256-x-256/dall-e-2` */
const SIZED = /^(?:azure\/)?(?:(low|medium|high|standard|hd)\/)?(\d{2,5})-x-(\d{2,5})\/([^/]+)$/;
/** Qualities of OpenAI's newer models; `standard` is not one of theirs. */
const GRADES: ReadonlySet<string | undefined> = new Set(['low', 'medium', 'high']);
/** A price by the pixel that is so near to that of a picture is the same, rounded. */
const SAME = 0.01;
const MAX_DIGITS = 4;
/** How far a price by the pixel may be off the price it was divided from. */
const ROUNDED = 0.001;

/** Price of a picture whose size stands in its name. */
export interface SizedImage extends ImagePrice {
  readonly model: string;
  /** Reckoned from a price for a pixel. */
  readonly byPixel: boolean;
}

/**
 * Prices of units. What makes pictures or transcribes is charged once, whatever side the table states it on: LiteLLM takes
 * `input_cost_per_image` times the pictures made, and one of the two prices for a second (`default_image_cost_calculator` and
 * `cost_per_second` of its cost calculator).
 */
export function unitRates(raw: Raw): Mutable<UnitRates> {
  const rates: Mutable<UnitRates> = {};
  for (const [name, source] of UNITS) {
    const value = raw[source];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) rates[name] = value;
  }
  if (raw.mode === 'image_generation' || raw.mode === 'image_edit') {
    const { perImageInput = 0, perImageOutput = 0 } = rates;
    if (perImageInput > 0 && (perImageOutput === 0 || perImageOutput === perImageInput)) {
      rates.perImageOutput = perImageInput;
      delete rates.perImageInput;
    }
  } else if (raw.mode === 'audio_transcription') {
    const once = rates.perSecondInput || rates.perSecondOutput;
    if (once !== undefined) rates.perSecondInput = once;
    delete rates.perSecondOutput;
  } else delete rates.perPixelOutput;
  return rates;
}

/** The price of a picture in one size, and of which model; `undefined` for every other entry. */
export function toSizedImage(name: string, raw: Raw): SizedImage | undefined {
  const [, quality, width, height, model] = SIZED.exec(name) ?? [];
  if (width === undefined || height === undefined || model === undefined) return undefined;
  const rates = unitRates({ ...raw, mode: 'image_generation' });
  const pixels = Number(width) * Number(height);
  const byPixel = !(rates.perImageOutput !== undefined && rates.perImageOutput > 0);
  const usd = byPixel ? ofPicture((rates.perPixelOutput ?? 0) * pixels) : rates.perImageOutput;
  return { model, size: `${width}x${height}`, ...(quality === undefined ? {} : { quality }), usd: usd ?? 0, byPixel };
}

/** What pictures of a model cost by size and quality; those without a price are left out. */
export function toImagePrices(images: readonly SizedImage[], perImage = 0): readonly ImagePrice[] {
  const graded = images.some(({ quality }) => GRADES.has(quality));
  return images
    .filter(({ usd, quality }) => usd > 0 && (!graded || GRADES.has(quality)))
    .map(({ size, quality, usd, byPixel }) => ({
      size,
      ...(quality === undefined || quality === 'standard' ? {} : { quality }),
      usd: byPixel && Math.abs(usd - perImage) < SAME * perImage ? perImage : usd,
    }));
}

/** The price of a picture that was divided by its pixels and rounded: that of the fewest digits near enough, 0.08 for 0.07998. */
function ofPicture(usd: number): number {
  for (let digits = 1; digits < MAX_DIGITS; digits++) {
    const price = Number(usd.toPrecision(digits));
    if (Math.abs(price - usd) < ROUNDED * usd) return price;
  }
  return Number(usd.toPrecision(MAX_DIGITS));
}
