import type { Message, MessagePart } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, base64Size, objectOrNothing } from '../json.js';
import { MAX_MESSAGES, toChatMessage, toToolDefinitions } from '../openai/messages.js';
import { readParameters } from '../parameters.js';
import { blobPart, toolResponsePart } from '../parts.js';
import type { RequestFacts } from '../provider.js';

const MAX_IMAGES = 100;

/** A request of Ollama's native API: chat, generation or embeddings. Sampling parameters stand under `options`. */
export function readOllamaRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const { think } = body;
  const system = asText(body.system);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(asObject(body.options), readParameters({ reasoning_effort: asText(think) })),
    inputMessages: Array.isArray(body.messages) ? toMessages(body.messages) : promptMessage(body),
    systemInstructions: system === undefined ? undefined : [{ type: 'text', content: system }],
    toolDefinitions: toToolDefinitions(body.tools),
  });
}

/** A request for embeddings, of the current API (`input`) and the old one (`prompt`). */
export function readOllamaEmbedRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const input = body.input ?? body.prompt;
  return requestFacts({
    model: asName(body.model),
    parameters: readParameters(asObject(body.options)),
    inputCount: Array.isArray(input) ? input.length : input === undefined ? undefined : 1,
  });
}

function toMessages(messages: readonly unknown[]): Message[] {
  return messages.slice(0, MAX_MESSAGES).flatMap((item) => {
    const source = asObject(item);
    if (source === undefined) return [];
    const message = toChatMessage(source);
    if (message.role !== 'tool') return [{ ...message, parts: [...message.parts, ...imagesOf(source)] }];
    // Ollama's tools answer by name; they have no id.
    const name = asName(source.tool_name);
    const parts = [toolResponsePart(source.content ?? null, asName(source.tool_call_id))];
    return [{ role: 'tool', parts, ...(name === undefined ? {} : { name }) }];
  });
}

function promptMessage(body: Json): Message[] {
  const prompt = asText(body.prompt);
  const parts: MessagePart[] = prompt === undefined ? [] : [{ type: 'text', content: prompt }];
  parts.push(...imagesOf(body));
  return parts.length === 0 ? [] : [{ role: 'user', parts }];
}

/** Images are base64 text, or bytes where an object of the official client is read. */
function imagesOf(source: Json): MessagePart[] {
  return asList(source.images)
    .slice(0, MAX_IMAGES)
    .flatMap((image) => {
      if (typeof image === 'string') return [blobPart('image', base64Size(image))];
      return ArrayBuffer.isView(image) ? [blobPart('image', image.byteLength)] : [];
    });
}
