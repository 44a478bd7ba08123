import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpJson([{ attributes: chat('gpt-4o', 1, 1) }]),
  });
});
afterAll(closeTestServers);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '%',
    '_',
    "'",
    '"; drop table spans; --',
    '*',
    '\\',
    '\u0000',
    '\ud800',
    '../..',
    'null',
    '[]',
    '{}',
  ),
);
const time = fc.oneof(
  fc.constantFrom(
    '15m',
    '999999999w',
    '0',
    '-1',
    '8640000000000000',
    '-8640000000000000',
    '1e3',
    '0001-01-01',
    '9999-12-31',
  ),
  fc.integer().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  text,
);
const number = fc.oneof(
  fc.constantFrom('9223372036854776000', '1e308', '-0'),
  fc.double().map(String),
  fc.integer().map(String),
  text,
);
const filter = fc.oneof(
  fc.constantFrom(
    'model:gpt*',
    'latency:>2s',
    '-status:completed',
    '(a OR b) -c',
    'tokens:>=1k',
    'error:~"x"',
    'cost:<0.1',
  ),
  text,
);
const scope = {
  from: time,
  to: time,
  model: text,
  modality: text,
  status: fc.oneof(fc.constantFrom('failed', 'running,completed'), text),
  user: text,
  session: text,
  service: text,
  min_duration_ms: number,
  max_duration_ms: number,
  q: filter,
};

test.each<[string, Record<string, fc.Arbitrary<string>>]>([
  [
    '/api/requests',
    {
      ...scope,
      limit: number,
      cursor: text,
      sort: fc.oneof(fc.constantFrom('cost:desc', 'start:asc', 'ttft:asc'), text),
    },
  ],
  ['/api/stats', scope],
  ['/api/stats/timeline', { ...scope, step_ms: number }],
  ['/api/stats/daily', { ...scope, time_zone: fc.oneof(fc.constantFrom('UTC', 'Europe/Rome', '+05:30'), text) }],
  ['/api/errors', { ...scope, limit: number }],
  ['/api/distribution/model', { ...scope, limit: number }],
  ['/api/models', scope],
])('%s answers 200 or 400 to anything', async (path, fields) => {
  const query = fc.record(fields, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(query, async (parameters) => {
      const search = new URLSearchParams(parameters as Record<string, string>).toString();
      const answer = await send(`${server.url}${path}?${search}`);
      const problem = answer.status === 400 || answer.status === 200 ? '' : answer.body.toString();
      expect([search, answer.status, problem]).toEqual([search, answer.status === 400 ? 400 : 200, '']);
    }),
    { numRuns: 60 },
  );
});

test('request ids of any text answer 404, or what is wrong with them', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (id) => {
      fc.pre(id !== '' && id !== '.' && id !== '..' && !/\p{Surrogate}/u.test(id));
      const answer = await send(`${server.url}/api/requests/${encodeURIComponent(id)}`);
      expect([id, [400, 404].includes(answer.status)]).toEqual([id, true]);
    }),
    { numRuns: 60 },
  );
});
