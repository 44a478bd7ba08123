import type { AttributeValue, RawSpan } from '@vedetta/model';
import { findProvider, toGenAiAttributes } from '@vedetta/providers';
import { endpointOf, factsOf, providerOf, readCassettes } from '@vedetta/providers/testing';
import { normaliseSpans } from '@vedetta/receive';
import { describe, expect, it } from 'vitest';

type Attributes = { readonly [name: string]: AttributeValue };

const cassettes = readCassettes();

/** What the receiver makes of a span with these attributes. */
function receive(attributes: Attributes) {
  const span: RawSpan = {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    parentSpanId: '',
    name: 'call',
    kind: 3,
    startUnixNano: 1n,
    endUnixNano: 2n,
    statusCode: 0,
    statusMessage: '',
    attributes,
    events: [],
    links: [],
    origin: { serviceName: 'test', resource: {}, scopeName: '', scopeVersion: '' },
  };
  return normaliseSpans([span])[0];
}

/** Structured values as JSON text, which is how a sender without structured attributes writes them. */
function asText(attributes: Attributes): Attributes {
  const entries = Object.entries(attributes).map(([name, value]) => {
    const structured = Array.isArray(value) && value.some((item) => typeof item === 'object');
    return [name, structured ? JSON.stringify(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe.skipIf(cassettes === undefined)('attributes of recorded calls (skipped: no shared data)', () => {
  it('the receiver finds in them what the providers found', () => {
    let calls = 0;
    for (const cassette of cassettes ?? []) {
      const endpoint = endpointOf(cassette);
      const provider = providerOf(cassette);
      if (endpoint === undefined || provider === undefined) continue;
      const request = endpoint.readRequest(cassette.request);
      const response = factsOf(cassette, endpoint);
      const attributes = toGenAiAttributes(provider, endpoint, request, response, { timeToFirstTokenMs: 250 });
      const [structured, text] = [receive(attributes)?.genAi, receive(asText(attributes))?.genAi];
      const { cacheAdded: _, units, ...tokens } = { ...response.usage };
      // Of pictures the request says what they were to be, the answer how many there are.
      const usage = units === undefined ? tokens : { ...tokens, units: { ...request.units, ...units } };
      for (const genAi of [structured, text]) {
        expect(genAi, cassette.source).toMatchObject({
          operation: endpoint.operation,
          provider: provider.name,
          dialects: ['gen_ai'],
          timeToFirstTokenMs: 250,
          aggregate: false,
        });
        expect({ ...genAi?.usage }, cassette.source).toEqual(usage);
        expect(genAi?.requestModel, cassette.source).toBe(endpoint.pathModel ?? request.model);
        expect(genAi?.responseModel, cassette.source).toBe(response.model);
        expect(genAi?.finishReasons, cassette.source).toEqual(response.finishReasons);
        expect(genAi?.serviceTier, cassette.source).toBe(response.serviceTier);
        expect(plain(genAi?.inputMessages), cassette.source).toEqual(plain(request.inputMessages));
        expect(plain(genAi?.outputMessages), cassette.source).toEqual(plain(response.outputMessages));
        expect(plain(genAi?.systemInstructions), cassette.source).toEqual(plain(request.systemInstructions));
        expect(plain(genAi?.toolDefinitions), cassette.source).toEqual(plain(request.toolDefinitions));
      }
      calls++;
    }
    expect(calls).toBeGreaterThan(600);
  });
});

describe('usage that no provider reported', () => {
  const provider = findProvider('openai');
  const endpoint = provider?.match('POST', '/v1/chat/completions');

  it('keeps where it comes from, and gives way to what the provider reports', () => {
    if (provider === undefined || endpoint === undefined) throw new Error('openai is not known');
    const estimate = { inputTokens: 5, outputTokens: 6, cacheWrite1hTokens: 1, source: 'estimated' as const };
    const estimated = toGenAiAttributes(provider, endpoint, undefined, { ended: false }, { usage: estimate });
    expect(receive(estimated)?.genAi?.usage).toEqual(estimate);
    const reported = { inputTokens: 7, source: 'reported' as const };
    const both = toGenAiAttributes(
      provider,
      endpoint,
      undefined,
      { ended: true, usage: reported },
      { usage: estimate },
    );
    expect(receive(both)?.genAi?.usage).toEqual(reported);
  });
});
