import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { readCassettes } from '@vedetta/providers/testing';
import { expect, test } from 'vitest';
import { bodyOf, upstreamOf } from './testing/cassettes.js';
import { call } from './testing/raw-call.js';
import { encode, startReplayUpstream } from './testing/replay-upstream.js';
import { startTestGateway } from './testing/test-gateway.js';

const CALLS = 10_000;
const CODINGS = [undefined, 'gzip', 'deflate', 'br'] as const;
const sha = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

// G1 at its full size: bodies and streams, compressed too, in pieces of every size.
test(`${CALLS} recorded bodies and streams come through as they were (skipped: no shared data)`, async (context) => {
  const cassettes = readCassettes();
  if (cassettes === undefined) return context.skip();
  const upstream = await startReplayUpstream(cassettes);
  const names = [...new Set(cassettes.map(upstreamOf))];
  const gateway = await startTestGateway(Object.fromEntries(names.map((name) => [name, upstream.url])));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < CALLS; i = next++) {
      const index = i % cassettes.length;
      const cassette = cassettes[index]!;
      const coding = CODINGS[Math.floor(i / cassettes.length) % CODINGS.length];
      const { pathname, search } = new URL(cassette.uri);
      const answer = await call(`${gateway.url}/gateway/${upstreamOf(cassette)}${pathname}${search}`, {
        agent,
        headers: {
          'x-cassette': String(index),
          'x-pieces': String(1 + (i % 40)),
          ...(coding === undefined ? {} : { 'x-coding': coding }),
        },
        body: JSON.stringify(cassette.request),
      });
      expect([answer.status, answer.headers['retry-after'], sha(answer.body), answer.aborted]).toEqual([
        cassette.status,
        '7',
        sha(encode(bodyOf(cassette), coding)),
        false,
      ]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  expect(upstream.count).toBe(CALLS);
  await gateway.gateway.flush();
  expect(gateway.gateway.counters).toMatchObject({ calls: CALLS, captureErrors: 0, droppedCalls: 0 });
  agent.destroy();
  await gateway.close();
  await upstream.close();
});
