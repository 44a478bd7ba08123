import { requestFacts } from '../facts.js';
import { asName, objectOrNothing } from '../json.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { userOf } from './chat.js';
import { PlainResponseReader } from './plain-response.js';
import { inputOnlyUsage } from './usage.js';

/** `POST .../embeddings`. Vectors are not kept. */
export const embeddings: Endpoint = {
  operation: 'embeddings',
  modality: 'embedding',
  streamFraming: 'sse',
  readRequest: readEmbeddingsRequest,
  readResponse: () => new PlainResponseReader(inputOnlyUsage),
};

/** `POST .../rerank` as vLLM, llama.cpp, Voyage, Jina and Together serve it. */
export const rerank: Endpoint = {
  operation: 'rerank',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readRerankRequest,
  readResponse: () => new PlainResponseReader(inputOnlyUsage),
};

function readEmbeddingsRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    model: asName(body.model),
    parameters: readParameters(body),
    inputCount: countOf(body.input),
    userId: userOf(body),
  });
}

/** A text or a list of tokens is one input; a list of texts or of lists is several. */
function countOf(input: unknown): number | undefined {
  if (input === undefined || input === null) return undefined;
  return Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
}

/** The query stands as the user's message; the documents are only counted. */
export function readRerankRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const { query, documents } = body;
  return requestFacts({
    model: asName(body.model),
    inputMessages:
      typeof query === 'string' ? [{ role: 'user', parts: [{ type: 'text', content: query }] }] : undefined,
    inputCount: Array.isArray(documents) ? documents.length : undefined,
  });
}
