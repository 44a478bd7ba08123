import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const CALLS = 100_000;
const CONNECTIONS = 16;
/** The first calls fill caches that are bounded: what is looked at is what comes after. */
const WARM_UP_CALLS = 100_000;
const MIB = 1024 * 1024;

const event = (members: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'gpt-4o-mini', ...members })}\n\n`;
const ANSWER = [
  ...Array.from({ length: 8 }, (_, i) => event({ choices: [{ index: 0, delta: { content: `word${i} ` } }] })),
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  event({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 8, total_tokens: 18 } }),
  'data: [DONE]\n\n',
];
const BODY = JSON.stringify({
  model: 'gpt-4o-mini',
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: 'How far does the light of a lighthouse reach?' }],
});

const upstream = createServer((incoming, response) => {
  incoming.resume().on('end', () => {
    response.setHeader('content-type', 'text/event-stream');
    for (const part of ANSWER) response.write(part);
    response.end();
  });
});
let server: ServerProcess;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  server = await startServerProcess({ env: { VEDETTA_GATEWAY_OPENAI_URL: `http://127.0.0.1:${port}` } });
});
afterAll(async () => {
  await server?.stop();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

test('memory is flat over 100,000 streamed calls that are all stored', async () => {
  await stream(WARM_UP_CALLS);
  await stored(WARM_UP_CALLS);
  const beforeMib = server.rssBytes() / MIB;
  await stream(CALLS);
  await stored(WARM_UP_CALLS + CALLS);
  const afterMib = server.rssBytes() / MIB;
  console.log(
    `${beforeMib.toFixed(0)} MiB after ${WARM_UP_CALLS} calls, ${afterMib.toFixed(0)} MiB after as many more`,
  );
  expect(afterMib).toBeLessThan(beforeMib + 150);
});

async function stream(calls: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let begun = 0;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const call = request(
        `${server.url}/gateway/openai/v1/chat/completions`,
        { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
        (response) => {
          expect(response.statusCode).toBe(200);
          response.resume().on('end', resolve).on('error', reject);
        },
      );
      call.on('error', reject).end(BODY);
    });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (begun < calls) {
        begun += 1;
        await one();
      }
    }),
  );
  agent.destroy();
}

async function stored(calls: number): Promise<void> {
  for (let i = 0; i < 240; i += 1) {
    const status = (await (await fetch(`${server.url}/api/status`)).json()) as { store: { requests: number } };
    if (status.store.requests >= calls) {
      expect(status.store.requests).toBe(calls);
      return;
    }
    await delay(500);
  }
  throw new Error(`not all of ${calls} calls were stored within two minutes`);
}
