import type { BilledUnits } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import type { Json } from '../json.js';
import { asName, objectOrNothing } from '../json.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, RequestFacts } from '../provider.js';
import { characterCount } from '../usage-counts.js';
import { promptMessages, userOf } from './chat.js';
import { imageWord, MediaResponseReader } from './media-response.js';

const image: Endpoint = {
  operation: 'generate_content',
  modality: 'image',
  streamFraming: 'sse',
  readRequest: (value) => readMediaRequest(value, imageFormat),
  readResponse: () => new MediaResponseReader('image'),
};

const transcript: Endpoint = {
  ...image,
  modality: 'audio',
  readRequest: (value) => readMediaRequest(value, () => undefined),
  readResponse: () => new MediaResponseReader('transcript'),
};

const speech: Endpoint = {
  ...image,
  modality: 'audio',
  readRequest: (value) => readMediaRequest(value, spokenCharacters),
  readResponse: () => new MediaResponseReader('speech'),
};

/**
 * Routes for images and audio. Bodies of edits, variations and transcriptions are multipart forms: a caller that has only
 * bytes gives what fields it knows as an object, or nothing.
 */
export const MEDIA_ROUTES: { readonly [path: string]: Endpoint } = {
  '/images/generations': image,
  '/images/edits': image,
  '/images/variations': image,
  '/audio/transcriptions': transcript,
  '/audio/translations': transcript,
  '/audio/speech': speech,
};

function readMediaRequest(value: unknown, unitsOf: (body: Json) => BilledUnits | undefined): RequestFacts {
  const body = objectOrNothing(value);
  const { stream } = body;
  return requestFacts({
    model: asName(body.model),
    stream: typeof stream === 'boolean' ? stream : stream === 'true' || body.stream_format === 'sse' || undefined,
    parameters: readParameters(body),
    inputMessages: promptMessages(body.prompt ?? body.input),
    userId: userOf(body),
    units: unitsOf(body),
  });
}

/** How many pictures there are, the answer says. */
function imageFormat({ size, quality }: Json): BilledUnits | undefined {
  const [imageSize, imageQuality] = [imageWord(size), imageWord(quality)];
  if (imageSize === undefined && imageQuality === undefined) return undefined;
  return {
    ...(imageSize === undefined ? {} : { imageSize }),
    ...(imageQuality === undefined ? {} : { imageQuality }),
    source: 'counted',
  };
}

/** Speech is paid by the text that is read out; the answer is nothing but sound. */
function spokenCharacters({ input }: Json): BilledUnits | undefined {
  return typeof input === 'string' && input !== ''
    ? { inputCharacters: characterCount(input), source: 'counted' }
    : undefined;
}
