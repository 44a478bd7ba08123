import OpenAI from 'openai';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createMonitor } from '../monitor.js';
import type { SpanRecord } from '../span-record.js';
import { spanAttributes } from '../span-record.js';
import { completion, json } from './testing/replies.js';
import { setScene } from './testing/scene.js';
import { track } from './track.js';

const { upstream, memory, monitor, unhandled, onlyCall, openAi } = await setScene();
const messages = [{ role: 'user' as const, content: 'Hi' }];

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

  it('leaves resources with private members alone', async () => {
    const verify = (client: OpenAI) =>
      client.webhooks
        .verifySignature(
          '{}',
          { 'webhook-id': '1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
          'whsec_YQ==',
        )
        .catch((e: unknown) => e);
    expect(await verify(track(openAi(), { monitor }))).toEqual(await verify(openAi()));
  });

  it('observes a post that was replaced', async () => {
    const client = openAi();
    client.post = (async () => JSON.parse(String(completion('Mine').body))) as never;
    const answer = await track(client, { monitor }).chat.completions.create({ model: 'gpt-4o', messages });
    expect(answer.choices[0]?.message.content).toBe('Mine');
    expect(spanAttributes(onlyCall())['gen_ai.usage.output_tokens']).toBe(3);
  });

  it('survives bodies that cannot be read', async () => {
    const hostile = {
      model: 'gpt-4o',
      messages,
      get temperature(): number {
        throw new Error('no');
      },
    };
    const circular: { [name: string]: unknown } = { model: 'gpt-4o', messages };
    circular.metadata = circular;
    for (const body of [hostile, circular, { messages: [{ role: 1n }] }]) {
      const ask = (client: OpenAI) =>
        client.chat.completions.create(body as never).then(
          () => 'answered',
          (e: unknown) => String(e),
        );
      const [tracked, plain] = [await ask(track(openAi(), { monitor })), await ask(openAi())];
      expect(tracked).toBe(plain);
    }
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

describe('the types', () => {
  it('are those of the client', () => {
    const plain = openAi();
    const tracked = track(plain, { monitor });
    expectTypeOf(tracked).toEqualTypeOf(plain);
    const call = () => tracked.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
    expectTypeOf(call).returns.resolves.toExtend<AsyncIterable<OpenAI.ChatCompletionChunk>>();
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
    const own = memory.spans.at(-1) as SpanRecord;
    const call = onlyCall();
    expect(own).toMatchObject({ kind: 'request', name: 'chat gpt-4o', success: true });
    expect(call.parentSpanId).toBe(own.spanId);
    expect(spanAttributes(own)).toMatchObject({ 'vedetta.tags': ['batch'], 'vedetta.modality': 'text' });
    expect(own.summary?.phases.map(({ name }) => name)).toContain('first_byte');
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

  it('keeps its content to itself where the monitor says so, and lets it be redacted', async () => {
    const ask = async (content: object) => {
      const mine = createMonitor({ sinks: [memory], flushOnExit: false, ...content });
      memory.spans.length = 0;
      await track(openAi(), { monitor: mine }).chat.completions.create({ model: 'gpt-4o', messages });
      return spanAttributes(onlyCall());
    };
    const off = await ask({ content: 'off' });
    expect(off['gen_ai.usage.input_tokens']).toBe(9);
    expect(Object.keys(off).filter((name) => /messages|instructions|definitions/.test(name))).toEqual([]);
    const redacted = await ask({ redact: (text: string) => text.replace('Hello', '***') });
    expect(redacted['gen_ai.output.messages']).toContain('***');
    expect(redacted['gen_ai.output.messages']).not.toContain('Hello');
  });

  it('is recorded by the first monitor of the process when none is named', async () => {
    await track(openAi()).chat.completions.create({ model: 'gpt-4o', messages });
    expect(onlyCall().success).toBe(true);
  });

  it('does not make a request known by the model of its search', async () => {
    upstream.answer = ({ path }) =>
      path.endsWith('embeddings') ? json({ object: 'list', model: 'e', data: [], usage: {} }) : completion('Hello');
    const client = track(openAi(), { monitor });
    const request = monitor.startRequest();
    await request.run(() => client.moderations.create({ model: 'omni-moderation-latest', input: 'a' }));
    await request.run(() => client.embeddings.create({ model: 'e-1', input: 'a', encoding_format: 'float' }));
    await request.run(() => client.chat.completions.create({ model: 'gpt-4o', messages }));
    expect(request.end().model).toBe('gpt-4o');
    expect(memory.spans.map(({ name }) => name)).toEqual([
      'moderation omni-moderation-latest',
      'embeddings e-1',
      'chat gpt-4o',
      'request',
    ]);
  });

  it('that runs when the process ends is recorded as cancelled', async () => {
    upstream.answer = () => new Promise(() => {});
    const controller = new AbortController();
    const call = track(openAi(), { monitor }).chat.completions.create(
      { model: 'gpt-4o', messages },
      { signal: controller.signal },
    );
    (monitor as unknown as { abandon(): void }).abandon();
    expect(onlyCall()).toMatchObject({ success: false, errorType: 'process_exit' });
    expect(memory.spans.at(-1)?.summary?.status).toBe('cancelled');
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    onlyCall();
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
