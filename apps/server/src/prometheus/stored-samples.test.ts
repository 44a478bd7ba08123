import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ 'metrics-interval-seconds': 1 });
});
afterAll(closeTestServers);

async function ask(query: string): Promise<Answer['data']['result']> {
  const answer = await send(`${server.url}/prometheus/api/v1/query?query=${encodeURIComponent(query)}`);
  expect(answer.status).toBe(200);
  return answer.json<Answer>().data.result;
}

test('what is at /metrics can be asked in PromQL', async () => {
  await expect.poll(() => ask('vedetta_build_info'), { timeout: 20_000 }).toHaveLength(1);
  const headers = { 'content-type': 'application/json' };
  await send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers,
    body: otlpJson([{ attributes: chat('small', 10, 4) }]),
  });
  await expect
    .poll(
      async () =>
        (await ask('sum by (model, type) (ai_tokens_used_total{model="small"})')).map(({ metric, value }) => [
          metric.type,
          value[1],
        ]),
      {
        timeout: 20_000,
      },
    )
    .toEqual(
      expect.arrayContaining([
        ['input', '10'],
        ['output', '4'],
      ]),
    );
  const [cpu] = await ask('memory_usage_percent');
  expect(cpu?.metric).toMatchObject({ job: 'vedetta' });
});

test('foreign hosts and pages learn nothing from it', async () => {
  const url = `${server.url}/prometheus/api/v1/query?query=1`;
  expect((await send(url, { headers: { host: 'evil.example' } })).status).toBe(403);
  expect((await send(url, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
});
