import { findProvider, openAiCompatible } from '@vedetta/providers';
import { readCassettes } from '@vedetta/providers/testing';
import { describe, expect, test } from 'vitest';
import { bodyOf, upstreamOf } from '../testing/cassettes.js';
import { CaptureBudget } from './capture-budget.js';
import { ResponseCopy } from './response-copy.js';

// G2: what is read from a stream does not depend on how it was cut.
const streams = readCassettes()?.filter(({ stream, status }) => stream && status === 200);

describe.skipIf(streams === undefined)('recorded streams (skipped: no shared data)', () => {
  test.each([
    ['at every byte', () => 1],
    ['at random', (seed: number) => 1 + ((seed * 7919) % 61)],
  ])('say the same when cut %s', (_name, size) => {
    let read = 0;
    for (const cassette of streams ?? []) {
      const provider = findProvider(upstreamOf(cassette)) ?? openAiCompatible(upstreamOf(cassette));
      const endpoint = provider.match(cassette.method, new URL(cassette.uri).pathname);
      if (endpoint === undefined) continue;
      const head = { status: 200, contentType: cassette.content_type, contentEncoding: '' };
      const request = () => endpoint.readRequest(cassette.request);
      const budget = new CaptureBudget(64 * 1024 * 1024);
      const facts = (sizeOf: (at: number) => number) => {
        const copy = new ResponseCopy(endpoint, request, head, budget, []);
        const body = bodyOf(cassette);
        for (let at = 0; at < body.length; ) {
          const length = sizeOf(at + 1);
          copy.push(body.subarray(at, at + length), at);
          at += length;
        }
        void copy.finish();
        return { facts: copy.reader.facts(), pieces: copy.contentPieces, events: copy.events, state: copy.state };
      };
      const whole = facts(() => Number.POSITIVE_INFINITY);
      expect(facts(size)).toEqual(whole);
      expect(budget.leftBytes).toBe(64 * 1024 * 1024);
      read += whole.events;
    }
    expect(read).toBeGreaterThan(2000);
  });
});
