import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { expect } from 'vitest';

const PROGRAM = '/usr/bin/prometheus';
export const PROMTOOL = '/usr/bin/promtool';

/** Skips a test where Prometheus is not installed; with `CI` set that is a failure. */
export function needPrometheus({ skip }: Pick<TestContext, 'skip'>): void {
  if (existsSync(PROGRAM) && existsSync(PROMTOOL)) return;
  expect(process.env.CI, "CI needs Debian's package prometheus").toBeUndefined();
  skip('skipped: prometheus is not installed');
}

/** A running Prometheus. */
export interface PrometheusProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Prometheus of its own with the given configuration, on loopback. `openMetrics` names a file of samples that it has from the start, however old. */
export async function startPrometheus(configFile: string, openMetrics?: string): Promise<PrometheusProcess> {
  const dir = mkdtempSync(path.join(tmpdir(), 'vedetta-prometheus-'));
  if (openMetrics !== undefined) {
    const loading = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', openMetrics, dir];
    execFileSync(PROMTOOL, loading, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${dir}`,
      `--web.listen-address=${address}`,
      '--storage.tsdb.retention.time=100y',
      '--enable-feature=exemplar-storage',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(dir, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await expect
      .poll(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.status, { timeout: 20_000 })
      .toBe(200);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    }
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
