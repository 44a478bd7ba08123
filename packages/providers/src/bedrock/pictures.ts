import type { BilledUnits } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asObject, objectOrNothing } from '../json.js';
import { promptMessages } from '../openai/chat.js';
import { PicturesReader } from '../pictures-reader.js';
import type { Endpoint, RequestFacts } from '../provider.js';

const MODEL = /(?:^|[./])(?:amazon\.(?:titan-image|nova-canvas)|stability\.)/;

/** Models of Amazon and Stability that make pictures, invoked with their own bodies. */
export const pictures: Endpoint = {
  operation: 'generate_content',
  modality: 'image',
  streamFraming: 'aws',
  readRequest: readPictureRequest,
  readResponse: () => new PicturesReader(picturesOf),
};

/** Whether a model makes pictures, by its id on Bedrock. */
export function makesPictures(model: string): boolean {
  return MODEL.test(model);
}

function readPictureRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  const prompt = asObject(body.textToImageParams)?.text ?? body.prompt ?? body.text_prompts;
  return requestFacts({ inputMessages: promptMessages(prompt), units: formatOf(body) });
}

function formatOf(body: Json): BilledUnits | undefined {
  const config = objectOrNothing(body.imageGenerationConfig);
  const [width, height] = [asCount(config.width ?? body.width), asCount(config.height ?? body.height)];
  return width === undefined || height === undefined
    ? undefined
    : { imageSize: `${width}x${height}`, source: 'counted' };
}

/** `images` are texts; older answers of Stability have `artifacts`. */
function picturesOf({ images, artifacts }: Json): readonly unknown[] | undefined {
  if (Array.isArray(images)) return images;
  return Array.isArray(artifacts) ? artifacts.map((item) => objectOrNothing(item).base64) : undefined;
}
