import { countOf, known, member, textOf } from '../json-values.js';
import type { ModelListing } from '../model-listing.js';
import { readModels } from '../model-listing.js';

/** `GET /api/tags` for what is there and `GET /api/ps` for what is in memory: https://github.com/ollama/ollama/blob/main/docs/api.md. */
export const ollamaListing: ModelListing = {
  paths: ['/api/tags', '/api/ps'],
  headers: ({ apiKey }) => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  read: ([tags, ps]) => {
    const running = new Map(readModels(member(ps, 'models'), nameOf).map(({ item, model }) => [model, item]));
    return readModels(member(tags, 'models'), nameOf).map(({ item, model }) => {
      const process = running.get(model);
      const details = member(item, 'details');
      const unloadsAt = Date.parse(textOf(member(process, 'expires_at')) ?? '');
      return {
        model,
        // Without an answer from `ps` it is not known what is in memory.
        ...known('loaded', ps === undefined ? undefined : process !== undefined),
        ...known('vramBytes', countOf(member(process, 'size_vram'))),
        ...known('sizeBytes', countOf(member(item, 'size'))),
        ...known('unloadsAtUnixMs', countOf(unloadsAt)),
        ...known('contextLength', countOf(member(process, 'context_length'))),
        ...known('parameterSize', textOf(member(details, 'parameter_size'))),
        ...known('quantization', textOf(member(details, 'quantization_level'))),
      };
    });
  },
};

function nameOf(item: unknown): unknown {
  return member(item, 'model') ?? member(item, 'name');
}
