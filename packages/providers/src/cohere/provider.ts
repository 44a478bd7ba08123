import type { Message } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, objectOrNothing } from '../json.js';
import { readRerankRequest } from '../openai/embeddings.js';
import { MAX_MESSAGES, toChatMessages, toToolDefinitions } from '../openai/messages.js';
import { OPENAI_ROUTES } from '../openai/routes.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, Provider, RequestFacts } from '../provider.js';
import { isPost, matchEnd, matchPrefixed, routes } from '../routes.js';
import { CohereResponseReader } from './response.js';

const chat: Endpoint = {
  operation: 'chat',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readChatRequest,
  readResponse: () => new CohereResponseReader(),
};

const ROUTES = routes({
  // The old API streams a document a line, whatever its content type.
  '/v1/chat': { ...chat, streamFraming: 'ndjson' },
  '/v1/generate': { ...chat, operation: 'text_completion', streamFraming: 'ndjson' },
  '/v2/chat': chat,
  '/v1/embed': { ...chat, operation: 'embeddings', modality: 'embedding', readRequest: readEmbedRequest },
  '/v2/embed': { ...chat, operation: 'embeddings', modality: 'embedding', readRequest: readEmbedRequest },
  '/v1/rerank': { ...chat, operation: 'rerank', readRequest: readRerankRequest },
  '/v2/rerank': { ...chat, operation: 'rerank', readRequest: readRerankRequest },
});
const COMPATIBLE = routes(OPENAI_ROUTES);

/** Cohere, v1 and v2, and OpenAI's protocol under `/compatibility/v1`. */
export const cohere: Provider = {
  name: 'cohere',
  match(method, path) {
    if (!isPost(method)) return undefined;
    return path.startsWith('/compatibility/') ? matchEnd(COMPATIBLE, path) : matchPrefixed([''], ROUTES, path);
  },
};

function readChatRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const preamble = asText(body.preamble);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body),
    inputMessages: Array.isArray(body.messages) ? toChatMessages(body.messages) : toOldMessages(body),
    systemInstructions: preamble === undefined ? undefined : [{ type: 'text', content: preamble }],
    toolDefinitions: toToolDefinitions(body.tools),
    sessionId: asName(body.conversation_id),
  });
}

function readEmbedRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const inputs = body.texts ?? body.inputs ?? body.images;
  return requestFacts({
    model: asName(body.model),
    parameters: readParameters(body),
    inputCount: Array.isArray(inputs) ? inputs.length : undefined,
  });
}

const ROLES: { readonly [role: string]: string | undefined } = {
  __proto__: null as never,
  USER: 'user',
  CHATBOT: 'assistant',
  SYSTEM: 'system',
  TOOL: 'tool',
};

/** v1: what was said before, and the message that is new. */
function toOldMessages(body: Json): Message[] {
  const history = asList(body.chat_history).slice(0, MAX_MESSAGES);
  return [...history, { role: 'USER', message: body.message ?? body.prompt }].flatMap((item) => {
    const source = asObject(item);
    const content = asText(source?.message);
    if (source === undefined || content === undefined) return [];
    const role = asName(source.role) ?? 'user';
    return [{ role: ROLES[role] ?? role, parts: [{ type: 'text' as const, content }] }];
  });
}
