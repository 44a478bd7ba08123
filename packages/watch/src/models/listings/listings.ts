import type { ModelListing } from '../model-listing.js';
import { anthropicListing } from './anthropic.js';
import { azureListing } from './azure.js';
import { geminiListing } from './gemini.js';
import { ollamaListing } from './ollama.js';
import { compatibleListing, openAiListing, openAiListingAt } from './openai.js';

/** How to list models, by the provider of an upstream. To add one: a file in this folder and an entry here. */
export const MODEL_LISTINGS: ReadonlyMap<string, ModelListing> = new Map([
  ['openai', openAiListing],
  ['azure', azureListing],
  ['anthropic', anthropicListing],
  ['gemini', geminiListing],
  ['ollama', ollamaListing],
  ['groq', openAiListingAt('/openai/v1/models')],
  ['openrouter', openAiListingAt('/api/v1/models')],
  ['deepseek', openAiListingAt('/models')],
]);

/** The listing for a provider; those that are not named here speak OpenAI's protocol. */
export function listingOf(provider: string): ModelListing {
  return MODEL_LISTINGS.get(provider) ?? compatibleListing;
}
