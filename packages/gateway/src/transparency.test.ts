import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { readCassettes } from '@vedetta/providers/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upstreamOf } from './testing/cassettes.js';
import type { RawAnswer } from './testing/raw-call.js';
import { call } from './testing/raw-call.js';
import type { ReplayUpstream } from './testing/replay-upstream.js';
import { encode, startReplayUpstream } from './testing/replay-upstream.js';
import type { TestGateway } from './testing/test-gateway.js';
import { startTestGateway } from './testing/test-gateway.js';

// G1: what passes through the gateway is what the upstream sent, byte for byte; the figures are the provider's.
const cassettes = readCassettes();
const CODINGS = [undefined, 'gzip', 'deflate', 'br'] as const;
/** Providers that the gateway does not know: their exchanges pass, but what they mean is not read. */
const UNKNOWN = new Set(['alephalpha', 'watsonx']);

describe.skipIf(cassettes === undefined)('recorded exchanges (skipped: no shared data)', () => {
  const all = cassettes ?? [];
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let upstream: ReplayUpstream;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startReplayUpstream(all);
    const names = [...new Set(all.map(upstreamOf))];
    gateway = await startTestGateway(Object.fromEntries(names.map((name) => [name, upstream.url])));
  });

  afterAll(async () => {
    agent.destroy();
    await gateway.close();
    await upstream.close();
  });

  async function both(index: number, coding: string | undefined, pieces: number) {
    const cassette = all[index]!;
    const { pathname, search } = new URL(cassette.uri);
    const options = {
      method: cassette.method,
      agent,
      headers: {
        'content-type': 'application/json',
        'accept-encoding': 'gzip, deflate, br',
        'x-cassette': String(index),
        'x-pieces': String(pieces),
        'x-vedetta-request': `${index}`,
        authorization: 'Bearer sk-canary-0123456789',
        ...(coding === undefined ? {} : { 'x-coding': coding }),
      },
      ...(cassette.request === null ? {} : { body: JSON.stringify(cassette.request) }),
    };
    const before = upstream.count;
    const through = await call(`${gateway.url}/gateway/${upstreamOf(cassette)}${pathname}${search}`, options);
    expect(upstream.count).toBe(before + 1);
    const direct = await call(`${upstream.url}${pathname}${search}`, options);
    return { cassette, through, direct };
  }

  test.each(CODINGS)('pass unchanged with coding %s', async (coding) => {
    for (let index = 0; index < all.length; index += 1) {
      const { through, direct } = await both(index, coding, 1 + (index % 5));
      expect(essence(through)).toEqual(essence(direct));
    }
  });

  test('have the usage that the provider reported', async () => {
    await gateway.gateway.flush();
    const wrong: unknown[] = [];
    let compared = 0;
    for (const [index, cassette] of all.entries()) {
      const { usage } = cassette;
      if (usage?.output === undefined || UNKNOWN.has(cassette.provider)) continue;
      const calls = gateway.spans.filter(
        ({ attributes, kind, endUnixNano }) =>
          kind === 3 && endUnixNano !== 0n && attributes['vedetta.request.id'] === `${index}`,
      );
      for (const { attributes } of calls) {
        const cached =
          Number(attributes['gen_ai.usage.cache_read.input_tokens'] ?? 0) +
          Number(attributes['gen_ai.usage.cache_write.input_tokens'] ?? 0);
        const input = Number(attributes['gen_ai.usage.input_tokens'] ?? 0);
        const reasoning = Number(attributes['gen_ai.usage.reasoning.output_tokens'] ?? 0);
        const output = Number(attributes['gen_ai.usage.output_tokens'] ?? 0);
        const good =
          (input === (usage.input ?? 0) || input - cached === usage.input) &&
          (output === usage.output || output - reasoning === usage.output);
        if (!good) wrong.push([index, cassette.uri, usage.input, input, usage.output, output]);
        compared += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(1500);
    expect(gateway.gateway.counters).toMatchObject({ captureErrors: 0, droppedCalls: 0 });
  });

  function essence({ status, message, body, rawHeaders, aborted }: RawAnswer) {
    const hash = createHash('sha256').update(body).digest('hex');
    const connection = /^(?:connection|keep-alive|date|transfer-encoding)$/i;
    const headers = rawHeaders.flatMap((name, i) =>
      i % 2 === 0 && !connection.test(name) ? [[name, rawHeaders[i + 1]]] : [],
    );
    return { status, message, hash, headers, aborted };
  }

  test('the replay compresses', () => expect(encode(Buffer.alloc(1000), 'gzip').length).toBeLessThan(100));
});
