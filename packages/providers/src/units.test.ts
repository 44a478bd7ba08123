import type { BilledUnits } from '@vedetta/model';
import { readUnits, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallAttributeOptions } from './call-attributes.js';
import { toGenAiAttributes } from './call-attributes.js';
import { openAiCompatible } from './compatible/provider.js';
import { findProvider } from './providers.js';
import { endpointOf, factsOf, providerOf, readCassettes } from './testing/cassettes.js';
import { characterCount } from './usage-counts.js';

const cassettes = readCassettes();

/** One exchange, and the units that its attributes state. */
function exchange(
  provider: string,
  path: string,
  asked: unknown,
  answers: { readonly body?: unknown; readonly events?: readonly unknown[] },
  options?: CallAttributeOptions,
): BilledUnits | undefined {
  const found = findProvider(provider) ?? openAiCompatible(provider);
  const endpoint = found.match('POST', path);
  if (endpoint === undefined) throw new Error(`no endpoint at ${path}`);
  const reader = endpoint.readResponse();
  if (answers.body !== undefined) reader.document(answers.body);
  for (const event of answers.events ?? []) reader.event(event, '');
  return unitsIn(toGenAiAttributes(found, endpoint, endpoint.readRequest(asked), reader.facts(), options));
}

function unitsIn(attributes: { readonly [name: string]: unknown }): BilledUnits | undefined {
  return readUnits((name) => attributes[VEDETTA_ATTRIBUTES.unitsPrefix + name]);
}

const IMAGES = '/v1/images/generations';
const RESPONSES = '/v1/responses';
const SEARCHES = [
  { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'a' } },
  { type: 'web_search_call', id: 'ws_2', status: 'completed', action: { type: 'open_page', url: 'u' } },
  { type: 'web_search_call', id: 'ws_3', status: 'failed', action: { type: 'search', query: 'b' } },
  // The first form of the tool had no action.
  { type: 'web_search_call', id: 'ws_4', status: 'completed' },
];
const SEARCH_EVENTS = SEARCHES.map((item, output_index) => ({ type: 'response.output_item.done', output_index, item }));
const SPEECH = '/v1/audio/speech';
const TRANSCRIPTIONS = '/v1/audio/transcriptions';
const REPORTED = { source: 'reported' } as const;
const PREDICT = '/v1/projects/p/locations/l/publishers/google/models';

describe('units of a call', () => {
  it.each<[string, BilledUnits | undefined, BilledUnits | undefined]>([
    [
      'pictures are those that came, in the size that was asked for',
      exchange(
        'openai',
        IMAGES,
        { n: 3, size: '1024x1792', quality: 'hd' },
        { body: { data: [{ url: 'u' }, { b64_json: 'AA==' }] } },
      ),
      { outputImages: 2, imageSize: '1024x1792', imageQuality: 'hd', ...REPORTED },
    ],
    [
      'what the provider chose counts, where it was left to it',
      exchange(
        'openai',
        IMAGES,
        { size: 'auto', quality: 'auto' },
        { body: { data: [{ b64_json: 'AA==' }], size: '1536x1024', quality: 'medium' } },
      ),
      { outputImages: 1, imageSize: '1536x1024', imageQuality: 'medium', ...REPORTED },
    ],
    [
      'previews of a picture are none',
      exchange(
        'openai',
        IMAGES,
        { stream: true },
        {
          events: [
            { type: 'image_generation.partial_image', b64_json: 'AA==' },
            { type: 'image_generation.completed', b64_json: 'AA==', size: '1024x1024', quality: 'low' },
          ],
        },
      ),
      { outputImages: 1, imageSize: '1024x1024', imageQuality: 'low', ...REPORTED },
    ],
    ['no picture came', exchange('openai', IMAGES, {}, { body: { data: [] } }), { outputImages: 0, ...REPORTED }],
    [
      'a refused picture is not there',
      exchange('openai', IMAGES, { size: '256x256' }, { body: { error: { message: 'no' } } }),
      undefined,
    ],
    [
      'seconds of a recording',
      exchange('openai', TRANSCRIPTIONS, undefined, { body: { text: 'hi', usage: { type: 'duration', seconds: 12 } } }),
      { inputSeconds: 12, ...REPORTED },
    ],
    [
      'seconds of a recording in detail',
      exchange('groq', '/openai/v1/audio/transcriptions', undefined, { body: { text: 'hi', duration: 8.47 } }),
      { inputSeconds: 8.47, ...REPORTED },
    ],
    [
      'seconds as text',
      exchange('openai', '/v1/audio/translations', undefined, { body: { text: 'hi', duration: '8.470000267028809' } }),
      { inputSeconds: 8.470000267028809, ...REPORTED },
    ],
    [
      'text that is no number of seconds',
      exchange('openai', TRANSCRIPTIONS, undefined, { body: { text: 'hi', duration: 'long' } }),
      undefined,
    ],
    [
      'a recording that nobody measured',
      exchange('openai', TRANSCRIPTIONS, undefined, { body: { text: 'hi' } }),
      undefined,
    ],
    [
      'characters that were read out, whatever the sound is',
      exchange('openai', SPEECH, { input: 'Grüße 👋🏽' }, {}),
      { inputCharacters: 8, source: 'counted' },
    ],
    [
      'nothing that a failed call was asked',
      exchange('openai', SPEECH, { input: 'hello' }, {}, { succeeded: false }),
      undefined,
    ],
    [
      'nothing that a refused call was asked',
      exchange('openai', SPEECH, { input: 'hello' }, { body: { error: { message: 'no' } } }),
      undefined,
    ],
    [
      'searches of a ranking',
      exchange(
        'cohere',
        '/v2/rerank',
        { query: 'q', documents: ['a'] },
        { body: { meta: { billed_units: { search_units: 2 } } } },
      ),
      { searchUnits: 2, ...REPORTED },
    ],
    [
      'at least so many searches, where the answer does not say',
      exchange(
        'bedrock',
        '/model/cohere.rerank-v3-5:0/invoke',
        { query: 'q', documents: Array(101).fill('a') },
        { body: { results: [] } },
      ),
      { searchUnits: 2, source: 'estimated' },
    ],
    [
      'pictures that were embedded',
      exchange('cohere', '/v2/embed', {}, { body: { meta: { billed_units: { images: 1 } } } }),
      { inputImages: 1, ...REPORTED },
    ],
    [
      'searches of the web',
      exchange(
        'anthropic',
        '/v1/messages',
        {},
        {
          body: {
            type: 'message',
            usage: { input_tokens: 1, output_tokens: 2, server_tool_use: { web_search_requests: 3 } },
          },
        },
      ),
      { webSearches: 3, ...REPORTED },
    ],
    [
      'OpenAI’s searches of the web are the calls that searched',
      exchange('openai', RESPONSES, {}, { body: { status: 'completed', output: SEARCHES } }),
      { webSearches: 2, ...REPORTED },
    ],
    [
      'in a stream that breaks off, too',
      exchange('openai', RESPONSES, {}, { events: SEARCH_EVENTS }),
      { webSearches: 2, ...REPORTED },
    ],
    [
      'and not twice where the end of the stream has them again',
      exchange(
        'openai',
        RESPONSES,
        {},
        {
          events: [
            ...SEARCH_EVENTS,
            { type: 'response.completed', response: { status: 'completed', output: SEARCHES } },
          ],
        },
      ),
      { webSearches: 2, ...REPORTED },
    ],
    [
      'no search of the web',
      exchange(
        'anthropic',
        '/v1/messages',
        {},
        {
          body: {
            type: 'message',
            usage: { input_tokens: 1, output_tokens: 2, server_tool_use: { web_search_requests: 0 } },
          },
        },
      ),
      undefined,
    ],
    [
      'pictures of Imagen, but those withheld',
      exchange(
        'vertex',
        `${PREDICT}/imagen-4.0-generate-001:predict`,
        { instances: [{ prompt: 'a cat' }] },
        {
          body: { predictions: [{ bytesBase64Encoded: 'AA==' }, { raiFilteredReason: 'no' }] },
        },
      ),
      { outputImages: 1, ...REPORTED },
    ],
    [
      'characters that Vertex bills',
      exchange(
        'vertex',
        `${PREDICT}/text-embedding-005:predict`,
        {},
        {
          body: {
            predictions: [{ embeddings: { statistics: { token_count: 4 } } }],
            metadata: { billableCharacterCount: 11 },
          },
        },
      ),
      { inputCharacters: 11, ...REPORTED },
    ],
    [
      'pictures of Amazon',
      exchange(
        'bedrock',
        '/model/amazon.nova-canvas-v1:0/invoke',
        { textToImageParams: { text: 'cat' }, imageGenerationConfig: { width: 512, height: 768 } },
        {
          body: { images: ['AA==', 'AA=='] },
        },
      ),
      { outputImages: 2, imageSize: '512x768', ...REPORTED },
    ],
    [
      'pages',
      exchange('mistral', '/v1/ocr', {}, { body: { pages: [], usage_info: { pages_processed: 4 } } }),
      { pages: 4, ...REPORTED },
    ],
    [
      'no pages where they cost more than pages',
      exchange('mistral', '/v1/ocr', {}, { body: { document_annotation: '{}', usage_info: { pages_processed: 4 } } }),
      undefined,
    ],
    [
      'none of a chat',
      exchange('openai', '/v1/chat/completions', {}, { body: { usage: { prompt_tokens: 1 } } }),
      undefined,
    ],
  ])('%s', (_, units, expected) => {
    expect(units).toEqual(expected);
  });

  it('stand beside tokens, where there are both', () => {
    const reader = findProvider('openai')?.match('POST', SPEECH)?.readResponse();
    reader?.event(
      { type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 } },
      '',
    );
    expect(reader?.facts().usage).toMatchObject({ inputTokens: 14, outputTokens: 101, audioOutputTokens: 101 });
  });

  it('are characters as the whole world counts them', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => characterCount(text) === [...text].length));
  });
});

describe.skipIf(cassettes === undefined)('recorded exchanges (skipped: no shared data)', () => {
  it('pictures, rankings and searches of the web have units, failures and other chats none', () => {
    const seen = new Map<string, number>();
    for (const cassette of cassettes ?? []) {
      const [endpoint, provider] = [endpointOf(cassette), providerOf(cassette)];
      if (endpoint === undefined || provider === undefined) continue;
      const request = endpoint.readRequest(cassette.request);
      const units = unitsIn(toGenAiAttributes(provider, endpoint, request, factsOf(cassette, endpoint)));
      if (units === undefined) continue;
      const what = `${cassette.provider} ${endpoint.operation} ${JSON.stringify(units)}`;
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({
      'openai chat {"webSearches":1,"source":"reported"}': 1,
      'openai generate_content {"outputImages":1,"imageSize":"256x256","source":"reported"}': 2,
      'openai generate_content {"outputImages":1,"imageSize":"256x256","imageQuality":"standard","source":"reported"}': 1,
      'cohere rerank {"searchUnits":1,"source":"reported"}': 4,
    });
  });
});
