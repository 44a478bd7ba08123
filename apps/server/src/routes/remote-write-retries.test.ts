import { MetricRegistry } from '@vedetta/metrics';
import type { SampleWriteOutcome } from '@vedetta/store';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { answerErrors } from '../http/error-answers.js';
import { BodyBudget } from '../ingest/body-budget.js';
import { createIngestCounters } from '../ingest/ingest-counters.js';
import { PushedMetadataRegistry } from '../ingest/pushed-metadata.js';
import { ExemplarStore } from '../prometheus/exemplars/exemplar-store.js';
import { remoteWriteRoutes } from './remote-write.js';

// One series `__name__="m"` with a sample 0 at 1 ms, as a literal.
const MESSAGE = Buffer.from('0a130a0d0a085f5f6e616d655f5f12016d12021001', 'hex');
const BODY = Buffer.concat([Buffer.from([MESSAGE.length, (MESSAGE.length - 1) << 2]), MESSAGE]);

/** What a sender is answered when the store says so, and how the memory for bodies is used. */
async function answerTo(outcome: SampleWriteOutcome, budgetBytes = 1000) {
  const app = fastify();
  answerErrors(app);
  const bodyBudget = new BodyBudget(budgetBytes);
  await app.register((scope) =>
    remoteWriteRoutes(scope, {
      store: { samples: { writeNumbered: async () => outcome } },
      metrics: new MetricRegistry(),
      counters: createIngestCounters(),
      pushedMetadata: new PushedMetadataRegistry(),
      exemplars: new ExemplarStore({ maxExemplars: 1, maxBytes: 1000, now: () => 1 }),
      log: { error: () => {} },
      now: () => 1,
      bodyBudget,
      config: { otlp: { maxBodyMb: 1 } },
    }),
  );
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
  const answer = await app.inject({ method: 'POST', url: '/api/v1/write', headers, payload: BODY });
  await app.close();
  expect(bodyBudget.heldBytes).toBe(0);
  return { status: answer.statusCode, retryAfter: answer.headers['retry-after'] };
}

const STORED: SampleWriteOutcome = {
  kind: 'stored',
  stored: 1,
  duplicate: 0,
  histograms: 0,
  rejected: {},
  message: '',
};

test('what may be sent again is answered so that senders do, what never can be is not', async () => {
  expect(await answerTo(STORED)).toEqual({ status: 204, retryAfter: undefined });
  expect(await answerTo({ kind: 'busy', retryAfterMs: 2500 })).toEqual({ status: 503, retryAfter: '3' });
  expect(await answerTo({ kind: 'failed', message: 'the disk is full' })).toEqual({
    status: 500,
    retryAfter: undefined,
  });
  expect(await answerTo({ ...STORED, stored: 0, rejected: { series_limit: 1 } })).toEqual({
    status: 400,
    retryAfter: undefined,
  });
});

test('a body for which there is no memory is to be sent again', async () => {
  expect(await answerTo(STORED, 10)).toEqual({ status: 503, retryAfter: '2' });
});
