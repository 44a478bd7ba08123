import { requestFacts } from '../facts.js';
import { asName, objectOrNothing } from '../json.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { promptMessages } from './chat.js';
import { PlainResponseReader } from './plain-response.js';
import { inputOnlyUsage } from './usage.js';

/** `POST .../moderations`: what is judged is the input; OpenAI counts no tokens of it, others made like it do. Verdicts are not kept. */
export const moderations: Endpoint = {
  operation: 'moderation',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readModerationRequest,
  readResponse: () => new PlainResponseReader(inputOnlyUsage),
};

function readModerationRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const { input } = body;
  return requestFacts({
    model: asName(body.model),
    inputMessages: promptMessages(input),
    inputCount: Array.isArray(input) ? input.length : input === undefined ? undefined : 1,
  });
}
