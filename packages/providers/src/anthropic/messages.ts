import type { Message } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import { asList, asName, asObject, objectOrNothing } from '../json.js';
import { promptMessages } from '../openai/chat.js';
import { MAX_MESSAGES, toToolDefinitions } from '../openai/messages.js';
import { readParameters } from '../parameters.js';
import { toParts } from '../parts.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { MessagesResponseReader } from './messages-response.js';

/** `POST /v1/messages`, also as Ollama, vLLM, llama.cpp and Bedrock serve it. */
export const anthropicMessages: Endpoint = {
  operation: 'chat',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readMessagesRequest,
  readResponse: () => new MessagesResponseReader(),
};

/** `POST /v1/complete`: the API before messages; it reports no usage. */
export const anthropicComplete: Endpoint = {
  operation: 'text_completion',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readCompleteRequest,
  readResponse: () => new MessagesResponseReader(),
};

function readMessagesRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body, readParameters({ reasoning_effort: objectOrNothing(body.output_config).effort })),
    inputMessages: toAnthropicMessages(body.messages),
    systemInstructions: toParts(body.system ?? []),
    toolDefinitions: toToolDefinitions(body.tools),
    userId: asName(objectOrNothing(body.metadata).user_id),
  });
}

/** Anthropic's messages: results of tools stand among the parts of the user's turn. */
export function toAnthropicMessages(messages: unknown): Message[] {
  return asList(messages)
    .slice(0, MAX_MESSAGES)
    .flatMap((item) => {
      const message = asObject(item);
      return message === undefined
        ? []
        : [{ role: asName(message.role) ?? 'user', parts: toParts(message.content ?? []) }];
    });
}

function readCompleteRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body),
    inputMessages: promptMessages(body.prompt),
    userId: asName(objectOrNothing(body.metadata).user_id),
  });
}
