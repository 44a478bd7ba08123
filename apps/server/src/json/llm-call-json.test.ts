import { llmCallSchema } from '@vedetta/client/schemas';
import type { GenAiFacts, LlmCallRow, Usage } from '@vedetta/model';
import { expect, test } from 'vitest';
import { toLlmCallJson } from './llm-call-json.js';

const CALL: LlmCallRow = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  requestId: 'r',
  startUnixNano: 1_700_000_000_000_000_000n,
  endUnixNano: 1_700_000_001_000_000_000n,
  durationMs: 1000,
  status: 'completed',
  errorType: '',
  provider: 'openai',
  model: 'gpt-4o-2024-08-06',
  requestModel: 'gpt-4o',
  operation: 'chat',
  stream: true,
  timeToFirstTokenMs: 500,
  usage: { inputTokens: 10, outputTokens: 20, cacheWrite1hTokens: 3, source: 'reported' },
  serviceTier: '',
  cost: { usd: 0.5, source: 'priced', estimated: true, priceKey: 'openai/gpt-4o', priceDate: '2026-08-14' },
};

test('a call has its figures and its cost with where it comes from, and null for what is not known', () => {
  const json = llmCallSchema.strict().parse(toLlmCallJson(CALL, undefined));
  expect(json).toMatchObject({
    start_time: '2023-11-14T22:13:20.000000Z',
    model: 'gpt-4o-2024-08-06',
    request_model: 'gpt-4o',
    cache_write_1h_tokens: 3,
    cache_read_tokens: null,
    usage_source: 'reported',
    cost_usd: 0.5,
    cost_source: 'priced',
    cost_estimated: true,
    price_key: 'openai/gpt-4o',
    price_date: '2026-08-14',
    elsewhere_usd: null,
    elsewhere_key: null,
  });
  expect(
    llmCallSchema.strict().parse(toLlmCallJson({ ...CALL, usage: undefined, cost: undefined }, undefined)),
  ).toMatchObject({
    input_tokens: null,
    usage_source: null,
    cost_usd: null,
    cost_source: null,
    cost_estimated: false,
  });
});

test('why a call ended, its first visible token, and what others counted come from its span', () => {
  const genAi: GenAiFacts = {
    operation: 'chat',
    aggregate: false,
    dialects: [],
    responseId: 'chatcmpl-1',
    finishReasons: ['stop', 'length'],
    usage: { outputTokens: 20, source: 'estimated', sampled: true },
    otherUsage: [{ inputTokens: 9, source: 'supplied' }],
  };
  const attributes = { 'vedetta.response.time_to_first_visible_chunk': 0.75 };
  const known = toLlmCallJson(CALL, { attributes, genAi });
  expect(llmCallSchema.strict().parse(known)).toMatchObject({
    response_id: 'chatcmpl-1',
    finish_reasons: ['stop', 'length'],
    time_to_first_token_ms: 500,
    time_to_first_visible_ms: 750,
    usage_sampled: true,
    other_usage: [{ source: 'supplied', input_tokens: 9, output_tokens: null }],
  });
  for (const span of [undefined, { attributes: {}, genAi: undefined }]) {
    expect(llmCallSchema.strict().parse(toLlmCallJson(CALL, span))).toMatchObject({
      response_id: '',
      finish_reasons: [],
      time_to_first_visible_ms: null,
      usage_sampled: false,
      other_usage: [],
    });
  }
});

test.each(['0.75', -1, null, [0.75]])('a time to the first visible token that is %j is no time', (seconds) => {
  const attributes = { 'vedetta.response.time_to_first_visible_chunk': seconds };
  expect(toLlmCallJson(CALL, { attributes, genAi: undefined }).time_to_first_visible_ms).toBeNull();
});

test('what a call is billed for beside tokens stands beside them', () => {
  const units = { outputImages: 2, imageSize: '1024x1024', source: 'reported' } as const;
  const json = llmCallSchema
    .strict()
    .parse(toLlmCallJson({ ...CALL, usage: { source: 'reported', units } }, undefined));
  expect(json.billed_units).toEqual({ output_images: 2, image_size: '1024x1024', units_source: 'reported' });
  expect(toLlmCallJson(CALL, undefined).billed_units).toBeNull();
});

const OUTPUT: Usage = { outputTokens: 20, source: 'reported' };

test.each<[string, Partial<LlmCallRow>, number | null]>([
  ['from the first token of a stream on', { usage: OUTPUT }, 40],
  ['over all of a stream whose first token nobody timed', { timeToFirstTokenMs: undefined }, 20],
  ['over all of what is no stream', { stream: false }, 20],
  ['not at all without time', { durationMs: 500 }, null],
  ['not at all without tokens', { usage: { inputTokens: 1, source: 'reported' } }, null],
])('tokens per second are counted %s', (_, members, expected) => {
  expect(toLlmCallJson({ ...CALL, ...members }, undefined).tokens_per_second).toBe(expected);
});
