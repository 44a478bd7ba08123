import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { memorySink } from '../memory-sink.js';
import { createMonitor } from '../monitor.js';
import { spanAttributes } from '../span-record.js';
import { chunk, endless, events } from './testing/replies.js';
import { setScene } from './testing/scene.js';
import { track } from './track.js';

const { upstream, memory, monitor, onlyCall, openAi } = await setScene();
const messages = [{ role: 'user' as const, content: 'Hi' }];

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

describe('an answer that nobody reads', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const collected = (kinds: readonly string[]) =>
    expect
      .poll(() => {
        collect();
        return memory.spans.map(({ kind }) => kind).filter((kind) => kind !== 'phase');
      })
      .toEqual(kinds);

  it('ends its call when it is collected', async () => {
    const client = track(openAi(), { monitor });
    void client.chat.completions.create({ model: 'gpt-4o', messages });
    await collected(['llm', 'request']);
    expect(onlyCall().success).toBe(true);
  });

  it('of a stream is cancelled, whether it was begun or not', async () => {
    upstream.answer = () => events(endless(chunk({ content: 'a' })));
    const client = track(openAi(), { monitor });
    const ask = () => client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
    await ask();
    await collected(['llm', 'request']);
    expect(spanAttributes(onlyCall())['vedetta.state']).toBe('cancelled');
    memory.spans.length = 0;
    await (await ask())[Symbol.asyncIterator]().next();
    await collected(['llm', 'request']);
    expect(spanAttributes(onlyCall())['gen_ai.output.messages']).toContain('a');
  });

  it('is let go of after a break', async () => {
    const client = track(openAi(), { monitor });
    const answers: WeakRef<object>[] = [];
    const ask = async () => {
      const answer = await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
      answers.push(new WeakRef(answer));
      for await (const _ of answer) break;
    };
    upstream.answer = () => events(endless(chunk({ content: 'a' })));
    for (let i = 0; i < 5; i += 1) await ask();
    // The engine itself may hold on to the last.
    await expect
      .poll(() => {
        collect();
        return answers.filter((answer) => answer.deref() !== undefined).length;
      })
      .toBeLessThan(2);
  });
});
