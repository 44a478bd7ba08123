import { expect, test } from 'vitest';
import { parseScrapeSettings } from './parse-scrape-file.js';
import { readYaml } from './read-yaml.js';

async function parse(yaml: string) {
  return parseScrapeSettings((await readYaml(yaml)).content, '/etc/scrape');
}

test.each([
  ['scrape_configs: [{}]', 'scrape_configs[0].job_name is missing'],
  ['scrape_configs: [{ job_name: a }, { job_name: a }]', 'scrape_configs[1].job_name "a" is there twice'],
  ['scrape_configs: [{ job_name: a, intervall: 5s }]', 'scrape_configs[0].intervall is no key that is known here'],
  ['scrape_configs: [{ job_name: a, proxy_url: x }]', 'scrape_configs[0].proxy_url is not supported'],
  ['scrape_configs: [{ job_name: a, scrape_interval: soon }]', 'must be a duration such as 15s or 1m30s, not "soon"'],
  ['scrape_configs: [{ job_name: a, scrape_interval: 5s, scrape_timeout: 6s }]', 'scrape_timeout is longer'],
  ['scrape_configs: [{ job_name: a, scheme: ftp }]', 'scheme must be http or https, not "ftp"'],
  ['scrape_configs: [{ job_name: a, static_configs: [{ targets: ["http://a"] }] }]', '"http://a" is no host and port'],
  ['scrape_configs: [{ job_name: a, static_configs: [{ labels: { a-b: x } }] }]', 'labels.a-b is no name of a label'],
  ['scrape_configs: [{ job_name: a, file_sd_configs: [{ files: ["*/a.yml"] }] }]', 'must end in .json, .yml or .yaml'],
  ['scrape_configs: [{ job_name: a, relabel_configs: [{ action: paint }] }]', 'must be one of replace'],
  ['scrape_configs: [{ job_name: a, relabel_configs: [{ regex: "(" , target_label: b }] }]', 'regex is no pattern'],
  [
    'scrape_configs: [{ job_name: a, relabel_configs: [{ action: hashmod, target_label: b }] }]',
    'modulus must be above 0',
  ],
  ['scrape_configs: [{ job_name: a, relabel_configs: [{}] }]', 'target_label is needed by the action replace'],
  ['scrape_configs: [{ job_name: a, relabel_configs: [{ action: labeldrop, source_labels: [b] }] }]', 'can not be set'],
  ['scrape_configs: [{ job_name: a, body_size_limit: 3 apples }]', 'must be a size such as 10MB'],
  ['scrape_configs: [{ job_name: a, tls_config: { cert_file: a } }]', 'needs a certificate (cert_file) and its key'],
])('refuses %s', async (yaml, message) => {
  const parsed = await parse(yaml);
  expect(parsed.kind === 'invalid' && parsed.errors.join('\n')).toContain(message);
});

test('no message holds a secret', async () => {
  const parsed = await parse(`scrape_configs:
  - { job_name: a, bearer_token: hunter2, basic_auth: { username: u, password: hunter2, password_file: x, hunter: 1 } }
  - { job_name: b, authorization: { type: Basic, credentials: hunter2, credentials_file: y } }
  - { job_name: c, authorization: { credentials: [hunter2] } }`);
  expect(parsed.kind).toBe('invalid');
  expect(JSON.stringify(parsed)).not.toContain('hunter2');
  await expect(readYaml('a: "hunter2\nb: [}')).rejects.toThrow(/^line \d+ is no YAML/);
});

test('what else a Prometheus does is named and left alone', async () => {
  const parsed = await parse(`
rule_files: [a.yml]
remote_write: [{ url: http://a }]
scrape_configs: [{ job_name: a, scrape_failure_log_file: a.log, scrape_protocols: [PrometheusProto, PrometheusText0.0.4] }]`);
  expect(parsed.kind === 'parsed' && parsed.warnings).toEqual([
    'scrape_configs[0].scrape_protocols names PrometheusProto, which is not supported and not asked for',
    'scrape_configs[0].scrape_failure_log_file is not supported and has no effect',
    'rule_files is not supported and has no effect',
    'remote_write is not supported and has no effect',
  ]);
});

test('texts stay as they are written, times and limits come from above where a job has none', async () => {
  const parsed = await parse(`
global: { scrape_interval: 1m, sample_limit: 5 }
scrape_configs: [{ job_name: 1.0, scrape_interval: 5s, body_size_limit: 1.5KB, static_configs: [{ targets: [a], labels: { v: 1.10 } }] }]`);
  expect(parsed.kind === 'parsed' && parsed.settings.jobs[0]).toMatchObject({
    jobName: '1.0',
    intervalMs: 5000,
    timeoutMs: 5000,
    limits: { samples: 5, bodyBytes: 1536 },
    staticConfigs: [{ targets: ['a'], labels: new Map([['v', '1.10']]) }],
  });
});

test('a fault says in which line of the file it stands', async () => {
  const yaml = `global:
  scrape_interval: 5s
scrape_configs:
  - job_name: a
    params: { 'match[]': [x] }
    relabel_configs:
      - target_label: b
        regex: '('
  - job_name: b
    intervall: 5s
    static_configs:
      - targets:
          - good:1
          - http://a
    basic_auth: { username: u, password: hunter2, hunter2: 1 }
  - job_name: a
`;
  const { content, lineOf } = await readYaml(yaml);
  const parsed = parseScrapeSettings(content, '/etc/scrape', lineOf);
  expect(parsed.kind === 'invalid' && parsed.errors.map((error) => error.slice(0, 60))).toEqual([
    expect.stringContaining('line 8: scrape_configs[0].relabel_configs[0].regex is no pat'),
    expect.stringContaining('line 15: scrape_configs[1].basic_auth.hunter2 is no key'),
    expect.stringContaining('line 14: scrape_configs[1].static_configs[0].targets[1] "htt'),
    expect.stringContaining('line 10: scrape_configs[1].intervall is no key that is know'),
    expect.stringContaining('line 16: scrape_configs[2].job_name "a" is there twice'),
  ]);
});

test.each([
  ['kubernetes_sd_configs: [{ role: pod }]', 'kubernetes_sd_configs is not supported'],
  ['scrape_native_histograms: true', 'scrape_native_histograms is not supported'],
  ['convert_classic_histograms_to_nhcb: true', 'convert_classic_histograms_to_nhcb is not supported'],
  ['oauth2: { client_id: a }', 'oauth2 is not supported'],
  ['http_headers: { a: { values: [b] } }', 'http_headers is not supported'],
  ['metric_name_validation_scheme: legacy', 'metric_name_validation_scheme is not supported'],
  ['metric_name_escaping_scheme: dots', 'metric_name_escaping_scheme is not supported'],
  ['fallback_scrape_protocol: PrometheusProto', 'fallback_scrape_protocol PrometheusProto is not supported'],
])('what would be scraped otherwise is refused: %s', async (key, message) => {
  const parsed = await parse(`scrape_configs: [{ job_name: a, ${key} }]`);
  expect(parsed).toEqual({ kind: 'invalid', errors: [expect.stringContaining(`scrape_configs[0].${message}`)] });
});

test.each([
  'scrape_native_histograms: false',
  'convert_classic_histograms_to_nhcb: false',
  'metric_name_validation_scheme: utf8',
  'metric_name_escaping_scheme: allow-utf-8',
])('what says nothing else than what is done is taken: %s', async (key) => {
  for (const yaml of [`scrape_configs: [{ job_name: a, ${key} }]`, `global: { ${key} }`]) {
    expect(await parse(yaml)).toMatchObject({ kind: 'parsed', warnings: [] });
  }
});

test('jobs in other files are not passed over', async () => {
  expect(await parse('scrape_config_files: [a.yml]')).toEqual({
    kind: 'invalid',
    errors: ['scrape_config_files is not supported'],
  });
});
