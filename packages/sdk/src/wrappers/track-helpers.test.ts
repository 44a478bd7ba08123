import Anthropic from '@anthropic-ai/sdk';
import defaultOllama, { Ollama } from 'ollama';
import { describe, expect, it } from 'vitest';
import type { SpanRecord } from '../span-record.js';
import { spanAttributes } from '../span-record.js';
import { chunk, completion, endless, events, json } from './testing/replies.js';
import { setScene } from './testing/scene.js';
import { track } from './track.js';

const { upstream, memory, monitor, onlyCall, openAi } = await setScene();
const messages = [{ role: 'user' as const, content: 'Hi' }];

describe('helpers of the clients', () => {
  const tool = {
    type: 'function' as const,
    function: {
      name: 'weather',
      parameters: { type: 'object', properties: {} },
      function: () => 'sunny',
      parse: (text: string) => JSON.parse(text) as object,
      description: 'the weather',
    },
  };

  it('runTools records every step', async () => {
    upstream.answer = () =>
      upstream.calls.length === 1
        ? json({
            id: 'c1',
            object: 'chat.completion',
            created: 1,
            model: 'gpt-4o',
            choices: [
              {
                index: 0,
                finish_reason: 'tool_calls',
                message: {
                  role: 'assistant',
                  content: null,
                  tool_calls: [{ id: 't1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
                },
              },
            ],
          })
        : completion('Sunny');
    const runner = track(openAi(), { monitor }).chat.completions.runTools({ model: 'gpt-4o', messages, tools: [tool] });
    expect(await runner.finalContent()).toBe('Sunny');
    const calls = memory.spans.filter(({ kind }) => kind === 'llm');
    expect(calls).toHaveLength(2);
    expect(spanAttributes(calls[0] as SpanRecord)['gen_ai.output.messages']).toContain('tool_call');
    expect(spanAttributes(calls[1] as SpanRecord)['gen_ai.input.messages']).toContain('sunny');
  });

  it('chat.completions.stream and parse go the same way', async () => {
    const client = track(openAi(), { monitor });
    upstream.answer = () =>
      events([
        chunk({ role: 'assistant', content: 'Hi' }),
        chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        'data: [DONE]\n\n',
      ]);
    const helper = client.chat.completions.stream({ model: 'gpt-4o', messages });
    const deltas: string[] = [];
    helper.on('content', (delta) => deltas.push(delta));
    expect((await helper.finalMessage()).content).toBe('Hi');
    expect(deltas).toEqual(['Hi']);
    onlyCall();
    memory.spans.length = 0;
    upstream.answer = () => completion('{"a":1}');
    const parsed = await client.chat.completions.parse({ model: 'gpt-4o', messages });
    expect(parsed.choices[0]?.message.content).toBe('{"a":1}');
    onlyCall();
  });

  it('messages.stream of Anthropic emits its events and its final message', async () => {
    const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
    upstream.answer = () =>
      events([
        event('message_start', {
          message: {
            id: 'm1',
            type: 'message',
            role: 'assistant',
            model: 'claude',
            content: [],
            stop_reason: null,
            usage: { input_tokens: 7, output_tokens: 1 },
          },
        }),
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Bonjour' } }),
        event('content_block_stop', { index: 0 }),
        event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } }),
        event('message_stop', {}),
      ]);
    const client = track(new Anthropic({ baseURL: upstream.url, apiKey: 'none', maxRetries: 0 }), { monitor });
    const helpers = [
      () => client.messages.stream({ model: 'claude', max_tokens: 9, messages }),
      () => client.beta.messages.stream({ model: 'claude', max_tokens: 9, messages }) as never,
    ] satisfies (() => ReturnType<typeof client.messages.stream>)[];
    for (const start of helpers) {
      memory.spans.length = 0;
      const helper = start();
      const texts: string[] = [];
      helper.on('text', (text) => texts.push(text));
      expect((await helper.finalMessage()).content[0]).toMatchObject({ type: 'text', text: 'Bonjour' });
      expect(texts).toEqual(['Bonjour']);
      expect(spanAttributes(onlyCall())).toMatchObject({
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.usage.output_tokens': 4,
        'gen_ai.provider.name': 'anthropic',
      });
    }
  });

  it('speech hands over its bytes', async () => {
    upstream.answer = () => ({ headers: { 'content-type': 'audio/mpeg' }, body: 'sound' });
    const answer = await track(openAi(), { monitor }).audio.speech.create({
      model: 'tts-1',
      voice: 'alloy',
      input: 'Hi',
    });
    expect(await answer.text()).toBe('sound');
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.request.model': 'tts-1',
      'vedetta.usage.input_characters': 2,
      'vedetta.usage.units_source': 'counted',
    });
  });

  it('speech that failed is billed nothing', async () => {
    upstream.answer = () => ({ status: 503, headers: { 'content-type': 'text/html' }, body: 'busy' });
    const speech = track(openAi(), { monitor }).audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hi' });
    await expect(speech).rejects.toThrow('503');
    expect(spanAttributes(onlyCall())).not.toHaveProperty('vedetta.usage.input_characters');
  });

  it('what a form asks for is read', async () => {
    upstream.answer = () => json({ created: 1, data: [{ b64_json: 'AAAA' }] });
    const image = new File(['cat'], 'cat.png', { type: 'image/png' });
    await track(openAi(), { monitor }).images.edit({ model: 'dall-e-2', image, prompt: 'a hat', size: '512x512' });
    expect(upstream.calls[0]?.text).toContain('a hat');
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.request.model': 'dall-e-2',
      'vedetta.usage.output_images': 1,
      'vedetta.usage.image_size': '512x512',
      'vedetta.usage.units_source': 'reported',
    });
  });

  it('transcription sends its file', async () => {
    upstream.answer = () =>
      json({ text: 'Hello', usage: { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 } });
    const file = new File(['sound'], 'a.mp3');
    const answer = await track(openAi(), { monitor }).audio.transcriptions.create({ model: 'whisper-1', file });
    expect(answer.text).toBe('Hello');
    expect(upstream.calls[0]?.text).toContain('sound');
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.request.model': 'whisper-1',
      'gen_ai.usage.input_tokens': 14,
      'gen_ai.usage.output_tokens': 5,
    });
  });
});

describe('the client of Ollama', () => {
  const line = (text: string, more: object = { done: false }) =>
    `${JSON.stringify({ model: 'llama3', message: { role: 'assistant', content: text }, ...more })}\n`;

  it('keeps its iterator, which can be aborted', async () => {
    upstream.answer = () => ({
      headers: { 'content-type': 'application/x-ndjson' },
      pieces: endless(line('a'), line('b')),
    });
    const plain = new Ollama({ host: upstream.url });
    const client = track(plain, { monitor });
    expect(client).toBeInstanceOf(Ollama);
    const answer = await client.chat({ model: 'llama3', messages, stream: true });
    const read = async () => {
      for await (const _ of answer) client.abort();
    };
    const error = await read().catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'AbortError' });
    await expect.poll(() => upstream.aborted.length).toBe(1);
    expect(spanAttributes(onlyCall())).toMatchObject({
      'vedetta.state': 'cancelled',
      'gen_ai.provider.name': 'ollama',
    });
  });

  it('embeds, and tracks the default instance without changing it', async () => {
    upstream.answer = () => json({ model: 'all-minilm', embeddings: [[0.1]], prompt_eval_count: 3 });
    await track(new Ollama({ host: upstream.url }), { monitor }).embed({ model: 'all-minilm', input: 'a' });
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.usage.input_tokens': 3,
    });
    expect(track(defaultOllama, { monitor })).not.toBe(defaultOllama);
    expect(Object.getOwnPropertySymbols(defaultOllama)).toEqual([]);
  });

  it('tells its errors', async () => {
    upstream.answer = () => json({ error: 'model "x" not found' }, 404);
    const client = track(new Ollama({ host: upstream.url }), { monitor });
    const error = await client.generate({ model: 'x', prompt: 'a' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'ResponseError', status_code: 404 });
    expect(onlyCall()).toMatchObject({ success: false, errorType: 'ResponseError' });
    expect(spanAttributes(onlyCall())['http.response.status_code']).toBe(404);
  });
});

describe('an object with the methods of a client', () => {
  it('is tracked method by method', async () => {
    class Fake {
      #answers = 0;
      readonly chat = {
        completions: {
          create: async (body: { model: string; stream?: boolean }) => ({
            ...answer,
            model: body.model,
            n: this.answered(),
          }),
        },
      };
      answered() {
        this.#answers += 1;
        return this.#answers;
      }
    }
    const answer = JSON.parse(String(completion('Hello').body)) as object;
    const fake = new Fake();
    const tracked = track(fake, { monitor });
    expect(await tracked.chat.completions.create({ model: 'm-1' })).toMatchObject({ model: 'm-1', n: 1 });
    expect(tracked.answered()).toBe(2);
    expect(tracked.chat).toBe(tracked.chat);
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.request.model': 'm-1',
      'gen_ai.usage.output_tokens': 3,
    });
    await fake.chat.completions.create({ model: 'm-1' });
    onlyCall();
  });
});

describe('more helpers', () => {
  it('responses.stream emits its events', async () => {
    const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
    const text = { type: 'output_text', text: 'Hi', annotations: [] };
    const item = { type: 'message', id: 'i1', role: 'assistant', status: 'completed', content: [text] };
    const usage = { input_tokens: 6, output_tokens: 2, total_tokens: 8 };
    const response = { id: 'r1', object: 'response', model: 'gpt-5', status: 'in_progress', output: [] };
    const at = { output_index: 0, content_index: 0, item_id: 'i1' };
    upstream.answer = () =>
      events([
        event('response.created', { response }),
        event('response.output_item.added', { output_index: 0, item: { ...item, content: [] } }),
        event('response.content_part.added', { ...at, part: { ...text, text: '' } }),
        event('response.output_text.delta', { ...at, delta: 'Hi', logprobs: [] }),
        event('response.completed', { response: { ...response, status: 'completed', output: [item], usage } }),
      ]);
    const helper = track(openAi(), { monitor }).responses.stream({ model: 'gpt-5', input: 'Hello' });
    const deltas: string[] = [];
    helper.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    expect((await helper.finalResponse()).output_text).toBe('Hi');
    expect(deltas).toEqual(['Hi']);
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.usage.input_tokens': 6,
      'gen_ai.usage.output_tokens': 2,
    });
  });

  it('toolRunner of Anthropic records every step', async () => {
    const message = (content: object, stop: string) =>
      json({
        id: 'm1',
        type: 'message',
        role: 'assistant',
        model: 'claude',
        content: [content],
        stop_reason: stop,
        usage: { input_tokens: 3, output_tokens: 2 },
      });
    upstream.answer = () =>
      upstream.calls.length === 1
        ? message({ type: 'tool_use', id: 't1', name: 'weather', input: {} }, 'tool_use')
        : message({ type: 'text', text: 'Sunny' }, 'end_turn');
    const client = track(new Anthropic({ baseURL: upstream.url, apiKey: 'none', maxRetries: 0 }), { monitor });
    const weather = {
      name: 'weather',
      input_schema: { type: 'object' as const },
      run: () => 'sunny',
      parse: (input: unknown) => input as object,
    };
    const runner = client.beta.messages.toolRunner({ model: 'claude', max_tokens: 9, messages, tools: [weather] });
    expect((await runner).content).toMatchObject([{ type: 'text', text: 'Sunny' }]);
    expect(memory.spans.filter(({ kind }) => kind === 'llm')).toHaveLength(2);
  });

  it('an early break of Anthropic closes the connection', async () => {
    const start = {
      type: 'message_start',
      message: {
        id: 'm',
        model: 'claude',
        role: 'assistant',
        content: [],
        usage: { input_tokens: 3, output_tokens: 1 },
      },
    };
    upstream.answer = () => events(endless(`event: message_start\ndata: ${JSON.stringify(start)}\n\n`));
    const client = track(new Anthropic({ baseURL: upstream.url, apiKey: 'none', maxRetries: 0 }), { monitor });
    for await (const _ of await client.messages.create({ model: 'claude', max_tokens: 9, messages, stream: true }))
      break;
    await expect.poll(() => upstream.aborted.length).toBe(1);
    expect(spanAttributes(onlyCall())).toMatchObject({ 'vedetta.state': 'cancelled', 'gen_ai.usage.input_tokens': 3 });
  });
});
