import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { closeTestServers, tempDir } from '../testing/test-server.js';
import type { LoadConfigOptions } from './load-config.js';
import { loadConfig } from './load-config.js';
import { SETTINGS } from './settings/settings.js';

afterAll(closeTestServers);

async function load(options: LoadConfigOptions & { readonly files?: Record<string, string> }) {
  const cwd = tempDir();
  for (const [name, content] of Object.entries(options.files ?? {})) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), content);
  }
  return { cwd, loaded: await loadConfig({ env: {}, ...options, cwd }) };
}

async function resolved(options: Parameters<typeof load>[0]) {
  const { loaded } = await load(options);
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.errors));
  return loaded.config;
}

async function errorsOf(options: Parameters<typeof load>[0]) {
  const { loaded } = await load(options);
  return loaded.kind === 'invalid'
    ? loaded.errors.map(({ source, key, message }) => `${source.split(' ')[0]} ${key} ${message}`)
    : [];
}

describe('loadConfig', () => {
  test('resolves every setting of the table to its default', async () => {
    const { cwd, loaded } = await load({});
    expect(loaded).toEqual({
      kind: 'resolved',
      file: undefined,
      config: {
        port: 8080,
        host: '127.0.0.1',
        dataDir: path.join(cwd, '.vedetta'),
        access: { password: '', apiKeys: [], allowedHosts: [] },
        otlp: { port: 4318, maxBodyMb: 64 },
        privacy: { content: 'preview', previewCharacters: 200 },
        models: { checkIntervalSeconds: 10 },
        metrics: {
          intervalSeconds: 30,
          retentionDays: 30,
          downsampling: [],
          scrapeConfigFile: '',
          scrapeConfigs: [],
          maxSeries: 1_000_000,
          maxSeriesPerMetric: 100_000,
          maxLabels: 64,
          maxLabelNameLength: 512,
          maxLabelValueLength: 2048,
          maxHistogramBuckets: 1024,
          queryTimeoutSeconds: 30,
          queryMaxSeries: 100_000,
          queryMaxSamples: 20_000_000,
        },
        gateway: {
          upstreams: {},
          ollamaPort: 'off',
          injectUsage: true,
          connectTimeoutSeconds: 10,
          headersTimeoutSeconds: 600,
          idleTimeoutSeconds: 300,
        },
        prices: {
          overrides: {},
          local: [],
          compareWith: 'openai/gpt-4o-mini',
          staleDays: 90,
          estimateTokens: 'missing',
        },
        retention: { days: 30, archive: false, runningTimeoutMinutes: 30 },
        sql: { maxRows: 10_000, timeoutSeconds: 10 },
        limits: { connections: 4096, liveClients: 100 },
        log: { level: 'info' },
      },
    });
  });

  test.each([
    ['vedetta.config.json', '{"port": 9001, "retention": {"days": 7}}'],
    ['vedetta.config.yaml', 'port: 9001\nretention:\n  days: 7\n'],
    ['vedetta.config.yml', '{port: 9001, retention: {days: 7}}'],
    ['vedetta.config.mjs', 'export default { port: 9001, retention: { days: 7 } };'],
    ['vedetta.config.ts', 'const days: number = 7;\nexport default { port: 9001, retention: { days } };'],
  ])('reads %s', async (name, content) => {
    expect(await resolved({ files: { [name]: content } })).toMatchObject({ port: 9001, retention: { days: 7 } });
  });

  test('lets variables win over the file, and flags over variables', async () => {
    const files = { 'vedetta.config.json': '{"port": 1001, "host": "127.0.0.2", "retention": {"days": 1}}' };
    const env = { VEDETTA_PORT: '1002', VEDETTA_RETENTION_DAYS: '2' };
    const config = await resolved({ files, env, flags: { retentionDays: 3 } });
    expect(config).toMatchObject({ port: 1002, host: '127.0.0.2', retention: { days: 3 } });
  });

  test.each([
    ['true', true],
    ['ON', true],
    ['1', true],
    ['false', false],
    ['off', false],
    ['0', false],
  ])('reads the switch %s', async (text, archive) => {
    expect((await resolved({ env: { VEDETTA_RETENTION_ARCHIVE: text } })).retention.archive).toBe(archive);
    expect((await resolved({ flags: { retentionArchive: archive } })).retention.archive).toBe(archive);
  });

  test('takes upstreams from the file and from variables, by the name either can write', async () => {
    const files = {
      'vedetta.config.yaml':
        'gateway:\n  upstreams:\n    my_vllm: { url: "http://10.0.0.1:8000", provider: vllm }\n    groq: "http://127.0.0.1:9"',
    };
    const env = {
      VEDETTA_GATEWAY_MY_VLLM_URL: 'http://10.0.0.2:8000',
      VEDETTA_GATEWAY_LM_STUDIO_URL: 'http://127.0.0.1:1234',
    };
    expect((await resolved({ files, env })).gateway.upstreams).toEqual({
      my_vllm: { url: 'http://10.0.0.2:8000', provider: 'vllm' },
      groq: { url: 'http://127.0.0.1:9' },
      'lm-studio': { url: 'http://127.0.0.1:1234' },
    });
  });

  test.each([['file:///etc/passwd'], ['http://user:secret@host'], ['not an address']])(
    'refuses the upstream address %s',
    async (url) => {
      expect(await errorsOf({ env: { VEDETTA_GATEWAY_OPENAI_URL: url } })).toEqual([
        'variable VEDETTA_GATEWAY_OPENAI_URL must be an address that begins with http:// or https://',
      ]);
      expect(
        await errorsOf({
          files: { 'vedetta.config.json': JSON.stringify({ gateway: { upstreams: { a: { url } } } }) },
        }),
      ).toHaveLength(1);
    },
  );

  test('reads the file that VEDETTA_CONFIG names', async () => {
    const files = { 'etc/monitor.yaml': 'port: 9002', 'vedetta.config.json': '{"port": 1}' };
    expect((await resolved({ files, env: { VEDETTA_CONFIG: 'etc/monitor.yaml' } })).port).toBe(9002);
  });

  test('reads lists, `off` and both names of the keys', async () => {
    const config = await resolved({
      env: {
        VEDETTA_API_KEY: 'first-long-key-1, second-long-key-2',
        VEDETTA_ALLOWED_HOSTS: 'A.example',
        VEDETTA_OTLP_PORT: 'off',
      },
    });
    expect(config.access).toMatchObject({
      apiKeys: ['first-long-key-1', 'second-long-key-2'],
      allowedHosts: ['a.example'],
    });
    expect(config.otlp.port).toBe('off');
  });

  test('has a reader that takes the default of each setting back', () => {
    for (const setting of SETTINGS) {
      if (setting.default === '') continue;
      expect([setting.path, setting.read(setting.default)]).toEqual([
        setting.path,
        { kind: 'value', value: setting.default },
      ]);
    }
  });
});

describe('loadConfig names', () => {
  test.each<[string, Parameters<typeof load>[0], string]>([
    [
      'an unknown key',
      { files: { 'vedetta.config.json': '{"prot": 1}' } },
      'file prot there is no such setting. Did you mean "port"?',
    ],
    [
      'an unknown member',
      { files: { 'vedetta.config.yaml': 'retention: {dayz: 1}' } },
      'file retention.dayz there is no such setting. Did you mean "retention.days"?',
    ],
    [
      'a section that is no object',
      { files: { 'vedetta.config.yaml': 'retention: 7' } },
      'file retention is a section: it needs members',
    ],
    [
      'an unknown variable',
      { env: { VEDETTA_PROT: '1' } },
      'variable VEDETTA_PROT there is no such variable. Did you mean "VEDETTA_PORT"?',
    ],
    ['an unknown flag', { flags: { dataDri: 'x' } }, 'flag --data-dri there is no such flag. Did you mean "data-dir"?'],
    [
      'a port out of range',
      { env: { VEDETTA_PORT: '70000' } },
      'variable VEDETTA_PORT must be an integer from 0 to 65535, not "70000"',
    ],
    ['a port with a fraction', { flags: { port: 80.5 } }, 'flag --port must be an integer from 0 to 65535, not 80.5'],
    [
      'a mode that does not exist',
      { env: { VEDETTA_CONTENT: 'all' } },
      'variable VEDETTA_CONTENT must be one of off, preview, full, numbers, not "all"',
    ],
    [
      'a short key, without showing it',
      { env: { VEDETTA_API_KEY: 'short' } },
      'variable VEDETTA_API_KEY must be keys of at least 8 characters, with commas between them',
    ],
    ['a host with a scheme', { env: { VEDETTA_ALLOWED_HOSTS: 'http://x' } }, 'without scheme, port or path'],
    ['a named file that is missing', { env: { VEDETTA_CONFIG: 'no.yaml' } }, 'no.yaml there is no such file'],
    [
      'two files',
      { files: { 'vedetta.config.json': '{}', 'vedetta.config.yaml': '' } },
      'several configuration files (vedetta.config.yaml, vedetta.config.json)',
    ],
    ['a file that does not parse', { files: { 'vedetta.config.json': '{' } }, 'file vedetta.config.json'],
    [
      'a module without default export',
      { files: { 'vedetta.config.mjs': 'export const port = 1;' } },
      'must have a default export',
    ],
    ['a file that is a list', { files: { 'vedetta.config.json': '[]' } }, 'must hold an object with settings'],
    [
      'a public address without password',
      { env: { VEDETTA_HOST: '0.0.0.0' } },
      'set VEDETTA_PASSWORD or VEDETTA_API_KEY',
    ],
  ])('%s', async (_name, options, message) => {
    expect((await errorsOf(options)).join('\n')).toContain(message);
  });

  test('all faults at once', async () => {
    expect(await errorsOf({ env: { VEDETTA_PROT: '1', VEDETTA_PORT: 'x' }, flags: { hots: 'y' } })).toHaveLength(3);
  });

  test('no variable of the SDK or the CLI as a fault', async () => {
    expect(
      await errorsOf({ env: { VEDETTA_URL: 'http://127.0.0.1:8080', VEDETTA_ENDPOINT: 'x', OTHER: 'y' } }),
    ).toEqual([]);
  });

  test('a public address with a password as no fault', async () => {
    expect(await errorsOf({ env: { VEDETTA_HOST: '0.0.0.0', VEDETTA_PASSWORD: 'open sesame' } })).toEqual([]);
  });

  test('reads tiers of samples, and refuses those that make no sense', async () => {
    const read = (value: string) => load({ env: { VEDETTA_METRICS_DOWNSAMPLING: value } });
    const { loaded } = await read('7d:5m, 30d:1h');
    expect(loaded).toMatchObject({
      config: {
        metrics: {
          downsampling: [
            { ageMs: 604_800_000, windowMs: 300_000 },
            { ageMs: 2_592_000_000, windowMs: 3_600_000 },
          ],
        },
      },
    });
    expect((await read('off')).loaded).toMatchObject({ config: { metrics: { downsampling: [] } } });
    for (const wrong of ['7d', '7d:5', '1h:5m', '7d:5m,6d:1h', '7d:5m,30d:7m', '7d:5m:1h', '7d:5s', '-7d:5m']) {
      expect((await read(wrong)).loaded.kind, wrong).toBe('invalid');
    }
  });
});
