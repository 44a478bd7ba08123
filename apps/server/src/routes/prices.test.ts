import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { writePriceFile } from '../pricing/price-file.js';
import { closeTestServers, send, startTestServer, tempDir } from '../testing/test-server.js';

afterEach(closeTestServers);

let sent = 0;
function body(attributes: Record<string, string | number>): string {
  sent += 1;
  const at = BigInt(Date.now() - 1000) * 1_000_000n;
  const value = (given: string | number) =>
    typeof given !== 'number'
      ? { stringValue: given }
      : Number.isInteger(given)
        ? { intValue: given }
        : { doubleValue: given };
  const span = {
    traceId: sent.toString(16).padStart(32, '0'),
    spanId: sent.toString(16).padStart(16, '0'),
    name: 'chat',
    kind: 3,
    startTimeUnixNano: String(at),
    endTimeUnixNano: String(at + 500_000_000n),
    attributes: Object.entries({ 'gen_ai.operation.name': 'chat', ...attributes }).map(([key, given]) => ({
      key,
      value: value(given),
    })),
  };
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: {}, spans: [span] }] }],
  });
}

async function post(url: string, attributes: Record<string, string | number>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await send(`${url}/v1/traces`, { method: 'POST', headers, body: body(attributes) });
  expect(answer.status).toBe(200);
}

const COSTS =
  'SELECT model, cost_usd, cost_source, cost_estimated, price_key, elsewhere_usd FROM llm_calls ORDER BY model';

const USAGE = { 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.usage.output_tokens': 1_000_000 };

test('every call gets its cost, and where it is from; what has no price has no cost', async () => {
  const server = await startTestServer();
  await post(server.url, { ...USAGE, 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o-mini' });
  await post(server.url, { ...USAGE, 'gen_ai.provider.name': 'ollama', 'gen_ai.request.model': 'llama3:8b' });
  await post(server.url, { ...USAGE, 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'nobody-knows' });
  await post(server.url, {
    ...USAGE,
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'o-supplied',
    'gen_ai.usage.cost': 0.125,
  });
  await post(server.url, {
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.input.messages': JSON.stringify([
      { role: 'user', parts: [{ type: 'text', content: 'word '.repeat(500) }] },
    ]),
  });
  const { rows } = await server.client.sql({ sql: COSTS });
  const byModel = Object.fromEntries(rows.map(({ model, ...rest }) => [model, rest]));
  expect(byModel['gpt-4o-mini']).toMatchObject({
    cost_usd: 0.75,
    cost_source: 'priced',
    price_key: 'openai/gpt-4o-mini',
  });
  expect(byModel['llama3:8b']).toMatchObject({ cost_usd: 0, cost_source: 'local', elsewhere_usd: 0.75 });
  expect(byModel['nobody-knows']).toMatchObject({ cost_usd: null, cost_source: '' });
  expect(byModel['o-supplied']).toMatchObject({ cost_usd: 0.125, cost_source: 'supplied' });
  // The whole text was counted, though only 200 characters of it are kept.
  expect(byModel['gpt-4o']).toMatchObject({ cost_source: 'priced', cost_estimated: true });
  expect(byModel['gpt-4o']?.cost_usd).toBeGreaterThan(500 * 2.5e-6);
  const prices = await server.client.prices({ model: 'gpt-4o-mini' });
  expect(prices.matched).toBe('openai/gpt-4o-mini');
  expect(prices.unpriced).toEqual([{ provider: 'openai', model: 'nobody-knows', calls: 1 }]);
  expect((await server.client.status()).prices).toMatchObject({ origin: 'shipped', estimated_calls_total: 1 });
});

test('a new list is taken over without a restart, and history is priced anew on demand', async () => {
  const dataDir = tempDir();
  let time = Date.now();
  const server = await startTestServer({}, { dataDir, now: () => time });
  await post(server.url, { ...USAGE, 'gen_ai.provider.name': 'acme', 'gen_ai.request.model': 'large' });
  const list = {
    format: 'vedetta-prices/1',
    date: '2030-01-01',
    models: { 'acme/large': { input: 1, output: 2 } },
  } as const;
  await writePriceFile(dataDir, list);
  time += 5000;
  expect(await server.client.recost()).toEqual({ calls: 1, changed: 1 });
  expect(await server.client.recost()).toEqual({ calls: 1, changed: 0 });
  const { rows } = await server.client.sql({ sql: COSTS });
  expect(rows).toMatchObject([{ model: 'large', cost_usd: 3, price_key: 'acme/large' }]);
  // What is no list is not taken, and said.
  writeFileSync(path.join(dataDir, 'prices.json'), '{"format":"vedetta-prices/1","models":[');
  time += 5000;
  const status = await server.client.status();
  expect(status.prices).toMatchObject({ date: '2030-01-01', origin: 'updated' });
  expect(status.problems.join()).toMatch(/prices\.json is no price list/);
});

test('prices of the configuration stand above the list', async () => {
  const overrides = JSON.stringify({ 'openai/gpt-4o': { input: 100, output: 0 } });
  const file = path.join(tempDir(), 'mine.json');
  writeFileSync(file, overrides);
  const server = await startTestServer({}, { env: { VEDETTA_PRICES_OVERRIDES: file } });
  await post(server.url, { ...USAGE, 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o' });
  const { rows } = await server.client.sql({ sql: COSTS });
  expect(rows).toMatchObject([{ cost_usd: 100 }]);
});

const UNIT_CALLS: readonly (readonly [
  model: string,
  attributes: Record<string, string | number>,
  usd: number | null,
])[] = [
  [
    'dall-e-3',
    { 'vedetta.usage.output_images': 2, 'vedetta.usage.image_size': '1024x1792', 'vedetta.usage.image_quality': 'hd' },
    0.24,
  ],
  ['whisper-1', { 'vedetta.usage.input_seconds': 90.5 }, 0.00905],
  ['tts-1', { 'vedetta.usage.input_characters': 2000, 'vedetta.usage.units_source': 'counted' }, 0.03],
  ['tts-1-hd', {}, null],
  ['omni-moderation-latest', { 'gen_ai.operation.name': 'moderation' }, 0],
];

test('calls that are billed by pictures, seconds or characters cost what the list says; those nobody counted cost nobody knows what', async () => {
  const server = await startTestServer();
  const openai = { 'gen_ai.operation.name': 'generate_content', 'gen_ai.provider.name': 'openai' };
  for (const [model, attributes] of UNIT_CALLS) {
    await post(server.url, { ...openai, 'gen_ai.request.model': model, ...attributes });
  }
  const cohere = {
    'gen_ai.operation.name': 'rerank',
    'gen_ai.provider.name': 'cohere',
    'gen_ai.request.model': 'rerank-v3.5',
  };
  await post(server.url, { ...cohere, 'vedetta.usage.search_units': 3 });
  // Instrumentations that know nothing of searches: one at least.
  await post(server.url, cohere);
  const sql =
    'SELECT model, round(cost_usd, 9) AS cost_usd, cost_estimated, billed_units FROM llm_calls ORDER BY trace_id';
  const { rows } = await server.client.sql({ sql });
  const costs = [
    ...UNIT_CALLS.map(([model, , usd]) => [model, usd, false]),
    ['rerank-v3.5', 0.006, false],
    ['rerank-v3.5', 0.002, true],
  ];
  expect(rows.map(({ model, cost_usd, cost_estimated }) => [model, cost_usd, cost_estimated])).toEqual(costs);
  expect(rows[2]?.billed_units).toMatchObject({ input_characters: 2000, units_source: 'counted' });
  // Priced anew they cost the same: what they were billed for is kept.
  expect(await server.client.recost()).toEqual({ calls: 7, changed: 0 });
});

test('history without a price for its units gets one', async () => {
  const dataDir = tempDir();
  let time = Date.now();
  const server = await startTestServer({}, { dataDir, now: () => time });
  const speech = {
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.provider.name': 'acme',
    'gen_ai.request.model': 'voice',
  };
  await post(server.url, { ...speech, 'vedetta.usage.output_seconds': 30 });
  await post(server.url, { ...speech, 'vedetta.usage.input_characters': 100 });
  expect((await server.client.prices()).unpriced).toEqual([{ provider: 'acme', model: 'voice', calls: 2 }]);
  await writePriceFile(dataDir, {
    format: 'vedetta-prices/1',
    date: '2030-01-01',
    models: { 'acme/voice': { perSecondOutput: 0.01 } },
  });
  time += 5000;
  expect(await server.client.recost()).toEqual({ calls: 2, changed: 1 });
  const { rows } = await server.client.sql({ sql: 'SELECT cost_usd, price_key FROM llm_calls ORDER BY trace_id' });
  expect(rows).toMatchObject([{ cost_usd: 0.3, price_key: 'acme/voice' }, { cost_usd: null }]);
});

test('prices of units in the configuration stand above the list', async () => {
  const overrides = {
    'openai/dall-e-3': { images: [{ size: '1024x1024', usd: 1.5 }] },
    'acme/ears': { perSecondInput: 0.5 },
  };
  const file = path.join(tempDir(), 'units.json');
  writeFileSync(file, JSON.stringify(overrides));
  const server = await startTestServer({}, { env: { VEDETTA_PRICES_OVERRIDES: file } });
  const made = { 'gen_ai.operation.name': 'generate_content', 'vedetta.usage.output_images': 1 };
  await post(server.url, { ...made, 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'dall-e-3' });
  await post(server.url, {
    ...made,
    'gen_ai.provider.name': 'acme',
    'gen_ai.request.model': 'ears',
    'vedetta.usage.input_seconds': 3,
  });
  const { rows } = await server.client.sql({ sql: 'SELECT cost_usd FROM llm_calls ORDER BY trace_id' });
  expect(rows).toEqual([{ cost_usd: 1.5 }, { cost_usd: 1.5 }]);
  expect((await server.client.prices({ model: 'acme/ears' })).entries).toEqual([
    { key: 'acme/ears', prices: [{ perSecondInput: 0.5 }] },
  ]);
});
