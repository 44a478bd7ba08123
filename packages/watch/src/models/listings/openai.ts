import { countOf, known, member } from '../json-values.js';
import type { ModelListing } from '../model-listing.js';
import { readModels } from '../model-listing.js';
import type { ServedModel, Upstream } from '../served-model.js';

/** `GET /v1/models` of OpenAI. */
export const openAiListing: ModelListing = {
  paths: ['/v1/models'],
  headers: bearer,
  read: ([answer]) => readOpenAiModels(answer),
};

/** Providers whose base URL in the gateway does not end before `/v1`: where each lists its models. */
export function openAiListingAt(path: string): ModelListing {
  return { ...openAiListing, paths: [path] };
}

/** As OpenAI; vLLM and llama.cpp have metrics beside it, and vLLM says how long a context may be. */
export const compatibleListing: ModelListing = { ...openAiListing, metricsPath: '/metrics' };

function bearer({ apiKey }: Upstream): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}

/** `{ data: [{ id, max_model_len?, context_length? }] }`; Together answers the bare list. */
export function readOpenAiModels(answer: unknown): readonly ServedModel[] {
  const list = Array.isArray(answer) ? answer : member(answer, 'data');
  return readModels(list, (item) => member(item, 'id')).map(({ item, model }) => ({
    model,
    ...known('contextLength', countOf(member(item, 'max_model_len')) ?? countOf(member(item, 'context_length'))),
  }));
}
