import { describe, expect, it } from 'vitest';
import type { Cassette } from './testing/cassettes.js';
import { endpointOf, factsOf, providerOf, readCassettes, streamOf } from './testing/cassettes.js';

const cassettes = readCassettes();
const all = cassettes ?? [];

// Exchanges whose protocol nobody here speaks.
const UNSUPPORTED: ReadonlySet<string> = new Set(['alephalpha', 'watsonx']);
const supported = all.filter((cassette) => !UNSUPPORTED.has(cassette.provider) && !isWritersOwnStream(cassette));

/** Writer streams its completions as `{"value": "..."}`, unlike its chat, which is OpenAI's protocol. */
function isWritersOwnStream({ provider, uri, stream }: Cassette): boolean {
  return provider === 'writer' && stream && uri.endsWith('/v1/completions');
}

function sum(...counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}

/** The counts that a recording's own usage comes to with the arithmetic of its provider. */
function expectedCounts({ provider, usage }: Cassette) {
  if (usage === null) return undefined;
  const { input, output, cached, reasoning, total, cache_read, cache_write } = usage;
  const claude = cache_read !== undefined && total === undefined;
  return {
    // Claude's input leaves the cache out; reranking states nothing but a total.
    inputTokens: claude
      ? sum(input, cache_read, cache_write)
      : (input ?? (provider === 'voyageai' ? total : undefined)),
    outputTokens: provider === 'gemini' ? sum(output, reasoning) : output,
    cacheReadTokens: cached ?? cache_read,
    cacheWriteTokens: cache_write,
    reasoningTokens: reasoning,
    statedTotalTokens: total,
  };
}

describe.skipIf(cassettes === undefined)('recorded exchanges (skipped: no shared data)', () => {
  it('every exchange is one of a model, or named as unsupported', () => {
    expect(all.length).toBe(639);
    expect(all.filter((cassette) => endpointOf(cassette) === undefined).map(({ provider }) => provider)).toEqual(
      all.filter(({ provider }) => UNSUPPORTED.has(provider)).map(({ provider }) => provider),
    );
    expect(supported.length).toBe(633);
  });

  describe.each([...new Set(supported.map(({ provider }) => provider))])('%s', (provider) => {
    const own = supported
      .filter((cassette) => cassette.provider === provider)
      .map((cassette) => ({ cassette, endpoint: endpointOf(cassette) }))
      .flatMap(({ cassette, endpoint }) => (endpoint === undefined ? [] : [{ cassette, endpoint }]));

    it('usage equals the provider’s in every exchange', () => {
      for (const { cassette, endpoint } of own) {
        const { usage } = factsOf(cassette, endpoint);
        const expected = expectedCounts(cassette);
        if (expected === undefined) continue;
        for (const [name, count] of Object.entries(expected)) {
          if (count !== undefined)
            expect({ ...usage }, `${name} of ${cassette.source}`).toMatchObject({ [name]: count });
        }
      }
    });

    it('the model is the one that answered, and the answer has an end', () => {
      for (const { cassette, endpoint } of own) {
        const facts = factsOf(cassette, endpoint);
        if (cassette.response_model !== null) expect(facts.model, cassette.source).toBe(cassette.response_model);
        expect(facts.ended, cassette.source).toBe(true);
      }
    });

    it('answers that text was asked of have a message and a finish reason; errors are told', () => {
      for (const { cassette, endpoint } of own) {
        const facts = factsOf(cassette, endpoint);
        const failed = cassette.status >= 400 || facts.error !== undefined;
        expect(facts.error !== undefined, cassette.source).toBe(failed);
        if (failed || endpoint.operation === 'embeddings' || endpoint.operation === 'rerank') continue;
        expect(facts.outputMessages?.length, cassette.source).toBeGreaterThan(0);
        // Pictures have none, nor has Writer's API of completions.
        if (endpoint.modality === 'image' || cassette.uri.endsWith('writer.com/v1/completions')) continue;
        expect(facts.finishReasons?.length, cassette.source).toBeGreaterThan(0);
      }
    });

    it('requests say what was asked, and of which model', () => {
      for (const { cassette, endpoint } of own) {
        // One recording of Writer's has an empty request.
        if (cassette.request === null || Object.keys(cassette.request as object).length === 0) continue;
        const facts = endpoint.readRequest(cassette.request);
        const asked = facts.inputMessages !== undefined || facts.inputCount !== undefined;
        if (asked || !cassette.source.includes('writer')) expect(asked, cassette.source).toBe(true);
        // Cohere has a model of its own choice where none is named.
        const model = endpoint.pathModel ?? facts.model;
        const { model: named } = cassette.request as { readonly model?: unknown };
        if (typeof named === 'string' && endpoint.pathModel === undefined) expect(model, cassette.source).toBe(named);
      }
    });

    it('a stream cut after any event tells what had come', () => {
      for (const { cassette, endpoint } of own) {
        const events = streamOf(cassette, endpoint);
        if (events === undefined) continue;
        const whole = factsOf(cassette, endpoint);
        const reader = endpoint.readResponse();
        for (const { data, name } of events) {
          reader.event(data, name);
          const { usage, outputMessages = [] } = reader.facts();
          // Text only grows: what a cut stream had said is how the whole one begins.
          const text = textOf(outputMessages);
          expect(textOf(whole.outputMessages ?? []).startsWith(text), cassette.source).toBe(true);
          if (usage?.inputTokens !== undefined && provider !== 'bedrock') {
            expect(whole.usage?.inputTokens, cassette.source).toBe(usage.inputTokens);
          }
        }
        expect(reader.facts(), cassette.source).toEqual(whole);
      }
    });
  });

  it('tools that an answer calls are there, with arguments that are objects', () => {
    let called = 0;
    for (const cassette of supported) {
      const endpoint = endpointOf(cassette);
      if (endpoint === undefined) continue;
      const facts = factsOf(cassette, endpoint);
      if (facts.finishReasons?.includes('tool_call') !== true) continue;
      const calls = (facts.outputMessages ?? []).flatMap(({ parts }) =>
        parts.filter(({ type }) => type === 'tool_call'),
      );
      expect(calls.length, cassette.source).toBeGreaterThan(0);
      for (const call of calls) expect(call, cassette.source).toMatchObject({ arguments: expect.any(Object) });
      called++;
    }
    expect(called).toBeGreaterThan(20);
  });

  it('providers have the names of the GenAI conventions', () => {
    const names = new Set(supported.flatMap((cassette) => providerOf(cassette)?.name ?? []));
    expect([...names].sort()).toEqual(
      [
        'anthropic',
        'aws.bedrock',
        'azure.ai.openai',
        'cohere',
        'deepseek',
        'gcp.gemini',
        'groq',
        'mistral_ai',
        'ollama',
        'openai',
        'together',
        'vllm',
        'voyage',
        'writer',
      ].sort(),
    );
  });
});

function textOf(messages: NonNullable<ReturnType<typeof factsOf>['outputMessages']>): string {
  const [first] = messages;
  return (first?.parts ?? []).map((part) => (part.type === 'text' ? String(part.content) : '')).join('');
}
