import Anthropic from '@anthropic-ai/sdk';
import defaultOllama, { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memorySink } from '../memory-sink.js';
import { createMonitor } from '../monitor.js';
import type { SpanRecord } from '../span-record.js';
import { spanAttributes } from '../span-record.js';
import type { Reply, Upstream } from './testing/upstream.js';
import { startUpstream } from './testing/upstream.js';
import { track } from './track.js';

const memory = memorySink();
const monitor = createMonitor({ sinks: [memory], flushOnExit: false });
let upstream: Upstream;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

beforeAll(async () => {
  upstream = await startUpstream();
  process.on('unhandledRejection', onUnhandled);
});
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled);
  await upstream.close();
});
beforeEach(() => {
  memory.spans.length = 0;
  unhandled.length = 0;
  upstream.calls.length = 0;
  upstream.aborted.length = 0;
  upstream.answer = () => completion('Hello');
});
afterEach(() => expect(unhandled).toEqual([]));

const messages = [{ role: 'user' as const, content: 'Hi' }];

function openAi(options: object = {}): OpenAI {
  return new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'none', maxRetries: 0, ...options });
}

function json(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function completion(content: string): Reply {
  const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  return json({ id: 'c1', object: 'chat.completion', created: 1, model: 'gpt-4o-2024', choices, usage });
}

function chunk(delta: object, more: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null }];
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices, ...more })}\n\n`;
}

function events(pieces: AsyncIterable<string> | Iterable<string>): Reply {
  return { headers: { 'content-type': 'text/event-stream' }, pieces };
}

/** Two pieces, and then nothing until the client goes away. */
async function* endless(...pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
  await new Promise(() => {});
}

function onlyCall(): SpanRecord {
  const calls = memory.spans.filter(({ kind }) => kind === 'llm');
  expect(calls).toHaveLength(1);
  return calls[0] as SpanRecord;
}

describe('a tracked client', () => {
  it('is the client as far as can be seen, and leaves the client as it was', async () => {
    const plain = openAi();
    const tracked = track(plain, { monitor });
    expect(tracked).toBeInstanceOf(OpenAI);
    expect(Object.getPrototypeOf(tracked)).toBe(OpenAI.prototype);
    expect(tracked.constructor).toBe(OpenAI);
    expect(Object.keys(tracked)).toEqual(Object.keys(plain));
    expect(tracked.chat).toBe(tracked.chat);
    expect(tracked.chat.completions).toBeInstanceOf(OpenAI.Chat.Completions);
    expect(tracked.chat.completions.create).toBe(plain.chat.completions.create);
    expect(tracked.post).toBe(tracked.post);
    await plain.chat.completions.create({ model: 'gpt-4o', messages });
    expect(memory.spans).toEqual([]);
  });

  it('tracked twice is tracked once', async () => {
    const tracked = track(openAi(), { monitor });
    expect(track(tracked, { monitor })).toBe(tracked);
    await track(tracked).chat.completions.create({ model: 'gpt-4o', messages });
    onlyCall();
  });

  it('takes changes of its members to the client, and hands out tracked copies', async () => {
    const plain = openAi();
    const tracked = track(plain, { monitor });
    tracked.timeout = 1234;
    expect(plain.timeout).toBe(1234);
    const copy = tracked.withOptions({ timeout: 99 });
    expect(copy).toBeInstanceOf(OpenAI);
    expect(copy.timeout).toBe(99);
    await copy.chat.completions.create({ model: 'gpt-4o', messages });
    onlyCall();
  });

  it('works for classes of the user with private members', async () => {
    class Mine extends OpenAI {
      #asked = 0;
      ask() {
        this.#asked += 1;
        return this.#asked;
      }
      get asked() {
        return this.#asked;
      }
    }
    const tracked = track(new Mine({ baseURL: `${upstream.url}/v1`, apiKey: 'none' }), { monitor });
    expect(tracked.ask()).toBe(1);
    expect(tracked.asked).toBe(1);
    await tracked.chat.completions.create({ model: 'gpt-4o', messages });
    onlyCall();
  });

  it('works for a frozen client', async () => {
    const tracked = track(Object.freeze(openAi()), { monitor });
    expect(tracked.chat).toBe(tracked.chat);
    expect((await tracked.chat.completions.create({ model: 'gpt-4o', messages })).choices).toHaveLength(1);
  });

  it('gives anything else back as it is', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    for (const other of [{}, [], new Map(), hostile, { post() {} }]) expect(track(other, { monitor })).toBe(other);
  });
});

describe('a call', () => {
  it('is an llm span of the current request and phase', async () => {
    const client = track(openAi(), { monitor });
    await monitor.request({ name: 'shop' }, (request) =>
      request.phase('generation', () =>
        client.chat.completions.create({ model: 'gpt-4o', messages, temperature: 0.5 }),
      ),
    );
    const [call, phase, request] = memory.spans as [SpanRecord, SpanRecord, SpanRecord];
    expect([call.kind, phase.kind, request.kind]).toEqual(['llm', 'phase', 'request']);
    expect(call.parentSpanId).toBe(phase.spanId);
    expect(call.traceId).toBe(request.traceId);
    expect(request.summary?.model).toBe('gpt-4o');
    expect(spanAttributes(call)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.usage.input_tokens': 9,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.response.finish_reasons': ['stop'],
      'http.response.status_code': 200,
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]),
      'vedetta.cpu.time_ms': expect.any(Number),
      'vedetta.memory.rss_delta_bytes': expect.any(Number),
    });
    expect(spanAttributes(call)['gen_ai.output.messages']).toContain('Hello');
  });

  it('is a request of its own outside of any', async () => {
    const request = { tags: ['batch'] };
    const client = track(openAi(), { monitor, provider: 'groq', resources: false, request });
    await client.chat.completions.create({ model: 'gpt-4o', messages });
    const [call, own] = memory.spans as [SpanRecord, SpanRecord];
    expect(own).toMatchObject({ kind: 'request', name: 'chat gpt-4o', success: true });
    expect(call.parentSpanId).toBe(own.spanId);
    expect(spanAttributes(own)).toMatchObject({ 'vedetta.tags': ['batch'], 'vedetta.modality': 'text' });
    expect(spanAttributes(call)['gen_ai.provider.name']).toBe('groq');
    expect(spanAttributes(call)).not.toHaveProperty('vedetta.cpu.time_ms');
    expect(monitor.models().find(({ model }) => model === 'gpt-4o')?.requests).toBeGreaterThan(0);
  });

  it('keeps the methods of its promise', async () => {
    const client = track(openAi(), { monitor });
    const ask = () => client.chat.completions.create({ model: 'gpt-4o', messages });
    const { data, response } = await ask().withResponse();
    expect(data.choices[0]?.message.content).toBe('Hello');
    expect(response).toBeInstanceOf(Response);
    onlyCall();
    memory.spans.length = 0;
    const raw = await ask().asResponse();
    expect(await raw.json()).toMatchObject({ id: 'c1' });
    expect(onlyCall().success).toBe(true);
  });

  it('is recorded with what was asked, whatever becomes of the messages', async () => {
    const client = track(openAi(), { monitor });
    const mine = [...messages];
    const answer = client.chat.completions.create({ model: 'gpt-4o', messages: mine });
    mine.push({ role: 'user', content: 'later' });
    await answer;
    expect(spanAttributes(onlyCall())['gen_ai.input.messages']).not.toContain('later');
  });

  it('is the same with a recorder that is broken', async () => {
    const broken = createMonitor({ sinks: [], flushOnExit: false });
    for (const name of ['current', 'startRequest'] as const) {
      const mine = {
        ...broken,
        current: () => undefined,
        [name]: () => {
          throw new Error('broken');
        },
      };
      const client = track(openAi(), { monitor: mine as never });
      expect((await client.chat.completions.create({ model: 'gpt-4o', messages })).id).toBe('c1');
    }
  });

  it('calls of other kinds pass unrecorded', async () => {
    upstream.answer = () => json({ object: 'list', data: [] });
    await track(openAi(), { monitor }).models.list();
    expect(memory.spans).toEqual([]);
  });
});

describe('an error', () => {
  it('is the error of the client, with its status and the words of the provider', async () => {
    upstream.answer = () =>
      json({ error: { message: 'Slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } }, 429);
    const client = track(openAi(), { monitor });
    const error = await client.chat.completions.create({ model: 'gpt-4o', messages }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    const call = onlyCall();
    expect(call).toMatchObject({ success: false, errorType: 'rate_limit_error' });
    expect(call.errorMessage).toContain('Slow down');
    expect(spanAttributes(call)['http.response.status_code']).toBe(429);
    expect(memory.spans.at(-1)).toMatchObject({ kind: 'request', success: false, errorType: 'rate_limit_error' });
  });

  it('is unhandled exactly when nobody handles it', async () => {
    upstream.answer = () => json({ error: { message: 'no' } }, 400);
    void track(openAi(), { monitor }).chat.completions.create({ model: 'gpt-4o', messages });
    await expect.poll(() => unhandled.length).toBe(1);
    expect(unhandled[0]).toBeInstanceOf(OpenAI.BadRequestError);
    unhandled.length = 0;
    onlyCall();
  });

  it('of the time-out of the client is a timeout', async () => {
    upstream.answer = () => new Promise(() => {});
    const client = track(openAi({ timeout: 20 }), { monitor });
    const error = await client.chat.completions.create({ model: 'gpt-4o', messages }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    expect(onlyCall()).toMatchObject({ success: false, errorType: 'APIConnectionTimeoutError' });
    expect(memory.spans.at(-1)?.summary?.status).toBe('timeout');
  });

  it.each([
    ['an abort is cancelled', () => AbortSignal.abort(), 'cancelled'],
    ['a signal with a time-out is a timeout', () => AbortSignal.timeout(10), 'timeout'],
  ] as const)('of %s', async (_name, makeSignal, status) => {
    upstream.answer = () => new Promise(() => {});
    const client = track(openAi(), { monitor });
    const signal = makeSignal();
    const error = await client.chat.completions
      .create({ model: 'gpt-4o', messages }, { signal })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(memory.spans.at(-1)?.summary?.status).toBe(status);
    expect(spanAttributes(onlyCall())['vedetta.state']).toBe(status);
  });

  it('says that the client has retried', async () => {
    upstream.answer = () =>
      upstream.calls.length === 1 ? { status: 500, headers: { 'retry-after-ms': '1' } } : completion('Hello');
    await track(openAi({ maxRetries: 1 }), { monitor }).chat.completions.create({ model: 'gpt-4o', messages });
    expect(upstream.calls).toHaveLength(2);
    expect(spanAttributes(onlyCall())['vedetta.client.retried']).toBe(true);
  });
});

describe('a stream', () => {
  const stream = { model: 'gpt-4o', messages, stream: true } as const;

  it('records the time to the first content, not to the first chunk', async () => {
    upstream.answer = () =>
      events([
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'hm' }),
        chunk({ content: 'Hel' }),
        chunk({ content: 'lo' }),
        'data: [DONE]\n\n',
      ]);
    const client = track(openAi(), { monitor });
    let text = '';
    for await (const piece of await client.chat.completions.create(stream))
      text += piece.choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello');
    const call = onlyCall();
    const attributes = spanAttributes(call);
    expect(attributes['gen_ai.request.stream']).toBe(true);
    expect(attributes['gen_ai.output.messages']).toContain('Hello');
    const first = attributes['gen_ai.response.time_to_first_chunk'] as number;
    expect(first).toBeGreaterThan(0);
    expect(attributes['vedetta.response.time_to_first_visible_chunk']).toBeGreaterThanOrEqual(first);
    expect(attributes).not.toHaveProperty('gen_ai.usage.output_tokens');
  });

  it('that is broken off is aborted as ever, and recorded as cancelled with what had come', async () => {
    upstream.answer = () => events(endless(chunk({ content: 'Hel' }), chunk({ content: 'lo' })));
    const answer = await track(openAi(), { monitor }).chat.completions.create(stream);
    for await (const _ of answer) break;
    expect(answer.controller.signal.aborted).toBe(true);
    await expect.poll(() => upstream.aborted.length).toBe(1);
    const call = onlyCall();
    expect(spanAttributes(call)['vedetta.state']).toBe('cancelled');
    expect(spanAttributes(call)['gen_ai.output.messages']).toContain('Hel');
    expect(memory.spans.at(-1)?.summary?.status).toBe('cancelled');
  });

  it('that is left after its last word is complete', async () => {
    const last = `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`;
    upstream.answer = () => events(endless(chunk({ content: 'Hi' }), last));
    for await (const piece of await track(openAi(), { monitor }).chat.completions.create(stream)) {
      if (piece.choices[0]?.finish_reason === 'stop') break;
    }
    expect(onlyCall().success).toBe(true);
  });

  it('that its controller aborts ends without an error, at once', async () => {
    upstream.answer = () => events(endless(chunk({ content: 'Hel' })));
    const answer = await track(openAi(), { monitor }).chat.completions.create(stream);
    const seen: unknown[] = [];
    for await (const piece of answer) {
      seen.push(piece);
      answer.controller.abort();
    }
    expect(seen).toHaveLength(1);
    expect(spanAttributes(onlyCall())['vedetta.state']).toBe('cancelled');
  });

  it('with an error inside fails with that error', async () => {
    upstream.answer = () =>
      events([
        chunk({ content: 'Hel' }),
        `data: ${JSON.stringify({ error: { message: 'Overloaded', type: 'server_error' } })}\n\n`,
      ]);
    const answer = await track(openAi(), { monitor }).chat.completions.create(stream);
    const read = async () => {
      for await (const _ of answer);
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(onlyCall()).toMatchObject({ success: false, errorType: 'server_error' });
    expect(spanAttributes(onlyCall())).not.toHaveProperty('vedetta.state');
  });

  it('can be split and turned into a ReadableStream', async () => {
    upstream.answer = () => events([chunk({ content: 'a' }), chunk({ content: 'b' }), 'data: [DONE]\n\n']);
    const client = track(openAi(), { monitor });
    const read = async (pieces: AsyncIterable<unknown>) => {
      const all: unknown[] = [];
      for await (const piece of pieces) all.push(piece);
      return all;
    };
    const [left, right] = (await client.chat.completions.create(stream)).tee();
    expect(await read(left)).toEqual(await read(right));
    onlyCall();
    memory.spans.length = 0;
    const web = (await client.chat.completions.create(stream)).toReadableStream();
    expect((await new Response(web).text()).trim().split('\n')).toHaveLength(2);
    onlyCall();
  });

  it('read a second time fails as ever', async () => {
    upstream.answer = () => events([chunk({ content: 'a' }), 'data: [DONE]\n\n']);
    const answer = await track(openAi(), { monitor }).chat.completions.create(stream);
    for await (const _ of answer);
    await expect(answer[Symbol.asyncIterator]().next()).rejects.toThrow(/consumed/);
    expect(onlyCall().success).toBe(true);
  });

  it('reports usage that was asked for on behalf of the caller, who sees none of it', async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
    upstream.answer = ({ text }) => {
      const isAsked = text.includes('include_usage');
      const extra = `data: ${JSON.stringify({ id: 'c1', model: 'gpt-4o', choices: [], usage })}\n\n`;
      return events([
        chunk({ content: 'a' }, isAsked ? { usage: null } : {}),
        ...(isAsked ? [extra] : []),
        'data: [DONE]\n\n',
      ]);
    };
    const read = async (client: OpenAI) => {
      const pieces: unknown[] = [];
      for await (const piece of await client.chat.completions.create(stream)) pieces.push(piece);
      return pieces;
    };
    const expected = await read(openAi());
    expect(await read(track(openAi(), { monitor, streamUsage: true }))).toEqual(expected);
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.output_tokens': 2,
    });
  });

  it('is announced while it runs, with the tokens so far', async () => {
    const live = memorySink({ announcements: true });
    const watching = createMonitor({ sinks: [live], flushOnExit: false, announceAfterMs: 1 });
    upstream.answer = () => events(endless(chunk({ content: 'a' }), chunk({ content: 'b' })));
    const answer = await track(openAi(), { monitor: watching }).chat.completions.create(stream);
    const iterator = answer[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    await expect
      .poll(() => live.spans.map((span) => spanAttributes(span)['vedetta.tokens_so_far']), { timeout: 5000 })
      .toContain(2);
    expect(watching.active()).toHaveLength(1);
    await iterator.return?.();
    expect(watching.active()).toHaveLength(0);
    await watching.shutdown();
  });
});

describe('many calls at once', () => {
  it('stay with their own requests', async () => {
    upstream.answer = ({ text }) => completion(JSON.parse(text).messages[0].content);
    const client = track(openAi(), { monitor });
    const names = Array.from({ length: 50 }, (_, i) => `r${i}`);
    await Promise.all(
      names.map((name) =>
        monitor.request({ name, id: name }, () =>
          client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: name }] }),
        ),
      ),
    );
    const calls = memory.spans.filter(({ kind }) => kind === 'llm');
    expect(calls.map(({ requestId }) => requestId).sort()).toEqual([...names].sort());
    for (const call of calls) expect(spanAttributes(call)['gen_ai.output.messages']).toContain(`"${call.requestId}"`);
  });
});

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
    expect(spanAttributes(onlyCall())['gen_ai.request.model']).toBe('tts-1');
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
