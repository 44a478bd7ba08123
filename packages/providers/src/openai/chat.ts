import { requestFacts } from '../facts.js';
import { asList, asName, asObject, asText, objectOrNothing } from '../json.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { ChatResponseReader } from './chat-response.js';
import { toChatMessages, toToolDefinitions } from './messages.js';
import { streamUsageOption } from './usage-option.js';

/** `POST .../chat/completions` of OpenAI and of all who speak its protocol. */
export const chatCompletions: Endpoint = {
  operation: 'chat',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readChatRequest,
  readResponse: () => new ChatResponseReader(),
  usageOption: streamUsageOption,
};

/** `POST .../completions`: the older API without roles. */
export const completions: Endpoint = {
  operation: 'text_completion',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readCompletionRequest,
  readResponse: () => new ChatResponseReader(),
  usageOption: streamUsageOption,
};

function readChatRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body, {
      ...readParameters({ reasoning_effort: objectOrNothing(body.reasoning).effort }),
    }),
    inputMessages: toChatMessages(body.messages),
    toolDefinitions: toToolDefinitions(body.tools ?? body.functions),
    userId: userOf(body),
  });
}

/** `user`, or what replaced it. */
export function userOf(body: { readonly [name: string]: unknown }): string | undefined {
  return asText(asName(body.user)) ?? asName(body.safety_identifier);
}

function readCompletionRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body),
    inputMessages: promptMessages(body.prompt),
    userId: userOf(body),
  });
}

/** Prompts as messages: each of a list of texts is one; tokens are no text and are only counted. */
export function promptMessages(prompt: unknown) {
  const list = typeof prompt === 'string' ? [prompt] : asList(prompt).slice(0, 1000);
  return list.flatMap((text) => {
    const content = asText(text) ?? asText(asObject(text)?.text);
    return content === undefined ? [] : [{ role: 'user', parts: [{ type: 'text' as const, content }] }];
  });
}
