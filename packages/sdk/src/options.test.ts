import { expect, test } from 'vitest';
import { readEnvironment } from './environment.js';
import { memorySink } from './memory-sink.js';
import { type MonitorOptions, resolveOptions } from './options.js';

const resolve = (options: MonitorOptions, env: { readonly [name: string]: string } = {}) =>
  resolveOptions(options, readEnvironment(env));

test('every option has a default', () => {
  expect(resolve({})).toMatchObject({
    serviceName: 'unknown_service:node',
    announceAfterMs: 250,
    content: { mode: 'full', maxBytes: 65_536 },
    recentLimit: 1000,
    openTelemetry: true,
    flushOnExit: true,
  });
  expect(resolve({}).sinks.map(({ name }) => name)).toEqual(['otlp']);
});

test.each([
  [{ serviceName: 'own' }, { VEDETTA_SERVICE_NAME: 'v', OTEL_SERVICE_NAME: 'o' }, 'own'],
  [{}, { VEDETTA_SERVICE_NAME: 'v', OTEL_SERVICE_NAME: 'o' }, 'v'],
  [{}, { OTEL_SERVICE_NAME: 'o', npm_package_name: 'p' }, 'o'],
  [{}, { npm_package_name: 'p' }, 'p'],
  [{ serviceName: '' }, {}, 'unknown_service:node'],
])('with %j and the environment %j the service is %s', (options, env, serviceName) => {
  expect(resolve(options, env).serviceName).toBe(serviceName);
});

test('prompts go nowhere that nobody chose for them', () => {
  const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  const mode = (options: MonitorOptions, env: { readonly [name: string]: string }) =>
    resolve(options, env).content.mode;
  expect(mode({}, collector)).toBe('off');
  expect(mode({ content: 'full' }, collector)).toBe('full');
  expect(mode({ endpoint: 'http://mine' }, collector)).toBe('full');
  expect(mode({ sinks: [memorySink()] }, collector)).toBe('full');
  expect(mode({}, { ...collector, VEDETTA_ENDPOINT: 'http://mine' })).toBe('full');
  expect(mode({ content: 'off' }, {})).toBe('off');
});

test.each([
  [{ enabled: false }, {}, 0],
  [{}, { VEDETTA_DISABLED: 'true' }, 0],
  [{ enabled: true }, { VEDETTA_DISABLED: '1' }, 1],
  [{ enabled: false, sinks: [memorySink()] }, {}, 0],
])('with %j and the environment %j there are %i sinks', (options, env, count) => {
  expect(resolve(options, env as { readonly [name: string]: string }).sinks).toHaveLength(count);
});
