import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../app.js';
import { createApp } from '../app.js';
import { createContext } from '../create-context.js';
import type { ServerContext } from '../server-context.js';
import { closeTestServers, testConfig } from '../testing/test-server.js';

const PASSWORD = 'open sesame: ü';
const KEY = 'key-for-programs';
let context: ServerContext;
let app: App;
let now = 1_000_000;

beforeAll(async () => {
  const config = await testConfig({ logLevel: 'silent' }, { VEDETTA_PASSWORD: PASSWORD, VEDETTA_API_KEY: KEY });
  context = await createContext(config, { now: () => now });
  app = await createApp(context);
  await app.server.ready();
});

// Each test is a minute later: guesses of the one before are forgotten.
beforeEach(() => {
  now += 61_000;
});

afterAll(async () => {
  await app.server.close();
  context.liveClients.close();
  await context.store.close();
  await closeTestServers();
});

const ask = (headers: Record<string, string>, url = '/api/active', method = 'GET') =>
  app.server.inject({ method: method as 'GET', url, headers: { host: 'localhost', ...headers } });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe('without a credential', () => {
  test('every route is 401, pages, live updates and OTLP too', async () => {
    const registered = app.routes.map(({ method, url }) => ({
      method,
      url: url.replace(':id', 'x').replace(':by', 'model'),
    }));
    for (const { method, url } of [...registered, { method: 'GET', url: '/' }, { method: 'GET', url: '/nowhere' }]) {
      expect([method, url, (await ask({}, url, method)).statusCode]).toEqual([method, url, 401]);
    }
  });

  test('browsers are told to ask for the password', async () => {
    expect((await ask({}, '/')).headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  test('an exporter gets a google.rpc.Status', async () => {
    const answer = await ask({ 'content-type': 'application/json' }, '/v1/traces', 'POST');
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 16, message: expect.stringContaining('key is needed') });
  });

  test('a foreign host is refused before it learns that a password is needed', async () => {
    expect((await ask({ host: 'evil.example' })).statusCode).toBe(403);
  });
});

describe('takes', () => {
  test.each([
    ['a bearer key', { authorization: `Bearer ${KEY}` }],
    ['a bearer key, whatever the case of the scheme', { authorization: `bearer ${KEY}` }],
    ['x-api-key', { 'x-api-key': KEY }],
    ['the password with any user name', basic('anyone', PASSWORD)],
    ['the password without a user name', basic('', PASSWORD)],
    ['a key in the place of the password', basic('x', KEY)],
  ])('%s', async (_what, headers) => {
    expect((await ask(headers)).statusCode).toBe(200);
  });
});

describe('refuses', () => {
  test.each([
    ['a wrong key', { authorization: 'Bearer nope' }],
    ['the start of the key', { authorization: `Bearer ${KEY.slice(0, -1)}` }],
    ['more than the key', { 'x-api-key': `${KEY}x` }],
    ['a wrong password', basic('admin', 'admin')],
    ['an empty password', basic('admin', '')],
    ['a scheme it does not know', { authorization: `Digest ${KEY}` }],
    ['base64 without a colon', { authorization: `Basic ${Buffer.from(PASSWORD).toString('base64')}` }],
    ['a key in the query', {}],
  ])('%s', async (_what, headers) => {
    expect((await ask(headers, `/api/active?key=${KEY}`)).statusCode).toBe(401);
  });

  test('more than ten different guesses in a minute, then takes the right one again', async () => {
    for (let i = 0; i < 10; i++) expect((await ask({ 'x-api-key': `guess-${i}` })).statusCode).toBe(401);
    const blocked = await ask({ 'x-api-key': KEY });
    expect(blocked.statusCode).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
    now += 60_000;
    expect((await ask({ 'x-api-key': KEY })).statusCode).toBe(200);
  });

  test('one outdated key a thousand times without locking the others out', async () => {
    for (let i = 0; i < 1000; i++) await ask({ 'x-api-key': 'outdated' });
    expect((await ask({ 'x-api-key': KEY })).statusCode).toBe(200);
  });
});
