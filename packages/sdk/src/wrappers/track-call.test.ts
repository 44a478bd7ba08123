import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { memorySink } from '../memory-sink.js';
import { createMonitor } from '../monitor.js';
import type { SpanRecord } from '../span-record.js';
import { spanAttributes } from '../span-record.js';
import { trackCall } from './track-call.js';

const memory = memorySink();
const monitor = createMonitor({ sinks: [memory], flushOnExit: false });
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  memory.spans.length = 0;
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

function onlyCall(): SpanRecord {
  const calls = memory.spans.filter(({ kind }) => kind === 'llm');
  expect(calls).toHaveLength(1);
  return calls[0] as SpanRecord;
}

describe('a tracked function', () => {
  it('answers as before, and is recorded by what is said of it', async () => {
    const ask = trackCall(async (prompt: string) => ({ text: prompt.toUpperCase(), tokens: 3 }), {
      monitor,
      provider: 'mine',
      model: (prompt) => `m-${prompt.length}`,
      parameters: { temperature: 1 },
      input: (prompt) => prompt,
      answer: ({ text, tokens }) => ({
        output: text,
        usage: { outputTokens: tokens },
        model: 'm',
        finishReason: 'stop',
      }),
    });
    expect(await ask('hi')).toEqual({ text: 'HI', tokens: 3 });
    expect(spanAttributes(onlyCall())).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mine',
      'gen_ai.request.model': 'm-2',
      'gen_ai.request.temperature': 1,
      'gen_ai.response.model': 'm',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.output_tokens': 3,
      'vedetta.usage.source': 'supplied',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }]),
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: 'HI' }] }]),
    });
  });

  it('keeps its name, its length, its members, its this and its type', () => {
    class Model {
      #key = 'secret';
      ask = trackCall(
        function (this: Model, _prompt: string): string {
          return this.#key;
        },
        { monitor },
      );
    }
    const model = new Model();
    expect(model.ask('a')).toBe('secret');
    const fn = Object.assign((a: number, b: string) => `${a}${b}`, { version: 7 });
    const tracked = trackCall(fn, { monitor });
    expect([tracked.name, tracked.length, tracked.version]).toEqual([fn.name, 2, 7]);
    expectTypeOf(tracked).toEqualTypeOf(fn);
  });

  it('throws the error that was thrown', async () => {
    const error = new TypeError('no');
    const sync = trackCall(
      () => {
        throw error;
      },
      { monitor },
    );
    expect(sync).toThrow(error);
    expect(onlyCall()).toMatchObject({ success: false, errorType: 'TypeError', errorMessage: 'no' });
    memory.spans.length = 0;
    const rejects = trackCall(() => Promise.reject(error), { monitor });
    expect(await rejects().catch((e: unknown) => e)).toBe(error);
    onlyCall();
    void rejects();
    await expect.poll(() => unhandled).toEqual([error]);
    unhandled.length = 0;
  });

  it.each([
    ['AbortError', 'cancelled'],
    ['TimeoutError', 'timeout'],
  ])('a %s is %s', async (name, state) => {
    const ask = trackCall(() => Promise.reject(new DOMException('gone', name)), { monitor });
    await ask().catch(() => {});
    expect(spanAttributes(onlyCall())['vedetta.state']).toBe(state);
  });

  it('is not harmed by mappings that throw', async () => {
    const fail = (): never => {
      throw new Error('mapping');
    };
    const facts = { monitor, model: fail, input: fail, answer: fail, piece: fail };
    expect(await trackCall(async () => 'a', facts)()).toBe('a');
    expect(onlyCall().success).toBe(true);
    const pieces: string[] = [];
    for await (const piece of trackCall(() => letters(), facts)()) pieces.push(piece);
    expect(pieces).toEqual(['a', 'b', 'c']);
  });

  it('gives a promise with methods of its own back as that promise', async () => {
    class Query extends Promise<string> {
      limit() {
        return this;
      }
    }
    const query = Query.resolve('rows') as Query;
    const answer = trackCall(() => query, { monitor })();
    expect(answer).toBe(query);
    expect(await answer.limit()).toBe('rows');
    expect(spanAttributes(onlyCall())['gen_ai.output.messages']).toContain('rows');
  });

  it('leaves a promise that works only when it is waited for at rest', async () => {
    let runs = 0;
    // biome-ignore lint/suspicious/noThenProperty: query builders are such objects.
    const lazy = { then: (onValue: (value: string) => unknown) => Promise.resolve(`${++runs}`).then(onValue) };
    const answer = trackCall(() => lazy, { monitor })();
    expect([answer, runs]).toEqual([lazy, 0]);
    expect(await answer).toBe('1');
    onlyCall();
  });
});

async function* letters(log: string[] = []): AsyncGenerator<string, number, string | undefined> {
  try {
    log.push(`got ${yield 'a'}`);
    yield 'b';
    yield 'c';
    return 7;
  } catch (error) {
    log.push(`caught ${String(error)}`);
    yield 'rescued';
    return 8;
  } finally {
    log.push('closed');
  }
}

describe('a tracked generator', () => {
  it('is the generator, with what goes in and what comes out', async () => {
    const log: string[] = [];
    let made: unknown;
    const tracked = trackCall(
      () => {
        made = letters(log);
        return made as ReturnType<typeof letters>;
      },
      { monitor },
    );
    const generator = tracked();
    expect(generator).toBe(made);
    expectTypeOf(generator).toEqualTypeOf<AsyncGenerator<string, number, string | undefined>>();
    expect(await generator.next()).toEqual({ value: 'a', done: false });
    expect(await generator.next('x')).toEqual({ value: 'b', done: false });
    expect(await generator.next()).toEqual({ value: 'c', done: false });
    expect(await generator.next()).toEqual({ value: 7, done: true });
    expect(log).toEqual(['got x', 'closed']);
    const attributes = spanAttributes(onlyCall());
    expect(attributes['gen_ai.output.messages']).toContain('abc');
    expect(attributes['gen_ai.request.stream']).toBe(true);
    expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0);
  });

  it('runs its finally when it is broken off, and is recorded as cancelled', async () => {
    const log: string[] = [];
    for await (const letter of trackCall(letters, { monitor })(log)) if (letter === 'b') break;
    expect(log.at(-1)).toBe('closed');
    expect(spanAttributes(onlyCall())).toMatchObject({ 'vedetta.state': 'cancelled' });
    expect(spanAttributes(onlyCall())['gen_ai.output.messages']).toContain('ab');
  });

  it('hears of what is thrown into it', async () => {
    const log: string[] = [];
    const generator = trackCall(letters, { monitor })(log);
    await generator.next();
    expect(await generator.throw(new Error('in'))).toEqual({ value: 'rescued', done: false });
    expect(log).toEqual(['caught Error: in']);
    await generator.return(0);
  });

  it('reads pieces by the mapping', async () => {
    async function* pieces() {
      yield { think: 'hm' };
      yield { say: 'yes' };
      yield { total: 4 };
    }
    const tracked = trackCall(async () => pieces(), {
      monitor,
      piece: (piece: { think?: string; say?: string; total?: number }) => ({
        ...(piece.think === undefined ? {} : { reasoning: piece.think }),
        ...(piece.say === undefined ? {} : { text: piece.say }),
        ...(piece.total === undefined ? {} : { usage: { outputTokens: piece.total } }),
      }),
    });
    for await (const _ of await tracked());
    const attributes = spanAttributes(onlyCall());
    expect(attributes).toMatchObject({ 'gen_ai.usage.output_tokens': 4, 'vedetta.usage.source': 'supplied' });
    expect(attributes['gen_ai.output.messages']).toBe(
      JSON.stringify([
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: 'yes' },
          ],
        },
      ]),
    );
  });

  it('observes iterables that make an iterator when they are read', async () => {
    const source = { [Symbol.asyncIterator]: () => letters() };
    const answer = trackCall(() => source, { monitor })();
    expect(answer).toBe(source);
    expect(Object.keys(answer)).toEqual(Object.keys(source));
    for await (const _ of answer);
    onlyCall();
  });

  it('reads iterators made by hand, without promises', async () => {
    let left = 2;
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => ({ done: left === 0, value: `${left--}` }) }),
    } as never as AsyncIterable<string>;
    const pieces: string[] = [];
    for await (const piece of trackCall(() => source, { monitor })()) pieces.push(piece);
    expect(pieces).toEqual(['2', '1']);
    expect(spanAttributes(onlyCall())['gen_ai.output.messages']).toContain('21');
  });
});
