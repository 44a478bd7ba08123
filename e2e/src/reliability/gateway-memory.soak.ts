import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const CALLS = 100_000;
const CONNECTIONS = 16;
/** The first calls fill caches and the engine's memory, which are bounded: what is looked at is what comes after. */
const WARM_UP_CALLS = 200_000;
/** Garbage comes and goes by 100 MiB and more: one look tells nothing, the mean of many does. */
const CALLS_A_LOOK = 5_000;
const MAX_GROWTH_MIB = 75;
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
  const beforeMib = await meanMibOver(CALLS);
  const afterMib = await meanMibOver(CALLS);
  await stored(WARM_UP_CALLS + 2 * CALLS);
  console.log(
    `${beforeMib.toFixed(0)} MiB in the mean over ${CALLS} calls, ${afterMib.toFixed(0)} MiB over as many more`,
  );
  expect(afterMib).toBeLessThan(beforeMib + MAX_GROWTH_MIB);
});

/** The mean resident memory of the server while so many calls go through it. */
async function meanMibOver(calls: number): Promise<number> {
  const looks = calls / CALLS_A_LOOK;
  let sum = 0;
  for (let i = 0; i < looks; i += 1) {
    await stream(CALLS_A_LOOK);
    sum += server.rssBytes() / MIB;
  }
  return sum / looks;
}

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
