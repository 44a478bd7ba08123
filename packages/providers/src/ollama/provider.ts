import { anthropicMessages } from '../anthropic/messages.js';
import { OPENAI_ROUTES } from '../openai/routes.js';
import type { Endpoint } from '../provider.js';
import { prefixedProvider, routes } from '../routes.js';
import { readOllamaEmbedRequest, readOllamaRequest } from './request.js';
import { OllamaResponseReader } from './response.js';

const native = {
  modality: 'text',
  streamFraming: 'ndjson',
  streamsByDefault: true,
  readRequest: readOllamaRequest,
  readResponse: () => new OllamaResponseReader(),
} as const satisfies Partial<Endpoint>;

const embed: Endpoint = {
  operation: 'embeddings',
  modality: 'embedding',
  streamFraming: 'ndjson',
  readRequest: readOllamaEmbedRequest,
  readResponse: () => new OllamaResponseReader(),
};

/** Ollama: its native API, and those of OpenAI and Anthropic that it serves under `/v1`. */
export const ollama = prefixedProvider(
  'ollama',
  [''],
  routes({
    '/api/chat': { ...native, operation: 'chat' },
    '/api/generate': { ...native, operation: 'text_completion' },
    '/api/embed': embed,
    '/api/embeddings': embed,
    ...Object.fromEntries(Object.entries(OPENAI_ROUTES).map(([path, endpoint]) => [`/v1${path}`, endpoint])),
    '/v1/messages': anthropicMessages,
  }),
);
