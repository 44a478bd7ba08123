import { llmCallSchema } from '@vedetta/client/schemas';
import type { LlmCallRow, Usage } from '@vedetta/model';
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
  const json = llmCallSchema.strict().parse(toLlmCallJson(CALL));
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
  expect(llmCallSchema.strict().parse(toLlmCallJson({ ...CALL, usage: undefined, cost: undefined }))).toMatchObject({
    input_tokens: null,
    usage_source: null,
    cost_usd: null,
    cost_source: null,
    cost_estimated: false,
  });
});

const OUTPUT: Usage = { outputTokens: 20, source: 'reported' };

test.each<[string, Partial<LlmCallRow>, number | null]>([
  ['from the first token of a stream on', { usage: OUTPUT }, 40],
  ['over all of a stream whose first token nobody timed', { timeToFirstTokenMs: undefined }, 20],
  ['over all of what is no stream', { stream: false }, 20],
  ['not at all without time', { durationMs: 500 }, null],
  ['not at all without tokens', { usage: { inputTokens: 1, source: 'reported' } }, null],
])('tokens per second are counted %s', (_, members, expected) => {
  expect(toLlmCallJson({ ...CALL, ...members }).tokens_per_second).toBe(expected);
});
