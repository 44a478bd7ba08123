import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, startTestServer, tempDir } from '../testing/test-server.js';
import type { PrometheusProcess } from './testing/prometheus-process.js';
import { needPrometheus, startPrometheus } from './testing/prometheus-process.js';
import { agree, ask, result, targets, WAIT } from './testing/scraped.js';

const DATA = path.resolve(import.meta.dirname, '../../../../../shared/data/exposition');

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = open.pop(); end !== undefined; end = open.pop()) await end();
  await closeTestServers();
});

/** A target that answers each path with what the map holds now. */
async function fixture(pages: Map<string, { type: string; body: string; status?: number }>): Promise<string> {
  const server: Server = createServer((request, response) => {
    const page = pages.get((request.url ?? '').split('?')[0] ?? '');
    if (page === undefined) return response.writeHead(404).end();
    if (request.url?.startsWith('/private') && request.headers.authorization !== 'Bearer open sesame') {
      return response.writeHead(401).end();
    }
    const headers = { 'content-type': page.type, 'content-encoding': 'gzip' };
    return response.writeHead(page.status ?? 200, headers).end(gzipSync(page.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function both(configFile: string): Promise<{ real: PrometheusProcess; ours: TestServer; base: string }> {
  const real = await startPrometheus(configFile);
  open.push(() => real.stop());
  const ours = await startTestServer({ 'metrics-scrape-config-file': configFile, 'metrics-interval-seconds': 1 });
  return { real, ours, base: `${ours.url}/prometheus` };
}

test('Prometheus and Vedetta keep the same of the same target', async (context) => {
  needPrometheus(context);
  if (!existsSync(DATA)) {
    expect(process.env.CI, 'CI needs ../shared/data').toBeUndefined();
    context.skip('skipped: no shared data');
  }
  const node = readFileSync(path.join(DATA, 'node_exporter/e2e-output-darwin.txt'), 'utf8');
  const text = 'text/plain; version=0.0.4';
  const pages = new Map<string, { type: string; body: string; status?: number }>([
    ['/metrics', { type: text, body: node }],
    ['/private', { type: text, body: 'secret_value{instance="mine",job="theirs",exported_job="x"} 1\n' }],
    ['/many', { type: text, body: Array.from({ length: 20 }, (_, i) => `many{n="${i}"} ${i}\n`).join('') }],
    ['/broken', { type: text, body: 'fine 1\nbroken{\n' }],
  ]);
  for (const name of readdirSync(path.join(DATA, 'prometheus-textparse'))) {
    const body = readFileSync(path.join(DATA, 'prometheus-textparse', name), 'utf8');
    pages.set(`/${name}`, { type: 'application/openmetrics-text; version=1.0.0; charset=utf-8', body });
  }
  const address = await fixture(pages);
  const dir = tempDir();
  writeFileSync(path.join(dir, 'key'), 'open sesame\n');
  const fileTargets = path.join(dir, 'targets.yml');
  writeFileSync(fileTargets, `- targets: ['${address}']\n  labels: { version: 1.0, team: 007 }\n`);
  const configFile = path.join(dir, 'prometheus.yml');
  const openMetrics = [...pages.keys()].filter((name) => name.endsWith('.om.txt'));
  writeFileSync(
    configFile,
    `global: { scrape_interval: 1s, scrape_timeout: 900ms, external_labels: { cluster: one } }
scrape_configs:
  - job_name: node
    static_configs: [{ targets: ['${address}', 'dropped.example:80'], labels: { env: Prod, empty: '' } }]
    params: { module: [a, b] }
    relabel_configs:
      - { source_labels: [__address__], regex: 'dropped.*', action: drop }
      - { source_labels: [__address__], regex: '([^:]+):(\\d+)', target_label: host, replacement: '$1' }
      - { source_labels: [env], target_label: env_lower, action: lowercase }
      - { source_labels: [env], target_label: env_upper, action: uppercase }
      - { source_labels: [job, env], target_label: shard, modulus: 7, action: hashmod }
      - { source_labels: [env], target_label: __tmp_copy }
      - { regex: '__tmp_(.+)', replacement: 'mapped_$1', action: labelmap }
      - { source_labels: [env], regex: '(?P<first>.).*', target_label: 'x_\${first}', replacement: 'is_\${first}_$$_$1x' }
      - { source_labels: [env], target_label: mapped_copy, action: keepequal }
      - { source_labels: [nothing], target_label: env, action: dropequal }
      - { regex: 'env_upp.*', action: labeldrop }
    metric_relabel_configs:
      - { source_labels: [__name__], regex: 'go_.*', action: drop }
      - { source_labels: [device], regex: 'disk(.)', target_label: number, replacement: '\${1}' }
  - job_name: files
    honor_labels: true
    metrics_path: /private
    authorization: { credentials_file: key }
    file_sd_configs: [{ files: ['targets*.yml'], refresh_interval: 1s }]
  - { job_name: closed, metrics_path: /private, static_configs: [{ targets: ['${address}'] }] }
  - job_name: conflicts
    metrics_path: /private
    bearer_token: open sesame
    static_configs: [{ targets: ['${address}'] }]
  - { job_name: limited, metrics_path: /many, sample_limit: 19, static_configs: [{ targets: ['${address}'] }] }
  - { job_name: allowed, metrics_path: /many, sample_limit: 20, label_limit: 4, static_configs: [{ targets: ['${address}'] }] }
  - { job_name: labelled, metrics_path: /many, label_limit: 3, static_configs: [{ targets: ['${address}'] }] }
  - { job_name: crowded, metrics_path: /many, target_limit: 1, static_configs: [{ targets: ['${address}', 'localhost:1'] }] }
  - { job_name: large, metrics_path: /many, body_size_limit: 100B, static_configs: [{ targets: ['${address}'] }] }
  - { job_name: broken, metrics_path: /broken, static_configs: [{ targets: ['${address}'] }] }
${openMetrics.map((name, i) => `  - { job_name: om${i}, metrics_path: '${name}', static_configs: [{ targets: ['${address}'] }] }`).join('\n')}
`,
  );
  const { real, ours, base } = await both(configFile);

  // Whether each is up, and how much each scrape had.
  const jobs = 11 + openMetrics.length;
  const foreign = '{job!="vedetta"}';
  await agree(real.url, base, `up${foreign}`, jobs);
  // Prometheus counts what it read before the fault of a broken page; here a page is read whole or not at all.
  const readable = '{job!~"vedetta|broken"}';
  await agree(real.url, base, `scrape_samples_scraped${readable}`, jobs - 1);
  await agree(real.url, base, `scrape_samples_post_metric_relabeling${readable}`, jobs - 1);
  expect(await targets(base)).toEqual(await targets(real.url));

  // Every series with its labels and value.
  for (const job of ['node', 'allowed', ...openMetrics.map((_, i) => `om${i}`)]) {
    const query = `{job="${job}",__name__!~"up|scrape_.*"}`;
    const expected = await result(real.url, query);
    if (job === 'node' || job === 'allowed') expect(expected.length).toBeGreaterThan(10);
    expect(await result(base, query)).toEqual(expected);
  }
  await agree(real.url, base, 'secret_value', 2);
  expect(await result(base, '{job=~"limited|labelled|crowded|large|broken|closed",__name__!~"up|scrape_.*"}')).toEqual(
    [],
  );

  // Series that go, a target that fails and one that is taken out of its file.
  pages.set('/many', { type: text, body: 'many{n="1"} 5\n' });
  await agree(real.url, base, 'many{job="allowed"}', 1);
  pages.set('/metrics', { type: text, body: node, status: 500 });
  await agree(real.url, base, 'up{job="node"} == 0', 1);
  expect(await result(base, '{job="node",__name__!~"up|scrape_.*"}')).toEqual([]);
  writeFileSync(fileTargets, '[]');
  await expect.poll(() => result(base, 'up{job="files"}'), WAIT).toEqual([]);
  await expect.poll(() => result(base, 'secret_value'), WAIT).toHaveLength(1);

  const shown = JSON.stringify([ours.logLines, await ask(base, 'targets')]);
  expect(shown).not.toContain('sesame');
}, 180_000);

test('the server keeps its own metrics under the port it listens on', async () => {
  const ours = await startTestServer({ 'metrics-interval-seconds': 1 });
  const base = `${ours.url}/prometheus`;
  const instance = ours.url.slice('http://'.length);
  await expect
    .poll(() => result(base, 'up'), WAIT)
    .toEqual([`[["__name__","up"],["instance","${instance}"],["job","vedetta"]] 1`]);
  expect((await result(base, 'vedetta_build_info')).length).toBe(1);
});
