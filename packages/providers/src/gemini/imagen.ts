import { requestFacts } from '../facts.js';
import { asList, objectOrNothing } from '../json.js';
import { promptMessages } from '../openai/chat.js';
import { PicturesReader } from '../pictures-reader.js';
import type { Endpoint } from '../provider.js';

/** Imagen by the method that Google's other models embed texts by: `imagen-4.0-generate-001:predict`, `imagegeneration@006:predict`. */
export const imagen: Endpoint = {
  operation: 'generate_content',
  modality: 'image',
  streamFraming: 'sse',
  readRequest: (value) =>
    requestFacts({
      inputMessages: promptMessages(
        asList(objectOrNothing(value).instances).flatMap((item) => objectOrNothing(item).prompt ?? []),
      ),
    }),
  readResponse: () =>
    new PicturesReader(({ predictions }) =>
      Array.isArray(predictions) ? predictions.map((item) => objectOrNothing(item).bytesBase64Encoded) : undefined,
    ),
};

/** Whether a model makes pictures. */
export function isImagen(model: string): boolean {
  return model.startsWith('imagen-') || model.startsWith('imagegeneration@');
}
