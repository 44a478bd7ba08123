import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toGenAiAttributes } from './call-attributes.js';
import { MAX_KEPT_CHARACTERS } from './kept-text.js';
import type { Endpoint } from './provider.js';
import { findProvider } from './providers.js';

const PATHS: readonly (readonly [provider: string, path: string])[] = [
  ['openai', '/v1/chat/completions'],
  ['openai', '/v1/completions'],
  ['openai', '/v1/responses'],
  ['openai', '/v1/embeddings'],
  ['openai', '/v1/images/generations'],
  ['openai', '/v1/audio/transcriptions'],
  ['azure', '/openai/deployments/mine/chat/completions'],
  ['anthropic', '/v1/messages'],
  ['anthropic', '/v1/complete'],
  ['ollama', '/api/chat'],
  ['ollama', '/api/generate'],
  ['ollama', '/api/embed'],
  ['gemini', '/v1beta/models/gemini-2.5-flash:generateContent'],
  ['gemini', '/v1beta/models/gemini-2.5-flash:batchEmbedContents'],
  ['cohere', '/v1/chat'],
  ['cohere', '/v2/chat'],
  ['bedrock', '/model/x/converse-stream'],
  ['bedrock', '/model/x/invoke'],
  ['llama.cpp', '/completion'],
  ['vllm', '/v1/rerank'],
];

function endpointAt(provider: string, path: string): Endpoint {
  const endpoint = findProvider(provider)?.match('POST', path);
  if (endpoint === undefined) throw new Error(`no endpoint at ${path} of ${provider}`);
  return endpoint;
}

// Members that the readers look for, so that arbitrary values come where they are read.
const MEMBERS = [
  'type',
  'choices',
  'delta',
  'message',
  'content',
  'tool_calls',
  'function',
  'arguments',
  'index',
  'usage',
  'error',
  'response',
  'output',
  'item',
  'model',
  'messages',
  'role',
  'parts',
  'candidates',
  'usageMetadata',
  'input',
  'prompt',
  'text',
  'name',
  'id',
  'status',
  'data',
  'done',
  'event_type',
  'contentBlockDelta',
  'toolUse',
  'content_block',
  'system',
  'tools',
  'stream',
  'stream_options',
  'images',
  'options',
  'contents',
  'generationConfig',
  'results',
  'timings',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'prompt_tokens_details',
  'cached_tokens',
  '__proto__',
  'constructor',
];
const words = fc.constantFrom(
  'message_start',
  'content_block_start',
  'content_block_delta',
  'message_delta',
  'tool_use',
  'text_delta',
  'function_call',
  'input_json_delta',
  'response.completed',
  'response.output_item.done',
  'response.output_text.delta',
  'completed',
  'image',
  'message',
  'reasoning',
  'text-generation',
  'content-delta',
  'tool-call-delta',
  'image_url',
  'toString',
  'data:;base64,',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    fc.jsonValue({ maxDepth: 2 }),
    words,
    fc.integer({ min: -3, max: 2 ** 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...MEMBERS), tie('value')), { maxLength: 6 })
      // As JSON.parse makes it: a member named `__proto__` is one like any other.
      .map(
        (members) =>
          JSON.parse(
            `{${members.map(([name, v]) => `${JSON.stringify(name)}:${JSON.stringify(v)}`).join()}}`,
          ) as unknown,
      ),
  ),
}));

describe.each(PATHS)('%s %s', (provider, path) => {
  const endpoint = endpointAt(provider, path);

  it('takes any JSON for a request, an answer and an event', () => {
    fc.assert(
      fc.property(
        value,
        fc.array(value, { maxLength: 5 }),
        fc.constantFrom('', 'messageStop', 'xException'),
        (body, events, name) => {
          const request = endpoint.readRequest(body);
          endpoint.usageOption?.(body)?.isExtraEvent(body);
          const whole = endpoint.readResponse();
          whole.document(body);
          const streamed = endpoint.readResponse();
          for (const event of events) {
            expect(['none', 'reasoning', 'visible', 'tool_call']).toContain(streamed.event(event, name));
            streamed.facts();
          }
          for (const facts of [whole.facts(), streamed.facts()]) {
            JSON.stringify(toGenAiAttributes({ name: provider }, endpoint, request, facts));
            for (const count of Object.values({ ...facts.usage })) {
              if (typeof count === 'number') expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes JSON that nests too deep to be written out again', () => {
    const deep = JSON.parse(`${'{"content":[{"type":"x","v":'.repeat(3000)}1${'}]}'.repeat(3000)}`) as unknown;
    for (const body of [deep, { messages: [deep], choices: [{ message: deep }], content: [deep], tools: [deep] }]) {
      const reader = endpoint.readResponse();
      reader.document(body);
      reader.event(body, '');
      JSON.stringify([endpoint.readRequest(body), reader.facts()]);
    }
  });
});

const ENDLESS: readonly (readonly [name: string, endpoint: Endpoint, event: (i: number) => unknown])[] = [
  [
    'chat',
    endpointAt('openai', '/v1/chat/completions'),
    () => ({ choices: [{ index: 0, delta: { content: 'word word ' } }] }),
  ],
  [
    'calls',
    endpointAt('openai', '/v1/chat/completions'),
    (i) => ({
      choices: [{ index: i, delta: { tool_calls: [{ index: i, function: { name: `f${i}`, arguments: '{"a":1}' } }] } }],
    }),
  ],
  [
    'responses',
    endpointAt('openai', '/v1/responses'),
    () => ({ type: 'response.output_text.delta', delta: 'word word ' }),
  ],
  [
    'messages',
    endpointAt('anthropic', '/v1/messages'),
    (i) => ({
      type: 'content_block_start',
      index: i,
      content_block: { type: 'server_tool_use', name: 'x', id: 'y', input: {} },
    }),
  ],
  ['ollama', endpointAt('ollama', '/api/chat'), () => ({ message: { content: 'word word ', thinking: 'hmm' } })],
  [
    'gemini',
    endpointAt('gemini', '/v1beta/models/m:streamGenerateContent'),
    () => ({ candidates: [{ content: { parts: [{ text: 'word word ' }] } }] }),
  ],
];

describe('a stream without end', () => {
  it.each(ENDLESS)('%s: what is kept is bounded, and what is left out is noted', (_, endpoint, event) => {
    const reader = endpoint.readResponse();
    for (let i = 0; i < 200_000; i++) reader.event(event(i), '');
    const kept = JSON.stringify(reader.facts());
    expect(kept.length).toBeLessThan(MAX_KEPT_CHARACTERS * 2.5);
  });

  it('the note says how much is missing', () => {
    const reader = endpointAt('openai', '/v1/chat/completions').readResponse();
    for (let i = 0; i < 3; i++)
      reader.event({ choices: [{ delta: { content: 'x'.repeat(MAX_KEPT_CHARACTERS / 2) } }] }, '');
    expect(reader.facts().outputMessages?.[0]?.parts[1]).toEqual({
      type: 'omitted',
      reason: 'limit',
      characters: MAX_KEPT_CHARACTERS / 2,
    });
  });
});

describe('data', () => {
  const data = 'A'.repeat(40_000);

  it.each([
    [
      'openai',
      '/v1/chat/completions',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
              { type: 'input_audio', input_audio: { data, format: 'wav' } },
            ],
          },
        ],
      },
    ],
    [
      'openai',
      '/v1/responses',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: `data:image/png;base64,${data}` }] }] },
    ],
    [
      'anthropic',
      '/v1/messages',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
              { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: { data } }] },
            ],
          },
        ],
      },
    ],
    ['ollama', '/api/chat', { messages: [{ role: 'user', content: 'see', images: [data] }] }],
    [
      'gemini',
      '/v1beta/models/m:generateContent',
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data } }] }] },
    ],
    [
      'bedrock',
      '/model/m/converse',
      { messages: [{ role: 'user', content: [{ image: { format: 'png', source: { bytes: data } } }] }] },
    ],
  ])('%s %s keeps the size of pictures and sounds, not their data', (provider, path, body) => {
    const kept = JSON.stringify(endpointAt(provider, path).readRequest(body));
    expect(kept).toContain('"size_bytes":30000');
    expect(kept.length).toBeLessThan(1000);
  });
});
