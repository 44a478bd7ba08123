import { expect, test } from 'vitest';
import { entryAt, indexPrices } from './price-index.js';
import { PRICE_LIST_FORMAT } from './price-list.js';
import { shippedPrices } from './shipped.js';

const index = indexPrices([shippedPrices()]);

test.each([
  ['openai', 'gpt-4o-mini-2024-07-18', 'openai/gpt-4o-mini-2024-07-18'],
  ['openai', 'gpt-4o-mini-2031-01-01', 'openai/gpt-4o-mini'],
  ['openai', 'ft:gpt-4o-2024-08-06:org::id', 'openai/ft:gpt-4o-2024-08-06'],
  ['azure.ai.openai', 'gpt-35-turbo', 'azure/gpt-35-turbo'],
  ['gcp.gemini', 'models/gemini-2.5-flash', 'gemini/gemini-2.5-flash'],
  ['aws.bedrock', 'us.anthropic.claude-sonnet-4-20250514-v1:0', 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0'],
  [
    'aws.bedrock',
    'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0',
    'bedrock/anthropic.claude-3-haiku-20240307-v1:0',
  ],
  ['gcp.vertex_ai', 'claude-3-5-haiku@20241022', 'vertex/claude-3-5-haiku@20241022'],
  ['openrouter', 'anthropic/claude-3-haiku', 'openrouter/anthropic/claude-3-haiku'],
  ['', 'claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5-20250929'],
  ['', 'openai/gpt-4o', 'openai/gpt-4o'],
  ['', 'dall-e-3', 'openai/dall-e-3'],
  ['', 'gpt-image-1', 'openai/gpt-image-1'],
])('%s %s is priced by %s', (provider, model, key) => {
  expect(index.find(provider, model)?.key).toBe(key);
});

test.each([
  ['openai', 'gpt-4o-mini-turbo'],
  ['openai', 'gpt'],
  ['openai', 'claude-sonnet-4-5-20250929'],
  ['openai', 'ft:my-own:org::id'],
  ['anthropic', 'gpt-4o'],
  ['aws.bedrock', 'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc'],
  ['', 'my-gpt-4o'],
  // Engines that speak OpenAI's protocol call their own models so.
  ['', 'whisper-1'],
  ['', ''],
  ['__proto__', 'constructor'],
])('%s %s has no price', (provider, model) => {
  expect(index.find(provider, model)).toBeUndefined();
});

test('a call is priced by the prices of its day', () => {
  const models = { 'acme/m': [{ input: 2 }, { input: 1, validFrom: '2026-03-01' }] };
  const found = indexPrices([{ format: PRICE_LIST_FORMAT, date: '2026-03-01', models }]).find('acme', 'm');
  expect(entryAt(found?.entries ?? [], Date.UTC(2026, 1, 28))?.input).toBe(2);
  expect(entryAt(found?.entries ?? [], Date.UTC(2026, 2, 1))?.input).toBe(1);
});
