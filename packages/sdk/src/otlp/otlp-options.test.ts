import { expect, test } from 'vitest';
import { readEnvironment } from '../environment.js';
import { resolveOtlpOptions } from './otlp-options.js';

const resolve = (options: Parameters<typeof resolveOtlpOptions>[0], env: NodeJS.ProcessEnv = {}) =>
  resolveOtlpOptions(options, readEnvironment(env));

test.each([
  [{}, {}, 'http://127.0.0.1:8080/v1/traces'],
  [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
  [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', VEDETTA_ENDPOINT: 'https://v.example/base/' },
    'https://v.example/base/v1/traces',
  ],
  [{ endpoint: 'http://mine:1' }, { VEDETTA_ENDPOINT: 'http://other:2' }, 'http://mine:1/v1/traces'],
  [{ endpoint: 'http://mine:1/v1/traces' }, {}, 'http://mine:1/v1/traces'],
  [{}, { VEDETTA_ENDPOINT: '  ' }, 'http://127.0.0.1:8080/v1/traces'],
])('options %j with the environment %j send to %s', (options, env, url) => {
  expect(resolve(options, env)).toMatchObject({ url, problem: undefined });
});

test.each(['ftp://x', 'no url', '//x'])('the endpoint %s is replaced and reported', (endpoint) => {
  const resolved = resolve({ endpoint });
  expect(resolved.url).toBe('http://127.0.0.1:8080/v1/traces');
  expect(resolved.problem).toContain(endpoint);
});

test('the key and the headers of the environment are used where they belong', () => {
  expect(resolve({}, { VEDETTA_API_KEY: 'k' }).headers).toEqual({ authorization: 'Bearer k' });
  expect(resolve({ apiKey: 'own', headers: { 'X-A': '1' } }, { VEDETTA_API_KEY: 'k' }).headers).toEqual({
    authorization: 'Bearer own',
    'x-a': '1',
  });
  const foreign = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b, bad ,c=%zz' };
  expect(resolve({}, foreign).headers).toEqual({ 'x-key': 'a b', c: '%zz' });
  expect(resolve({ endpoint: 'http://mine' }, foreign).headers).toEqual({});
});

test('requests that run are announced to Vedetta and not to a receiver that may be something else', () => {
  expect(resolve({}).announcements).toBe(true);
  expect(resolve({}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }).announcements).toBe(false);
  expect(resolve({ announcements: true }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }).announcements).toBe(true);
});
