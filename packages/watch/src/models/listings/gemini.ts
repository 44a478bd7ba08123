import { countOf, known, member } from '../json-values.js';
import type { ModelListing } from '../model-listing.js';
import { readModels } from '../model-listing.js';

const PREFIX = 'models/';

/** `GET /v1beta/models` of Gemini: https://ai.google.dev/api/models. Names lose their `models/`, as calls and prices have them. */
export const geminiListing: ModelListing = {
  paths: ['/v1beta/models?pageSize=1000'],
  headers: ({ apiKey }) => (apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }),
  read: ([answer]) =>
    readModels(member(answer, 'models'), nameOf).map(({ item, model }) => ({
      model,
      ...known('contextLength', countOf(member(item, 'inputTokenLimit'))),
    })),
};

function nameOf(item: unknown): unknown {
  const name = member(item, 'name');
  return typeof name === 'string' && name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}
