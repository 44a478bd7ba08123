import { readFileSync } from 'node:fs';
import { FILTER_FIELDS } from '@vedetta/model';
import { afterAll, expect, test } from 'vitest';
import { closeTestServers, send, startTestServer } from './testing/test-server.js';

const PAGE = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
afterAll(closeTestServers);

test('docs/api.md lists every route, and none that does not exist', async () => {
  const server = await startTestServer();
  const description = (await send(`${server.url}/api/openapi.json`)).json<{ paths: Record<string, object> }>();
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const listed = [...PAGE.matchAll(/`((?:GET|POST|PUT|DELETE) \/[^`?]*)(?:\?[^`]*)?`/g)].map((match) => match[1]);
  expect([...new Set(listed)].sort()).toEqual(described.sort());
});

test('docs/api.md names every field of the filter language', () => {
  for (const field of Object.keys(FILTER_FIELDS)) expect(PAGE).toMatch(new RegExp(`[\`\\s]${field}[\`\\s]`));
});

test('the examples of docs/api.md work as they stand', async () => {
  const server = await startTestServer();
  const headers = { 'content-type': 'application/json' };
  const statement = /`POST \/api\/sql`.*?`(\{"sql".*?\})`/.exec(PAGE)?.[1] ?? '';
  expect((await send(`${server.url}/api/sql`, { method: 'POST', headers, body: statement })).status).toBe(200);
  const query = /curl 'http:\/\/127\.0\.0\.1:8080(.*?)'/.exec(PAGE)?.[1] ?? '';
  expect((await send(server.url + query)).status).toBe(200);
  const filter = /comparisons: `(.*?)`/.exec(PAGE)?.[1] ?? '';
  expect((await send(`${server.url}/api/requests?q=${encodeURIComponent(filter)}`)).status).toBe(200);
});
