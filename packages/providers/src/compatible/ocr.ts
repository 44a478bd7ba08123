import type { Usage } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asList, asName, objectOrNothing } from '../json.js';
import { PlainResponseReader } from '../openai/plain-response.js';
import type { Endpoint } from '../provider.js';
import { withUnits } from '../usage-counts.js';

// More pages or pictures than this are not looked through.
const MAX_PAGES = 2000;

/** `POST .../ocr` as Mistral serves it: documents are read and billed by the page. Neither the document nor its text is kept. */
export const ocr: Endpoint = {
  operation: 'generate_content',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: (value) => requestFacts({ model: asName(objectOrNothing(value).model) }),
  readResponse: () => new PlainResponseReader((_, body) => ocrUsage(body)),
};

/** Pages with annotations have another price, which no list states: they are not counted. */
function ocrUsage(body: Json): Usage | undefined {
  const pages = asCount(objectOrNothing(body.usage_info).pages_processed);
  return isAnnotated(body) ? undefined : withUnits(undefined, { pages });
}

function isAnnotated(body: Json): boolean {
  const isStated = (value: unknown) => value !== undefined && value !== null;
  if (isStated(body.document_annotation)) return true;
  return asList(body.pages)
    .slice(0, MAX_PAGES)
    .some((page) =>
      asList(objectOrNothing(page).images)
        .slice(0, MAX_PAGES)
        .some((image) => isStated(objectOrNothing(image).image_annotation)),
    );
}
