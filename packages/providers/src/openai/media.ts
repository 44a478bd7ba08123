import { requestFacts } from '../facts.js';
import { asName, objectOrNothing } from '../json.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { promptMessages, userOf } from './chat.js';
import { MediaResponseReader } from './media-response.js';

const image: Endpoint = {
  operation: 'generate_content',
  modality: 'image',
  streamFraming: 'sse',
  readRequest: readMediaRequest,
  readResponse: () => new MediaResponseReader('image'),
};

const audio: Endpoint = {
  ...image,
  modality: 'audio',
  readResponse: () => new MediaResponseReader('audio'),
};

/**
 * Routes for images and audio. Bodies of edits, variations and transcriptions are multipart forms: a caller that has only
 * bytes gives what fields it knows as an object, or nothing.
 */
export const MEDIA_ROUTES: { readonly [path: string]: Endpoint } = {
  '/images/generations': image,
  '/images/edits': image,
  '/images/variations': image,
  '/audio/transcriptions': audio,
  '/audio/translations': audio,
  '/audio/speech': audio,
};

function readMediaRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const { stream } = body;
  return requestFacts({
    model: asName(body.model),
    stream: typeof stream === 'boolean' ? stream : stream === 'true' || body.stream_format === 'sse' || undefined,
    parameters: readParameters(body),
    inputMessages: promptMessages(body.prompt ?? body.input),
    userId: userOf(body),
  });
}
