import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV3Middleware } from '@ai-sdk/provider';
import { generateText, jsonSchema, stepCountIs, streamText, tool, wrapLanguageModel } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { memorySink } from '../memory-sink.js';
import { createMonitor } from '../monitor.js';
import type { SpanRecord } from '../span-record.js';
import { spanAttributes } from '../span-record.js';
import { vedettaMiddleware } from './ai-sdk-middleware.js';
import { readExchanges, replyOf } from './testing/exchanges.js';
import type { Upstream } from './testing/upstream.js';
import { startUpstream } from './testing/upstream.js';

const memory = memorySink();
const monitor = createMonitor({ sinks: [memory], flushOnExit: false });
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(() => {
  memory.spans.length = 0;
  upstream.calls.length = 0;
  upstream.aborted.length = 0;
});

const calls = () => memory.spans.filter(({ kind }) => kind === 'llm');

function groq(middleware: LanguageModelV3Middleware | undefined) {
  const provider = createOpenAICompatible({ name: 'groq', baseURL: `${upstream.url}/v1`, includeUsage: true });
  const model = provider('llama-3');
  return middleware === undefined ? model : wrapLanguageModel({ model, middleware });
}

function chunk(delta: object, more: object = {}): string {
  return `data: ${JSON.stringify({ id: 'c1', model: 'llama-3.1', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
}

const usage = {
  prompt_tokens: 20,
  completion_tokens: 8,
  total_tokens: 28,
  prompt_tokens_details: { cached_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

describe('the middleware for the AI SDK', () => {
  it('is one of the AI SDK', () => {
    expectTypeOf(vedettaMiddleware(monitor)).toExtend<LanguageModelV3Middleware>();
  });

  it('records a text with its usage', async () => {
    const message = { role: 'assistant', content: 'Hello' };
    upstream.answer = () => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: 'c1',
        model: 'llama-3.1',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage,
      }),
    });
    const ask = (middleware?: LanguageModelV3Middleware) =>
      generateText({ model: groq(middleware), system: 'Be brief', prompt: 'Hi', temperature: 0.2 });
    const plain = await ask();
    const tracked = await ask(vedettaMiddleware(monitor));
    expect([tracked.text, tracked.usage, tracked.content]).toEqual([plain.text, plain.usage, plain.content]);
    expect(calls()).toHaveLength(1);
    const attributes = spanAttributes(calls()[0] as SpanRecord);
    expect(attributes).toMatchObject({
      'gen_ai.provider.name': 'groq',
      'gen_ai.request.model': 'llama-3',
      'gen_ai.response.model': 'llama-3.1',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 8,
      'gen_ai.usage.cache_read.input_tokens': 5,
      'gen_ai.usage.reasoning.output_tokens': 3,
      'gen_ai.response.finish_reasons': ['stop'],
    });
    expect(attributes).not.toHaveProperty('vedetta.usage.source');
    expect(attributes['gen_ai.input.messages']).toContain('Be brief');
  });

  it('records each step of a loop with tools, streamed', async () => {
    const toolCall = {
      index: 0,
      id: 't1',
      type: 'function',
      function: { name: 'weather', arguments: '{"city":"Rome"}' },
    };
    upstream.answer = () => ({
      headers: { 'content-type': 'text/event-stream' },
      pieces:
        upstream.calls.length === 1
          ? [
              chunk({ tool_calls: [toolCall] }),
              chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }], usage }),
              'data: [DONE]\n\n',
            ]
          : [
              chunk({ reasoning_content: 'hm' }),
              chunk({ content: 'Sun' }),
              chunk(
                { content: 'ny' },
                { choices: [{ index: 0, delta: { content: 'ny' }, finish_reason: 'stop' }], usage },
              ),
              'data: [DONE]\n\n',
            ],
    });
    await monitor.request({ name: 'agent' }, async () => {
      const result = streamText({
        model: groq(vedettaMiddleware(monitor)),
        prompt: 'Weather in Rome?',
        tools: {
          weather: tool({
            inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } }),
            execute: async () => 'sunny',
          }),
        },
        stopWhen: stepCountIs(3),
      });
      expect(await result.text).toBe('Sunny');
    });
    const [first, second] = calls() as [SpanRecord, SpanRecord];
    expect(new Set(memory.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spanAttributes(first)['gen_ai.output.messages']).toContain('"arguments":{"city":"Rome"}');
    expect(spanAttributes(first)['gen_ai.response.finish_reasons']).toEqual(['tool_call']);
    const attributes = spanAttributes(second);
    expect(attributes['gen_ai.input.messages']).toContain('tool_call_response');
    expect(attributes['gen_ai.request.stream']).toBe(true);
    expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0);
    expect(attributes['vedetta.response.time_to_first_visible_chunk']).toBeGreaterThan(0);
  });

  it('records an abort as cancelled and closes the upstream', async () => {
    upstream.answer = () => ({ headers: { 'content-type': 'text/event-stream' }, pieces: endless() });
    const controller = new AbortController();
    const result = streamText({
      model: groq(vedettaMiddleware(monitor)),
      prompt: 'Hi',
      abortSignal: controller.signal,
      onError() {},
    });
    for await (const part of result.fullStream) if (part.type === 'text-delta') controller.abort();
    await expect.poll(() => upstream.aborted.length).toBe(1);
    await expect.poll(() => calls().length).toBe(1);
    expect(spanAttributes(calls()[0] as SpanRecord)['vedetta.state']).toBe('cancelled');
  });

  it('passes errors as they are', async () => {
    upstream.answer = () => ({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":{"message":"bad"}}',
    });
    const ask = (middleware?: LanguageModelV3Middleware) =>
      generateText({ model: groq(middleware), prompt: 'Hi', maxRetries: 0 }).catch((e: unknown) => e as Error);
    const plain = (await ask()) as Error;
    const tracked = (await ask(vedettaMiddleware(monitor))) as Error;
    expect([tracked.name, tracked.message, tracked.constructor]).toEqual([
      plain.name,
      plain.message,
      plain.constructor,
    ]);
    expect(calls()[0]).toMatchObject({ success: false });
    expect(spanAttributes(calls()[0] as SpanRecord)['http.response.status_code']).toBe(400);
  });

  const recorded = (readExchanges() ?? []).filter(
    ({ provider, uri, status }) => provider === 'openai' && uri.endsWith('/v1/responses') && status === 200,
  );

  it.skipIf(recorded.length === 0)('states the usage of recorded answers (skipped: no shared data)', async () => {
    let compared = 0;
    for (const exchange of recorded) {
      memory.spans.length = 0;
      upstream.answer = () => replyOf(exchange);
      const openai = createOpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'none' });
      const model = wrapLanguageModel({ model: openai('gpt-4o'), middleware: vedettaMiddleware(monitor) });
      const options = { model, prompt: 'Hi', maxRetries: 0 };
      if (exchange.stream) await streamText({ ...options, onError() {} }).consumeStream();
      else await generateText(options).catch(() => {});
      const attributes = spanAttributes(calls()[0] as SpanRecord);
      // Answers that the AI SDK itself refuses have no usage to state.
      if (calls()[0]?.success === false) continue;
      compared += 1;
      expect([exchange.source, attributes['gen_ai.usage.output_tokens']]).toEqual([
        exchange.source,
        exchange.usage?.output,
      ]);
    }
    expect(compared).toBeGreaterThan(50);
  });
});

async function* endless(): AsyncGenerator<string> {
  yield chunk({ content: 'Hel' });
  await new Promise(() => {});
}
