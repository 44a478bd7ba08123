import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newTraceId, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ content: 'full' });
});
afterAll(closeTestServers);

const ingest = (body: string) =>
  send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

/** Text that has broken systems of this kind: markup, prototypes, SQL, control characters, lone surrogates, JSON in JSON. */
const text = fc.oneof(
  fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    '__proto__',
    'constructor',
    "'; drop table spans; --",
    '\u0000\u0007\u202e',
    '\ud83d',
    '{"__proto__":{"polluted":1}}',
    '[{"role":"user","parts":null}]',
    '[{"role":7,"parts":[{"type":null}]}]',
    '{"a":[1,2',
    'NaN',
    '1e999',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.json({ maxDepth: 4 }),
);
const key = fc.oneof(
  fc.constantFrom(
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.request.model',
    'gen_ai.operation.name',
    'gen_ai.usage.input_tokens',
    'gen_ai.prompt.0.content',
    'gen_ai.completion.99999999.role',
    'llm.input_messages.0.message.contents.5.message_content.text',
    'llm.token_count.total',
    'ai.prompt',
    'ai.operationId',
    'langfuse.observation.input',
    'langfuse.trace.tags',
    'traceloop.entity.input',
    'vedetta.span.kind',
    'vedetta.request.id',
    'vedetta.custom_data',
    'vedetta.data',
    'vedetta.modality',
    'user.id',
    'session.id',
    'error.type',
    'service.name',
    '__proto__',
  ),
  text,
);
const value = fc.oneof(
  text,
  fc.constantFrom('request', 'phase', 'event', 'score', 'chat'),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const attributes = fc
  .array(fc.tuple(key, value), { maxLength: 12 })
  .map((entries) => Object.fromEntries(entries) as Record<string, string | number | boolean>);

test('whatever telemetry holds, it is stored, and every page that shows it can be read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(attributes, { minLength: 1, maxLength: 4 }), text, async (spans, name) => {
      const traceId = newTraceId();
      const [root, ...rest] = spans.map((members, i) => ({
        traceId,
        spanId: String(i + 1).padStart(16, '3'),
        name,
        startMs: Date.now() - 1000,
        attributes: members,
      }));
      const steps = rest.map((span) => ({ ...span, parentSpanId: '3333333333333331' }));
      const sent = await ingest(otlpJson(root === undefined ? steps : [root, ...steps], name));
      expect([sent.status, sent.body.toString()]).toEqual([200, '{}']);
      for (const path of [`/api/requests/${traceId}/timeline`, '/api/requests?limit=5', '/api/errors', '/api/models']) {
        const answer = await send(server.url + path);
        // A trace of nothing but events and scores makes no request.
        expect([path, [200, 404].includes(answer.status), answer.status === 200 || path.includes(traceId)]).toEqual([
          path,
          true,
          true,
        ]);
        JSON.parse(answer.body.toString());
      }
    }),
    { numRuns: 40 },
  );
  expect((await server.client.status()).ingest).toMatchObject({ rejected_spans_total: 0, refused_busy_total: 0 });
  expect(Object.prototype).not.toHaveProperty('polluted');
  for (const path of ['/api/stats', '/api/stats/daily', '/api/distribution/name', '/api/distribution/user']) {
    expect((await send(server.url + path)).status).toBe(200);
  }
});
