import type { ModelListing } from '../model-listing.js';
import { readOpenAiModels } from './openai.js';

/** `GET /openai/v1/models` of the v1 API, which needs no `api-version`: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle. */
export const azureListing: ModelListing = {
  paths: ['/openai/v1/models'],
  headers: ({ apiKey }) => (apiKey === undefined ? {} : { 'api-key': apiKey }),
  read: ([answer]) => readOpenAiModels(answer),
};
