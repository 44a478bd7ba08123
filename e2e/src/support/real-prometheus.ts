import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { freePort } from './server-process.js';

const PROGRAM = ['/usr/bin/prometheus', '/usr/local/bin/prometheus'].find((path) => existsSync(path));

/** A Prometheus as a process of its own, over an empty folder. */
export interface RealPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** `describe` for tests against the real Prometheus: skipped with a sentence where there is none, failing in CI. */
export function describeWithPrometheus(name: string, body: () => void): void {
  if (PROGRAM !== undefined) describe(name, body);
  else if (process.env.CI === undefined)
    describe.skip(`${name} (skipped: no Prometheus; install the package "prometheus")`, body);
  else test(name, () => expect.fail('CI needs Prometheus: install the package "prometheus"'));
}

/**
 * Scrapes each job's target, such as `127.0.0.1:8080`, every second; `flags` are those of its command line, `job` says more of how
 * every job is scraped, `more` of its configuration.
 */
export async function startPrometheus(
  jobs: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
  job: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<RealPrometheus> {
  if (PROGRAM === undefined) throw new Error('there is no Prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'vedetta-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const scrapes = Object.entries(jobs).map(
    ([name, target]) => `  - ${JSON.stringify({ job_name: name, static_configs: [{ targets: [target] }], ...job })}`,
  );
  // JSON is YAML too.
  const parts = Object.entries(more).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const head = 'global: { scrape_interval: 1s, scrape_timeout: 1s }';
  await writeFile(config, `${[head, 'scrape_configs:', ...scrapes, ...parts].join('\n')}\n`);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://${address}`;
  const started = performance.now();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with exit code ${child.exitCode}:\n${output}`);
    if (performance.now() - started > 30_000) throw new Error('Prometheus was not ready within 30 s');
    if ((await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true) break;
    await delay(50);
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
