import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySink } from '../memory-sink.js';
import { createMonitor } from '../monitor.js';
import { spanAttributes } from '../span-record.js';
import type { Exchange } from './testing/exchanges.js';
import { readExchanges, replyOf } from './testing/exchanges.js';
import type { Outcome } from './testing/outcome.js';
import { outcomeOf } from './testing/outcome.js';
import type { Upstream } from './testing/upstream.js';
import { startUpstream } from './testing/upstream.js';
import { track } from './track.js';

/** Methods by the end of the recorded address. */
const METHODS: readonly (readonly [end: string, call: (client: OpenAI, body: never) => unknown])[] = [
  ['/chat/completions', (client, body) => client.chat.completions.create(body)],
  ['/completions', (client, body) => client.completions.create(body)],
  ['/responses', (client, body) => client.responses.create(body)],
  ['/embeddings', (client, body) => client.embeddings.create(body)],
  ['/images/generations', (client, body) => client.images.generate(body)],
];

const exchanges = readExchanges()?.filter(({ uri }) => methodOf(uri) !== undefined);
const memory = memorySink();
const monitor = createMonitor({ sinks: [memory], flushOnExit: false });
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

function methodOf(uri: string) {
  const path = new URL(uri).pathname;
  return METHODS.find(([end]) => path.endsWith(end))?.[1];
}

function clientFor({ provider, uri }: Exchange): OpenAI {
  const { pathname } = new URL(uri);
  if (provider === 'azure-openai') {
    const deployment = /deployments\/([^/]+)/.exec(pathname)?.[1] ?? '';
    return new AzureOpenAI({
      endpoint: upstream.url,
      apiKey: 'none',
      apiVersion: '2024-10-21',
      deployment,
      maxRetries: 0,
    });
  }
  return new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'none', maxRetries: 0 });
}

async function run(client: OpenAI, exchange: Exchange): Promise<Outcome> {
  const method = methodOf(exchange.uri);
  return outcomeOf(() => method?.(client, exchange.request as never));
}

describe.skipIf(exchanges === undefined)(
  'recorded exchanges through the client of OpenAI (skipped: no shared data)',
  () => {
    it.each((exchanges ?? []).map((exchange) => [exchange.source.split('/').at(-1) ?? '', exchange] as const))(
      '%s',
      async (_name, exchange) => {
        upstream.answer = () => replyOf(exchange);
        const client = clientFor(exchange);
        const expected = await run(client, exchange);
        memory.spans.length = 0;
        upstream.calls.length = 0;
        const outcome = await run(track(client, { monitor }), exchange);
        expect(outcome).toStrictEqual(expected);
        expect(upstream.calls).toHaveLength(1);
        const spans = memory.spans.filter(({ kind }) => kind === 'llm');
        expect(spans).toHaveLength(1);
        const [span] = spans;
        if (span === undefined) return;
        expect(span.success).toBe(exchange.status === 200);
        const attributes = spanAttributes(span);
        expect([attributes['gen_ai.usage.input_tokens'], attributes['gen_ai.usage.output_tokens']]).toEqual([
          exchange.usage?.input,
          exchange.usage?.output,
        ]);
        if (exchange.status === 200 && exchange.response_model !== null) {
          expect(attributes['gen_ai.response.model']).toBe(exchange.response_model);
        }
      },
    );
  },
);
