import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Status } from '@vedetta/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const CALLS = 1000;
/** Enough to start with; the calls below write several times as much. */
const MAX_FILE_KIB = 6 * 1024;
const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Some twenty miles.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
});

const upstream = createServer((incoming, response) => {
  incoming.resume().on('end', () => response.setHeader('content-type', 'application/json').end(ANSWER));
});
let server: ServerProcess;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  server = await startServerProcess({
    maxFileKib: MAX_FILE_KIB,
    env: { VEDETTA_GATEWAY_OPENAI_URL: `http://127.0.0.1:${port}`, VEDETTA_CONTENT: 'full' },
  });
});
afterAll(async () => {
  await server?.stop();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

test('every call succeeds while the disk takes nothing more, and what could not be stored is counted', async () => {
  let made = 0;
  for (let round = 0; round < 40 && (await dropped()) === 0; round += 1) {
    await calls(CALLS / 4);
    made += CALLS / 4;
  }
  expect(await dropped(), `spans dropped after ${made} calls`).toBeGreaterThan(0);
  await calls(CALLS);
  // A call is read once its client has the answer.
  await expect.poll(async () => (await status()).gateway.recorded_calls_total).toBe(made + CALLS);
  expect((await status()).store.requests).toBeLessThan(made + CALLS);
});

async function calls(count: number): Promise<void> {
  const padding = 'How far does the light of a lighthouse reach? '.repeat(80);
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: padding }] });
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await fetch(`${server.url}/gateway/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(ANSWER);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function status(): Promise<Status> {
  return (await (await fetch(`${server.url}/api/status`)).json()) as Status;
}

async function dropped(): Promise<number> {
  return (await status()).gateway.dropped_spans_total;
}
