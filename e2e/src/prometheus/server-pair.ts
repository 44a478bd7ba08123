import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { TestContext } from 'vitest';
import { expect } from 'vitest';
import { startPrometheus } from '../support/real-prometheus.js';
import { postRemoteWrite } from '../support/remote-write.js';
import { startServerProcess } from '../support/server-process.js';
import type { TestSeries } from './test-series.js';
import { DATA_END_MS, DATA_START_MS } from './test-series.js';

/** Real data that others made, where it is. */
export const SHARED = new URL('../../../../shared/data/', import.meta.url);

/** Prometheus takes samples into its head while they are less than an hour behind the newest. */
const WINDOW_MS = 45 * 60_000;
const SERIES_A_REQUEST = 500;

/** Debian's Prometheus and the built server with the same samples. */
export interface ServerPair {
  /** What `/api/v1` is put behind. */
  readonly prometheus: string;
  readonly vedetta: string;
  stop(): Promise<void>;
}

/** Starts both; neither collects anything of its own meanwhile. */
export async function startServerPair(
  series: readonly TestSeries[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServerPair> {
  const folder = await mkdtemp(join(tmpdir(), 'vedetta-pair-'));
  const flags = ['--web.enable-remote-write-receiver', '--storage.tsdb.retention.time=100y'];
  const prometheus = await startPrometheus({}, flags);
  await fillPrometheus(prometheus.url, series);
  await fillStore(join(folder, 'vedetta.duckdb'), series);
  const server = await startServerProcess({
    dataDir: folder,
    env: { VEDETTA_METRICS_RETENTION_DAYS: '36500', VEDETTA_METRICS_INTERVAL_SECONDS: '3600', ...env },
  });
  return {
    prometheus: prometheus.url,
    vedetta: `${server.url}/prometheus`,
    stop: async () => {
      await Promise.all([prometheus.stop(), server.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Skips a test where the shared data are absent; with `CI` set that is a failure. */
export function needSharedData({ skip }: Pick<TestContext, 'skip'>): void {
  if (existsSync(SHARED)) return;
  expect(process.env.CI, 'CI needs ../shared/data').toBeUndefined();
  skip('skipped: no shared data');
}

async function fillPrometheus(url: string, series: readonly TestSeries[]): Promise<void> {
  for (let fromMs = DATA_START_MS; fromMs < DATA_END_MS + WINDOW_MS; fromMs += WINDOW_MS) {
    const part = series.map((one) => between(one, fromMs, fromMs + WINDOW_MS)).filter((one) => one.values.length > 0);
    for (let i = 0; i < part.length; i += SERIES_A_REQUEST) {
      await postRemoteWrite(`${url}/api/v1/write`, part.slice(i, i + SERIES_A_REQUEST));
    }
  }
}

function between({ timestampsMs, values, labels }: TestSeries, fromMs: number, toMs: number): TestSeries {
  const from = timestampsMs.findIndex((time) => time >= fromMs);
  const to = from < 0 ? -1 : timestampsMs.findLastIndex((time) => time < toMs);
  const start = Math.max(from, 0);
  return { labels, timestampsMs: timestampsMs.subarray(start, to + 1), values: values.subarray(start, to + 1) };
}

async function fillStore(path: string, series: readonly TestSeries[]): Promise<void> {
  const store = await openDuckDbStore({ path, sampleRetentionMs: 36_500 * 86_400_000 });
  try {
    const outcome = await store.samples.write(series);
    expect(outcome).toMatchObject({ kind: 'stored', rejected: {}, message: '' });
  } finally {
    await store.close();
  }
}
