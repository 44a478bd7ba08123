import { problemSchema } from '@vedetta/client/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, sendJson, startTestServer } from '../testing/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(closeTestServers);

test.each<[string, number, RegExp]>([
  ['/api/requests?from=2026-11-21&to=2026-11-20', 400, /^from: the range ends .* before it starts/],
  ['/api/requests?from=yesterday', 400, /^from: "yesterday" is no time; write/],
  ['/api/requests?status=broken', 400, /^status: there is no status "broken"; it is one of running/],
  ['/api/requests?cursor=rubbish', 400, /^cursor: is not one this server gave/],
  ['/api/requests?limit=0', 400, /^limit: .*\(it is "0"\)/],
  ['/api/requests?limit=1001', 400, /^limit: /],
  ['/api/requests?limit=ten', 400, /^limit: /],
  ['/api/requests?modle=x', 400, /^modle: there is no such field. Did you mean "model"\?/],
  ['/api/requests?model=a&model=b', 400, /^model: /],
  ['/api/requests?q=modle:x', 400, /^q: .*modle/],
  ['/api/requests?min_duration_ms=5&max_duration_ms=1', 400, /^min_duration_ms: 5 is more than/],
  ['/api/requests?min_duration_ms=-1', 400, /^min_duration_ms: /],
  ['/api/stats?limit=5', 400, /^limit: there is no such field/],
  ['/api/stats/timeline?step_ms=1', 400, /^step_ms: 1 gives more than 1500 buckets; widen it/],
  ['/api/stats/timeline?step_ms=1.5', 400, /^step_ms: /],
  ['/api/stats/daily?time_zone=Mars/Base', 400, /^time_zone: "Mars\/Base" is no IANA time zone/],
  ['/api/distribution/colour', 400, /^by: /],
  ['/api/status?verbose=1', 400, /^verbose: there is no such field/],
  ['/api/requests/x/timeline/y', 404, /there is no \/api\/requests\/x\/timeline\/y/],
  ['/api', 404, /openapi\.json lists/],
  [`/api/requests/${'x'.repeat(201)}`, 400, /^id: /],
  ['/%zz', 400, /./],
])('GET %s is %s and says why', async (path, status, detail) => {
  const answer = await send(server.url + path);
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
  const problem = problemSchema.strict().parse(answer.json());
  expect(problem.status).toBe(status);
  expect(problem.detail).toMatch(detail);
});

test.each<[string, string, unknown, number, RegExp]>([
  ['POST', '/api/events/custom', {}, 400, /^event_name: /],
  ['POST', '/api/events/custom', { event_name: '' }, 400, /^event_name: /],
  ['POST', '/api/events/custom', { event_name: 'x', data: 'text' }, 400, /^data: /],
  ['POST', '/api/events/custom', { event_name: 'x', timestamp: 'noon' }, 400, /^timestamp: "noon" is no time/],
  [
    'POST',
    '/api/events/custom',
    { event_name: 'x', timestamp: '9999-12-31' },
    400,
    /^timestamp: .* more than a day ahead/,
  ],
  ['POST', '/api/events/custom', { event_name: 'x', timestamp: '1969-12-31' }, 400, /^timestamp: .* before 1970/],
  ['POST', '/api/events/custom', { event_name: 'x', requestid: 'y' }, 400, /^requestid: .*Did you mean "request_id"\?/],
  ['POST', '/api/events/custom', [], 400, /^body: /],
  ['POST', '/api/requests/nope/scores', { thumb: 'up' }, 404, /there is no request "nope"/],
  ['POST', '/api/requests/nope/scores', {}, 400, /one of value, thumb or label is needed/],
  ['POST', '/api/requests/nope/scores', { thumb: 'sideways' }, 400, /^thumb: /],
  ['POST', '/api/requests/nope/scores', { value: 1, thumb: 'up' }, 400, /not both/],
  ['POST', '/api/sql', {}, 400, /^sql: /],
  ['POST', '/api/sql', { sql: 'select 1', max_rows: 0 }, 400, /^max_rows: /],
  ['DELETE', '/api/logs/clear', undefined, 400, /^days: /],
  ['DELETE', '/api/logs/clear?days=-1', undefined, 400, /^days: /],
  ['DELETE', '/api/logs/clear?days=all', undefined, 400, /^days: /],
  ['PUT', '/api/requests', {}, 405, /it takes GET, HEAD/],
  ['DELETE', '/api/requests/x', undefined, 405, /does not take DELETE/],
  ['GET', '/api/sql', undefined, 405, /it takes POST/],
  ['POST', '/', {}, 404, /there is no \//],
])('%s %s with %j is %s', async (method, path, body, status, detail) => {
  const answer =
    body === undefined ? await send(server.url + path, { method }) : await sendJson(server.url + path, body, method);
  expect(answer.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
  expect(answer.status).toBe(status);
});

test.each<[string, string, number, RegExp]>([
  ['a body that ends too early', '{"sql": ', 400, /^the body is not valid JSON: it ends too early$/],
  ['a body with a mistake', '{"sql": 1,}', 400, /^the body is not valid JSON: there is a mistake at character 10$/],
  ['a body that is a secret text', 'hunter2', 400, /^the body is not valid JSON$/],
  ['an empty body', '', 400, /^the body is empty/],
  ['a body with __proto__', '{"sql":"select 1","__proto__":{"x":1}}', 400, /^the body has the key "__proto__"/],
  [
    'a body with a constructor',
    '{"event_name":"x","data":{"constructor":{"prototype":{}}}}',
    400,
    /^the body has the key "constructor"/,
  ],
  ['a body of 2 MiB', JSON.stringify({ sql: 'x'.repeat(2 * 1024 * 1024) }), 413, /larger than/],
])('%s is refused', async (_what, body, status, detail) => {
  const answer = await send(`${server.url}/api/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(status);
  expect(answer.json().detail).toMatch(detail);
});

test.each([100, 100_000])('an event whose data nests %s deep is refused', async (depth) => {
  const data = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const body = `{"event_name":"deep","data":${data}}`;
  const answer = await send(`${server.url}/api/events/custom`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(400);
  expect(answer.json().detail).toBe('the body is nested more than 50 levels deep; send less, or send it as text');
});

test('an internal error says nothing of its cause to the client', async () => {
  await server.close();
  const { createApp } = await import('../app.js');
  const { createContext } = await import('../create-context.js');
  const { testConfig } = await import('../testing/test-server.js');
  const lines: string[] = [];
  const context = await createContext(await testConfig(), { logStream: { write: (line) => void lines.push(line) } });
  const { server: app } = await createApp(context);
  await context.store.close();
  const answer = await app.inject({ url: '/api/requests', headers: { host: 'localhost' } });
  expect(answer.statusCode).toBe(500);
  expect(answer.json().detail).toBe('the server failed to answer; its log says why');
  expect(lines.join('')).toContain('request failed');
  context.liveClients.close();
  await app.close();
});
