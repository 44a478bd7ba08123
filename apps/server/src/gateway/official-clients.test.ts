import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import type { Cassette } from '@vedetta/providers/testing';
import { readCassettes } from '@vedetta/providers/testing';
import { generateText, streamText } from 'ai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeUpstream } from '../testing/fake-upstream.js';
import { startFakeUpstream } from '../testing/fake-upstream.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, startTestServer } from '../testing/test-server.js';

// The usual calls of the official clients, once against the upstream itself and once with the gateway as base URL: what the user's
// code gets is the same. The upstream replays recorded answers.

const all = readCassettes();

/** The first recorded answer of a route. */
function answerOf(provider: string, path: string, stream: boolean, holds = ''): Cassette {
  const found = all?.find(
    (each) =>
      each.provider === provider &&
      each.status === 200 &&
      each.stream === stream &&
      new URL(each.uri).pathname === path &&
      (each.response_body ?? '').includes(holds),
  );
  if (found === undefined) throw new Error(`no ${provider} ${path} holds ${holds}`);
  return found;
}

const messages = [{ role: 'user' as const, content: 'Hi' }];
const TOOLS = [
  {
    type: 'function' as const,
    function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
];

/** Everything an async iterable gives. */
async function collect<T>(stream: AsyncIterable<T> | PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of await stream) items.push(item);
  return items;
}

const openai = (baseURL: string) =>
  new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: 'sk-test-0123456789', maxRetries: 0 });
const anthropic = (baseURL: string) => new Anthropic({ baseURL, apiKey: 'sk-ant-0123456789', maxRetries: 0 });
const ollama = (host: string) => new Ollama({ host });
const vercel = (baseURL: string) =>
  createOpenAICompatible({ name: 'up', baseURL: `${baseURL}/v1`, apiKey: 'sk-test-0123456789', includeUsage: false })(
    'gpt-4o',
  );

type Case = readonly [
  name: string,
  upstream: string,
  answer: () => Cassette,
  use: (baseUrl: string) => Promise<unknown>,
];

const CHAT = '/v1/chat/completions';
const CASES: readonly Case[] = [
  [
    'openai: chat',
    'openai',
    () => answerOf('openai', CHAT, false),
    (url) => openai(url).chat.completions.create({ model: 'gpt-4o', messages }),
  ],
  [
    'openai: chat with tools',
    'openai',
    () => answerOf('openai', CHAT, false, '"tool_calls"'),
    (url) => openai(url).chat.completions.create({ model: 'gpt-4o', messages, tools: TOOLS }),
  ],
  [
    'openai: streamed chat',
    'openai',
    () => answerOf('openai', CHAT, true),
    (url) =>
      collect(
        openai(url).chat.completions.create({
          model: 'gpt-4o',
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
  ],
  [
    'openai: streamed chat with tools',
    'openai',
    () => answerOf('openai', CHAT, true, '"tool_calls"'),
    (url) =>
      collect(
        openai(url).chat.completions.create({
          model: 'gpt-4o',
          messages,
          tools: TOOLS,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
  ],
  [
    'openai: embeddings',
    'openai',
    () => answerOf('openai', '/v1/embeddings', false),
    (url) => openai(url).embeddings.create({ model: 'text-embedding-3-small', input: 'Hi' }),
  ],
  [
    'openai: responses',
    'openai',
    () => answerOf('openai', '/v1/responses', false),
    (url) => openai(url).responses.create({ model: 'gpt-4o', input: 'Hi' }),
  ],
  [
    'openai: streamed responses',
    'openai',
    () => answerOf('openai', '/v1/responses', true),
    (url) => collect(openai(url).responses.create({ model: 'gpt-4o', input: 'Hi', stream: true })),
  ],
  [
    'anthropic: messages',
    'anthropic',
    () => answerOf('anthropic', '/v1/messages', false),
    (url) => anthropic(url).messages.create({ model: 'claude-3', max_tokens: 9, messages }),
  ],
  [
    'anthropic: streamed messages',
    'anthropic',
    () => answerOf('anthropic', '/v1/messages', true),
    (url) => collect(anthropic(url).messages.create({ model: 'claude-3', max_tokens: 9, messages, stream: true })),
  ],
  [
    'anthropic: tools',
    'anthropic',
    () => answerOf('anthropic', '/v1/messages', false, 'tool_use'),
    (url) =>
      anthropic(url).messages.create({
        model: 'claude-3',
        max_tokens: 9,
        messages,
        tools: [{ name: 't', input_schema: { type: 'object' } }],
      }),
  ],
  [
    'ollama: chat',
    'ollama',
    () => answerOf('ollama', '/api/chat', false),
    (url) => ollama(url).chat({ model: 'llama3', messages }),
  ],
  [
    'ollama: streamed chat',
    'ollama',
    () => answerOf('ollama', '/api/chat', true),
    (url) => collect(ollama(url).chat({ model: 'llama3', messages, stream: true })),
  ],
  [
    'ollama: streamed generate',
    'ollama',
    () => answerOf('ollama', '/api/generate', true),
    (url) => collect(ollama(url).generate({ model: 'llama3', prompt: 'Hi', stream: true })),
  ],
  [
    'ai: generateText',
    'openai',
    () => answerOf('openai', CHAT, false),
    async (url) => (await generateText({ model: vercel(url), prompt: 'Hi', maxRetries: 0 })).text,
  ],
  [
    'ai: streamText',
    'openai',
    () => answerOf('openai', CHAT, true),
    async (url) => collect(streamText({ model: vercel(url), prompt: 'Hi', maxRetries: 0 }).textStream),
  ],
];

describe.skipIf(all === undefined)('official clients (skipped: no shared data)', () => {
  let upstream: FakeUpstream;
  let server: TestServer;
  let answer: Cassette;

  beforeAll(async () => {
    upstream = await startFakeUpstream((_request, response) => {
      response.writeHead(answer.status, { 'content-type': answer.content_type });
      response.end(answer.response_body ?? '');
    });
    const env = Object.fromEntries(
      ['OPENAI', 'ANTHROPIC', 'OLLAMA'].map((name) => [`VEDETTA_GATEWAY_${name}_URL`, upstream.url]),
    );
    server = await startTestServer({ gatewayOllamaPort: 0 }, { env });
  });

  afterAll(async () => {
    await closeTestServers();
    await upstream.close();
  });

  test.each(CASES)('%s', async (_name, name, find, use) => {
    answer = find();
    const direct = await use(upstream.url);
    const before = upstream.received.length;
    const through = await use(`${server.url}/gateway/${name}`);
    expect(through).toEqual(direct);
    expect(upstream.received.length).toBe(before + 1);
    // All but the timings of a client is what it sends to the provider itself.
    const [directRequest, throughRequest] = upstream.received.slice(-2);
    expect(throughRequest?.headers['user-agent']).toBe(directRequest?.headers['user-agent']);
  });

  test('OLLAMA_HOST may point at a port of its own', async () => {
    answer = answerOf('ollama', '/api/chat', true);
    const direct = await collect(ollama(upstream.url).chat({ model: 'llama3', messages, stream: true }));
    expect(await collect(ollama(server.urls.ollama!).chat({ model: 'llama3', messages, stream: true }))).toEqual(
      direct,
    );
  });

  test('all of it is recorded', async () => {
    await expect.poll(async () => (await server.client.listRequests()).requests.length).toBe(CASES.length + 1);
    const { requests } = await server.client.listRequests();
    expect(requests.filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(new Set(requests.map(({ provider }) => provider))).toEqual(new Set(['openai', 'anthropic', 'ollama']));
  });
});
