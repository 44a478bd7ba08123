import { requestFacts } from '../facts.js';
import { asName, asText, objectOrNothing } from '../json.js';
import { readParameters } from '../parameters.js';
import { toParts } from '../parts.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { userOf } from './chat.js';
import { toToolDefinitions } from './messages.js';
import { toItemMessages } from './responses-items.js';
import { ResponsesReader } from './responses-response.js';

/** `POST .../responses`. Reading or cancelling a stored response calls no model. */
export const responses: Endpoint = {
  operation: 'chat',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readResponsesRequest,
  readResponse: () => new ResponsesReader(),
};

function readResponsesRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const { conversation } = body;
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body, readParameters({ reasoning_effort: objectOrNothing(body.reasoning).effort })),
    inputMessages: toItemMessages(body.input),
    systemInstructions: toParts(body.instructions ?? []),
    toolDefinitions: toToolDefinitions(body.tools),
    userId: userOf(body),
    sessionId: asText(conversation) ?? asName(objectOrNothing(conversation).id),
  });
}
