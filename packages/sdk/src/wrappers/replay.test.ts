import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySink } from '../memory-sink.js';
import { createMonitor } from '../monitor.js';
import { spanAttributes } from '../span-record.js';
import type { Exchange } from './testing/exchanges.js';
import { readExchanges, replyOf } from './testing/exchanges.js';
import { outcomeOf } from './testing/outcome.js';
import type { Upstream } from './testing/upstream.js';
import { startUpstream } from './testing/upstream.js';
import { track } from './track.js';

type Body = never;

/** Methods of the clients by the end of the recorded address. */
const OPENAI: Methods<OpenAI> = [
  ['/chat/completions', (client, body) => client.chat.completions.create(body)],
  ['/completions', (client, body) => client.completions.create(body)],
  ['/responses', (client, body) => client.responses.create(body)],
  ['/embeddings', (client, body) => client.embeddings.create(body)],
  ['/images/generations', (client, body) => client.images.generate(body)],
];
const ANTHROPIC: Methods<Anthropic> = [['/v1/messages', (client, body) => client.messages.create(body)]];
const OLLAMA: Methods<Ollama> = [
  ['/api/chat', (client, body) => client.chat(body)],
  ['/api/generate', (client, body) => client.generate(body)],
  ['/api/embeddings', (client, body) => client.embeddings(body)],
];

type Methods<C> = readonly (readonly [end: string, call: (client: C, body: Body) => unknown])[];

const exchanges = readExchanges();
const memory = memorySink();
const monitor = createMonitor({ sinks: [memory], flushOnExit: false });
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

/** An OpenAI-compatible API with no client of its own here; the others have their own way. */
const COMPATIBLE = new Set(['openai', 'groq', 'mistral', 'deepseek', 'together', 'localhost:5002', 'localhost:8000']);

describe.skipIf(exchanges === undefined)('recorded exchanges (skipped: no shared data)', () => {
  describe.each([
    ['openai', (exchange: Exchange) => COMPATIBLE.has(exchange.provider), OPENAI, openAi],
    ['AzureOpenAI', ({ provider }: Exchange) => provider === 'azure-openai', OPENAI, azure],
    ['@anthropic-ai/sdk', ({ provider }: Exchange) => provider === 'anthropic', ANTHROPIC, anthropic],
    ['ollama', ({ provider }: Exchange) => provider === 'ollama', OLLAMA, ollama],
  ] as const)('through %s', (_client, isOf, methods, makeClient) => {
    const cases = (exchanges ?? []).filter(isOf).flatMap((exchange) => {
      const { pathname } = new URL(exchange.uri);
      const call = (methods as Methods<never>).find(([end]) => pathname.endsWith(end))?.[1];
      return call === undefined ? [] : [{ name: exchange.source.split('/').at(-1) ?? '', exchange, call }];
    });

    it('has some', () => expect(cases.length).toBeGreaterThan(10));

    it.each(cases)('$name', async ({ exchange, call }) => {
      upstream.answer = () => replyOf(exchange);
      const client = makeClient(exchange) as never;
      const body = () => structuredClone(exchange.request) as never;
      const expected = await outcomeOf(() => call(client, body()));
      memory.spans.length = 0;
      upstream.calls.length = 0;
      expect(await outcomeOf(() => call(track(client, { monitor }), body()))).toStrictEqual(expected);
      expect(upstream.calls).toHaveLength(1);
      expectSpanOf(exchange, expected.error !== undefined);
    });
  });
});

function openAi(): object {
  return new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'none', maxRetries: 0 });
}

function azure({ uri }: Exchange): object {
  const deployment = /deployments\/([^/]+)/.exec(uri)?.[1] ?? '';
  return new AzureOpenAI({
    endpoint: upstream.url,
    apiKey: 'none',
    apiVersion: '2024-10-21',
    deployment,
    maxRetries: 0,
  });
}

function anthropic(): object {
  return new Anthropic({ baseURL: upstream.url, apiKey: 'none', maxRetries: 0 });
}

function ollama(): object {
  return new Ollama({ host: upstream.url });
}

const PHASES = [
  ...['first_byte', 'first_token', 'reasoning', 'generation', 'response_body'],
  ...['model_load', 'prompt_evaluation', 'token_generation'],
];

/** One call under one request, with what the provider itself said of it. */
function expectSpanOf(exchange: Exchange, hasFailed: boolean): void {
  const [span, ...phases] = memory.spans;
  const request = phases.pop();
  expect([span?.kind, request?.kind]).toEqual(['llm', 'request']);
  const names = phases.map(({ kind, name }) => (kind === 'phase' ? name : kind));
  expect(PHASES).toEqual(expect.arrayContaining(names));
  if (exchange.response_body?.includes('"eval_duration"')) expect(names).toContain('token_generation');
  if (span === undefined || request === undefined) return;
  const hasErrorBody = exchange.response_body?.trimStart().startsWith('{ "error"') === true;
  expect([span.success, request.success]).toEqual(Array(2).fill(!hasFailed && !hasErrorBody));
  const attributes = spanAttributes(span);
  const { usage } = exchange;
  const cached = (usage?.cache_read ?? 0) + (usage?.cache_write ?? 0);
  expect(attributes['gen_ai.usage.input_tokens']).toBe(usage?.input === undefined ? undefined : usage.input + cached);
  expect(attributes['gen_ai.usage.output_tokens']).toBe(usage?.output);
  if (!hasFailed && exchange.response_model !== null) {
    expect(attributes['gen_ai.response.model']).toBe(exchange.response_model);
  }
}
