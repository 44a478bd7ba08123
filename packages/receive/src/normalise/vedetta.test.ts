import type { RawSpan } from '@vedetta/model';
import { expect, it } from 'vitest';
import { normaliseSpans } from './normalise-spans.js';

const root: RawSpan = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '',
  name: 'POST /chat',
  kind: 2,
  startUnixNano: 1n,
  endUnixNano: 2n,
  statusCode: 0,
  statusMessage: '',
  attributes: {
    'vedetta.span.kind': 'request',
    'vedetta.request.id': 'order-7',
    'vedetta.modality': 'text',
    'vedetta.tags': ['beta', 'eu'],
    'vedetta.state': 'cancelled',
    'user.id': 'ada',
    'session.id': 's1',
  },
  events: [],
  links: [],
  origin: { serviceName: 'shop', resource: {}, scopeName: '@vedetta/sdk', scopeVersion: '0.1.0' },
};

it('takes over what the SDK states of a request', () => {
  expect(normaliseSpans([root])[0]?.facts).toMatchObject({
    vedettaKind: 'request',
    requestId: 'order-7',
    modality: 'text',
    tags: ['beta', 'eu'],
    state: 'cancelled',
    userId: 'ada',
    sessionId: 's1',
  });
});

it.each([
  [
    'beside what the provider reported',
    { 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 3 },
    'reported',
  ],
  ['where nobody reported any', {}, 'supplied'],
])("keeps the user's own count of tokens %s", (_where, reported, source) => {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'm',
    'vedetta.usage.supplied.input_tokens': 11,
    ...reported,
  };
  const genAi = normaliseSpans([{ ...root, attributes }])[0]?.genAi;
  const own = { inputTokens: 11, source: 'supplied' };
  if (source === 'supplied') expect(genAi).toMatchObject({ usage: own });
  else {
    expect(genAi?.usage).toEqual({ inputTokens: 12, outputTokens: 3, source: 'reported' });
    expect(genAi?.otherUsage).toEqual([own]);
  }
});

it.each([
  ['beside tokens', { 'gen_ai.usage.input_tokens': 12 }, { inputTokens: 12, source: 'reported' }],
  ['without tokens', {}, { source: 'counted' }],
  ['beside tokens of one’s own', { 'vedetta.usage.supplied.input_tokens': 3 }, { inputTokens: 3, source: 'supplied' }],
])('reads what a call is billed for %s', (_, others, tokens) => {
  const attributes = {
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.request.model': 'tts-1',
    'vedetta.usage.input_characters': 40,
    'vedetta.usage.units_source': 'counted',
    ...others,
  };
  const genAi = normaliseSpans([{ ...root, attributes }])[0]?.genAi;
  expect(genAi?.usage).toEqual({ ...tokens, units: { inputCharacters: 40, source: 'counted' } });
  expect(genAi?.aggregate).toBe(false);
});

it.each([-1, '5', null, [1], Number.NaN])('a count of units that is %j is none', (count) => {
  const attributes = { 'gen_ai.operation.name': 'rerank', 'vedetta.usage.search_units': count };
  expect(normaliseSpans([{ ...root, attributes }])[0]?.genAi).not.toHaveProperty('usage');
});
