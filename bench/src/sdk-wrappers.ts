import { createMonitor, type Sink, track } from '@vedetta/sdk';
import OpenAI from 'openai';
import type { BenchResult } from './result.js';

const PIECES = 100;
const BATCH = 200;
const ROUNDS = 15;
/** Rounds before the compiler has settled; they are not counted. */
const WARM_UP_ROUNDS = 5;

/** What `track` adds to a call of the client of OpenAI, whose network is a function: what is measured is the processor's time. */
export async function run(): Promise<BenchResult[]> {
  const sink: Sink = { name: 'null', write: () => {} };
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false });
  const plain = new OpenAI({ apiKey: 'none', baseURL: 'http://upstream.invalid/v1', fetch: answer });
  const clients = {
    plain,
    tracked: track(plain, { monitor }),
    'tracked, without CPU and memory': track(plain, { monitor, resources: false }),
  };
  const results: BenchResult[] = [];
  for (const [kind, call] of [
    ['call', whole],
    [`stream of ${PIECES} pieces`, streamed],
  ] as const) {
    const times = new Map<string, number[]>();
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
      for (const [name, client] of Object.entries(clients)) {
        const us = await repeat(() => call(client));
        if (round >= WARM_UP_ROUNDS) times.set(name, [...(times.get(name) ?? []), us]);
      }
    }
    const plainUs = median(times.get('plain') ?? []);
    results.push({ name: `${kind}: the client alone`, value: plainUs, unit: 'µs' });
    for (const name of Object.keys(clients).slice(1)) {
      const us = median(times.get(name) ?? []);
      const ratioTo = { peer: 'the client alone', ratio: us / plainUs };
      results.push({ name: `${kind}: ${name}, added`, value: us - plainUs, unit: 'µs', ratioTo });
    }
  }
  await monitor.shutdown();
  return results;
}

const messages = [{ role: 'user' as const, content: 'Where is my order? '.repeat(20) }];

async function whole(client: OpenAI): Promise<void> {
  await client.chat.completions.create({ model: 'gpt-4o', messages });
}

async function streamed(client: OpenAI): Promise<void> {
  for await (const _ of await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true }));
}

const head = { id: 'c1', created: 1, model: 'gpt-4o-2024-08-06' };
const usage = { prompt_tokens: 90, completion_tokens: 100, total_tokens: 190 };
const document = JSON.stringify({
  ...head,
  choices: [{ index: 0, message: { role: 'assistant', content: 'On its way. '.repeat(30) }, finish_reason: 'stop' }],
  usage,
});
const piece = `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] })}\n\n`;
const stream = `${piece.repeat(PIECES)}data: [DONE]\n\n`;

async function answer(_url: unknown, init?: { readonly body?: unknown }): Promise<Response> {
  const isStream = String(init?.body).includes('"stream":true');
  return new Response(isStream ? stream : document, {
    headers: { 'content-type': isStream ? 'text/event-stream' : 'application/json' },
  });
}

/** Microseconds a call, over one batch of calls. */
async function repeat(call: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  for (let i = 0; i < BATCH; i += 1) await call();
  return ((performance.now() - startMs) * 1000) / BATCH;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
