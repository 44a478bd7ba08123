import { z } from 'zod';

/** The price list in `GET /api/status`. */
export const statusPricesSchema = z.object({
  date: z.string().describe('Day the prices were gathered'),
  age_days: z.int(),
  stale: z.boolean().describe('Older than prices.staleDays'),
  origin: z.enum(['shipped', 'updated']),
  models: z.int(),
  estimated_calls_total: z.int().describe('LLM calls whose tokens were estimated'),
  skipped_estimates_total: z.int().describe('LLM calls stored without tokens because the tokeniser was down or busy'),
});

const rate = z.number().optional();
const tokenRates = {
  input: rate,
  output: rate,
  cacheRead: rate,
  cacheWrite: rate,
  cacheWrite1h: rate,
  reasoning: rate,
  audioInput: rate,
  audioOutput: rate,
  imageInput: rate,
  imageOutput: rate,
};

const unitRates = {
  perRequest: rate,
  perQuery: rate,
  perWebSearch: rate,
  perImageInput: rate,
  perImageOutput: rate,
  perPixelOutput: rate,
  perSecondInput: rate,
  perSecondOutput: rate,
  perCharacterInput: rate,
  perCharacterOutput: rate,
  perPage: rate,
};

const imagePriceSchema = z.object({ size: z.string(), quality: z.string().optional(), usd: z.number() });

/** Entry of the price list: tokens in USD for a million, other things in USD for one. */
const entrySchema = z.looseObject({
  validFrom: z.string().optional(),
  ...tokenRates,
  ...unitRates,
  images: z.array(imagePriceSchema).readonly().optional().describe('Pictures whose price depends on size or quality'),
});

export const priceQuerySchema = z.object({
  model: z.string().max(300).optional().describe('`gpt-4o`, or `provider/model`; absent: no entries, only the list'),
});

/** What `GET /api/prices` answers. */
export const priceListSchema = statusPricesSchema.extend({
  overrides: z.int().describe('Entries of prices.overrides'),
  fault: z.string().describe('Why the updated list is not used; empty when all is well'),
  matched: z.string().nullable().describe('Entry that a call of the model is priced by; null when it has no price'),
  entries: z.array(z.object({ key: z.string(), prices: z.array(entrySchema) })),
  unpriced: z
    .array(z.object({ provider: z.string(), model: z.string(), calls: z.int() }))
    .describe('Models in the last 30 days whose calls have no known price'),
});

export const recostRequestSchema = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional().describe('Calls that start from then; absent: all'),
});

export const recostResponseSchema = z.object({
  calls: z.int().describe('Calls whose cost no sender supplied'),
  changed: z.int(),
});
