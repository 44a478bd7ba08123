import { member } from '../json-values.js';
import type { ModelListing } from '../model-listing.js';
import { readModels } from '../model-listing.js';

/** `GET /v1/models` of Anthropic: https://docs.anthropic.com/en/api/models-list. */
export const anthropicListing: ModelListing = {
  paths: ['/v1/models?limit=1000'],
  headers: ({ apiKey }) => ({
    'anthropic-version': '2023-06-01',
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
  }),
  read: ([answer]) => readModels(member(answer, 'data'), (item) => member(item, 'id')).map(({ model }) => ({ model })),
};
