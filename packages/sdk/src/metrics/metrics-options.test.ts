import { expect, test } from 'vitest';
import { readEnvironment } from '../environment.js';
import type { MonitorOptions } from '../options.js';
import { resolveMetricsOptions } from './metrics-options.js';

const resolve = (options: MonitorOptions, env: NodeJS.ProcessEnv = {}) =>
  resolveMetricsOptions(options, readEnvironment(env));

test('everything has a default', () => {
  expect(resolve({})).toEqual({
    intervalMs: 30_000,
    collect: 'all',
    diskPath: '.',
    maxSeries: 2000,
    push: {
      url: 'http://127.0.0.1:8080/v1/metrics',
      headers: {},
      encoding: 'protobuf',
      timeoutMs: 10_000,
      derived: false,
      problem: undefined,
    },
  });
});

test.each([{ metrics: false }, { enabled: false }] as const)('%j collects nothing', (options) => {
  expect(resolve(options)).toBeUndefined();
});

test('values that cannot be used are replaced', () => {
  const nonsense = { intervalMs: -1, collect: 'x', diskPath: 5, maxSeries: Number.NaN, push: { encoding: 'x' } };
  expect(resolve({ metrics: nonsense as never })).toMatchObject({
    intervalMs: 30_000,
    collect: 'all',
    diskPath: '.',
    maxSeries: 2000,
    push: { encoding: 'protobuf' },
  });
  expect(resolve({ metrics: { intervalMs: 1, maxSeries: 1 } })).toMatchObject({ intervalMs: 100, maxSeries: 2 });
  expect(resolve({ endpoint: 'ftp://x' })?.push?.problem).toContain('ftp://x');
});

test('the key and headers of the monitor go to its endpoint and to no other', () => {
  const env = { VEDETTA_API_KEY: 'from the environment' };
  const monitor = { endpoint: 'http://mine', headers: { 'X-Tenant': 'a' } };
  expect(resolve(monitor, env)?.push).toMatchObject({
    url: 'http://mine/v1/metrics',
    headers: { 'x-tenant': 'a', authorization: 'Bearer from the environment' },
  });
  const elsewhere = { ...monitor, apiKey: 'k', metrics: { push: { endpoint: 'http://other' } } };
  expect(resolve(elsewhere, env)?.push).toMatchObject({ url: 'http://other/v1/metrics', headers: {} });
  const own = { ...monitor, metrics: { push: { endpoint: 'http://other', apiKey: 'its own' } } };
  expect(resolve(own, env)?.push?.headers).toEqual({ authorization: 'Bearer its own' });
});

test('a collector that only the standard variable names gets metrics when it is asked for, all of them', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a' };
  expect(resolve({}, env)?.push).toBeUndefined();
  expect(resolve({ metrics: { push: true } }, env)?.push).toMatchObject({
    url: 'http://collector:4318/v1/metrics',
    headers: { 'x-key': 'a' },
    derived: true,
  });
});
