import { requestFacts } from '../facts.js';
import { asList, asName, asObject, asText, objectOrNothing } from '../json.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { toGeminiMessages, toGeminiParts, toGeminiTools } from './parts.js';
import { GeminiResponseReader } from './response.js';

const generate: Endpoint = {
  operation: 'generate_content',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readGenerateRequest,
  readResponse: () => new GeminiResponseReader(),
};

const embed: Endpoint = {
  operation: 'embeddings',
  modality: 'embedding',
  streamFraming: 'sse',
  readRequest: readEmbedRequest,
  readResponse: () => new GeminiResponseReader(),
};

/**
 * Endpoints by the method that follows the model's name. A stream is a JSON array unless the query says `alt=sse`; which of
 * the two came is told by its content type.
 */
export const GEMINI_METHODS: { readonly [method: string]: Endpoint | undefined } = {
  __proto__: null as never,
  generateContent: generate,
  streamGenerateContent: { ...generate, streamFraming: 'json_array', streamsByDefault: true },
  embedContent: embed,
  batchEmbedContents: embed,
  predict: embed,
};

function readGenerateRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const config = asObject(body.generationConfig ?? body.generation_config);
  const thinking = objectOrNothing(config?.thinkingConfig);
  const system = body.systemInstruction ?? body.system_instruction;
  return requestFacts({
    model: modelOf(body.model),
    parameters: readParameters(config, readParameters({ reasoning_effort: asText(thinking.thinkingLevel) })),
    inputMessages: toGeminiMessages(body.contents),
    systemInstructions:
      typeof system === 'string' ? [{ type: 'text', content: system }] : toGeminiParts(asObject(system)?.parts),
    toolDefinitions: toGeminiTools(body.tools),
  });
}

function readEmbedRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const many = body.requests ?? body.instances;
  const first = objectOrNothing(asList(many)[0]);
  return requestFacts({
    model: modelOf(body.model) ?? modelOf(first.model),
    inputCount: Array.isArray(many) ? many.length : body.content === undefined ? undefined : 1,
  });
}

/** `models/gemini-2.5-flash` without the collection. */
function modelOf(name: unknown): string | undefined {
  const model = asName(name);
  return model?.slice(model.lastIndexOf('/') + 1);
}
