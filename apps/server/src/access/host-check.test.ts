import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../app.js';
import { createApp, createOtlpApp } from '../app.js';
import { createContext } from '../create-context.js';
import type { ServerContext } from '../server-context.js';
import { closeTestServers, startTestServer, testConfig } from '../testing/test-server.js';

let context: ServerContext;
let apps: Record<'main' | 'otlp', App>;

beforeAll(async () => {
  context = await createContext(await testConfig({ allowedHosts: 'monitor.example', logLevel: 'silent' }), {});
  apps = { main: await createApp(context), otlp: await createOtlpApp(context) };
  await Promise.all([apps.main.server.ready(), apps.otlp.server.ready()]);
});

afterAll(async () => {
  await Promise.all([apps.main.server.close(), apps.otlp.server.close()]);
  context.liveClients.close();
  await context.store.close();
  await closeTestServers();
});

/** Every route that is registered, and paths that only the pages or nobody takes. */
function everyPath(app: App): { method: string; url: string }[] {
  const registered = app.routes.map(({ method, url }) => ({
    method,
    url: url.replace(':id', 'x').replace(':by', 'model'),
  }));
  return [
    ...registered,
    { method: 'GET', url: '/' },
    { method: 'GET', url: '/monitoring' },
    { method: 'GET', url: '/nowhere.js' },
  ];
}

const FOREIGN: [string, Record<string, string>][] = [
  ['a foreign host', { host: 'evil.example' }],
  ['a foreign host with the port', { host: 'evil.example:8080' }],
  ['a rebound name', { host: '127.0.0.1.nip.io' }],
  ['a malformed host', { host: 'localhost:' }],
  ['a host with a user', { host: 'localhost@evil.example' }],
  ['a foreign origin', { host: 'localhost', origin: 'https://evil.example' }],
  ['an opaque origin', { host: 'localhost', origin: 'null' }],
  ['an origin that only begins like ours', { host: 'localhost', origin: 'http://localhost.evil.example' }],
];

describe.each(['main', 'otlp'] as const)('on the %s port', (name) => {
  test('there are routes to ask', () => {
    expect(everyPath(apps[name]).length).toBeGreaterThan(name === 'main' ? 25 : 5);
  });

  test.each(FOREIGN)('every route refuses %s', async (_what, headers) => {
    for (const { method, url } of everyPath(apps[name])) {
      const answer = await apps[name].server.inject({ method: method as 'GET', url, headers });
      expect([method, url, answer.statusCode]).toEqual([method, url, 403]);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    }
  });

  test('every route that changes something refuses what a browser calls cross-site', async () => {
    const changing = everyPath(apps[name]).filter(({ method }) => !['GET', 'HEAD'].includes(method));
    expect(changing.length).toBeGreaterThan(2);
    for (const { method, url } of changing) {
      const headers = { host: 'localhost', 'sec-fetch-site': 'cross-site' };
      const answer = await apps[name].server.inject({ method: method as 'POST', url, headers });
      expect([url, answer.statusCode]).toEqual([url, 403]);
    }
  });
});

test.each(['localhost', 'localhost:8080', '127.0.0.1:4318', '[::1]:8080', 'monitor.example', 'Monitor.Example:443'])(
  'takes Host %s',
  async (host) => {
    expect((await apps.main.server.inject({ url: '/healthz', headers: { host } })).statusCode).toBe(200);
  },
);

test.each(['http://localhost:8080', 'http://127.0.0.1:5173', 'https://monitor.example'])(
  'takes Origin %s',
  async (origin) => {
    const headers = { host: 'localhost', origin };
    expect((await apps.main.server.inject({ url: '/api/active', headers })).statusCode).toBe(200);
  },
);

test('the refusal names the setting that allows the host', async () => {
  const answer = await apps.main.server.inject({ url: '/api/status', headers: { host: 'proxy.example' } });
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ status: 403, title: 'Forbidden', instance: '/api/status' });
  expect(answer.json().detail).toContain('VEDETTA_ALLOWED_HOSTS');
});

test.each([
  ['text/plain', '{"sql":"select 1"}'],
  ['application/x-www-form-urlencoded', 'sql=select+1'],
  ['multipart/form-data; boundary=x', '--x--'],
])('a cross-site form cannot post: %s is 415 on every JSON route', async (type, payload) => {
  const routes = apps.main.routes.filter(
    ({ method, url }) =>
      method === 'POST' && url.startsWith('/api/') && !/otel|otlp/.test(url) && url !== '/api/v1/write',
  );
  expect(routes.length).toBe(4);
  for (const { url } of routes) {
    const headers = { host: 'localhost', 'content-type': type };
    const answer = await apps.main.server.inject({ method: 'POST', url: url.replace(':id', 'x'), headers, payload });
    expect([url, answer.statusCode]).toEqual([url, 415]);
    expect(answer.json().detail).toContain('application/json');
  }
});

test('a request with two hosts is refused, whichever comes first', async () => {
  const server = await startTestServer();
  const { port } = new URL(server.url);
  for (const hosts of [
    ['localhost', 'evil.example'],
    ['localhost', 'localhost'],
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(
      `GET /api/status HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Connection: close\r\n\r\n`,
    );
    expect((await text(socket)).slice(0, 12)).toBe('HTTP/1.1 403');
  }
});
