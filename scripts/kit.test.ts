// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose and Grafana write variables so
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// The kit cannot be started where there is no Docker: its files are held to what they must be.
const KIT = fileURLToPath(new URL('../kit/', import.meta.url));
const read = (file: string): unknown => parse(readFileSync(path.join(KIT, file), 'utf8'), { merge: true });

interface Service {
  readonly image?: string;
  readonly build?: object;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly configs?: readonly { readonly source: string }[];
  readonly secrets?: readonly string[];
  readonly cap_drop?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
  readonly secrets: object;
}

describe('compose.yaml', () => {
  const compose = read('compose.yaml') as Compose;
  const services = Object.entries(compose.services);

  test('starts the five together', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['alertmanager', 'grafana', 'loki', 'prometheus', 'vedetta']);
  });

  test.each(services)('%s has a version, loopback ports only, and no rights it does not need', (name, service) => {
    if (service.build === undefined) expect(service.image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+\.\d+$/);
    expect(service.ports?.length, name).toBeGreaterThan(0);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(service.cap_drop).toEqual(['ALL']);
  });

  test.each(services)('everything that %s refers to is there', (_name, service) => {
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':');
      if (!from.startsWith('.')) expect(compose.volumes).toHaveProperty([from]);
      // Rules are the user's to add: Docker makes the folder.
      else if (!from.includes('rules')) expect([from, existsSync(path.join(KIT, from))]).toEqual([from, true]);
    }
    for (const { source } of service.configs ?? []) expect(compose.configs).toHaveProperty([source]);
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty([secret]);
    for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty([other]);
  });

  test('Grafana is told everything that its provisioning asks for', () => {
    const text = readFileSync(path.join(KIT, 'grafana/provisioning/datasources/vedetta.yaml'), 'utf8');
    const asked = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
    expect(Object.keys(compose.services.grafana?.environment ?? {})).toEqual(
      expect.arrayContaining([...new Set(asked)]),
    );
  });

  test('the configuration of Prometheus passes its own check', (context) => {
    if (!existsSync('/usr/bin/promtool')) {
      if (process.env.CI !== undefined) throw new Error('CI needs promtool: install the package "prometheus"');
      context.skip('no promtool');
      return;
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'vedetta-kit-'));
    try {
      const file = path.join(folder, 'prometheus.yml');
      writeFileSync(file, compose.configs.prometheus?.content ?? '');
      const output = execFileSync('/usr/bin/promtool', ['check', 'config', '--syntax-only', file], {
        encoding: 'utf8',
      });
      expect(output).toContain('is valid prometheus config file syntax');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('provisioning has one default source, and the dashboards choose among Prometheus sources', () => {
  const { datasources } = read('grafana/provisioning/datasources/vedetta.yaml') as {
    datasources: { uid: string; type: string; url: string; isDefault?: boolean }[];
  };
  expect(datasources.filter(({ isDefault }) => isDefault === true).map(({ uid }) => uid)).toEqual(['vedetta']);
  expect(datasources.map(({ type }) => type)).toEqual(['prometheus', 'prometheus', 'alertmanager', 'loki']);
  expect(datasources[0]?.url).toBe('${VEDETTA_URL}/prometheus');
  const { providers } = read('grafana/provisioning/dashboards/vedetta.yaml') as {
    providers: { options: { path: string } }[];
  };
  const mounted = (read('compose.yaml') as Compose).services.grafana?.volumes ?? [];
  expect(mounted).toContain(`./grafana/dashboards:${providers[0]?.options.path}:ro`);
  const uids = readdirSync(path.join(KIT, 'grafana/dashboards')).map((file) => {
    const text = readFileSync(path.join(KIT, 'grafana/dashboards', file), 'utf8');
    const { uid, templating } = JSON.parse(text) as {
      uid: string;
      templating: { list: { type: string; name: string }[] };
    };
    expect(templating.list[0]).toMatchObject({ type: 'datasource', name: 'DS_PROM', query: 'prometheus' });
    for (const [, source] of text.matchAll(/"uid": "(\$\{[^"]*)"/g)) expect(source).toBe('${DS_PROM}');
    return uid;
  });
  expect(new Set(uids).size).toBe(uids.length);
});
