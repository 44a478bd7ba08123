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
