import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { postRemoteWrite, startServerProcess } from '@vedetta/e2e/support';
import type { SeriesSamples } from '@vedetta/store';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { QueryData } from './query-series.js';
import { WRITE_TARGETS } from './write-targets.js';

/** Prometheus takes samples into its head while they are less than an hour behind the newest. */
const PROMETHEUS_WINDOW_MS = 30 * 60_000;
/** As samples come in life: by time, so that the files are laid out by time too. */
const STORE_WINDOW_MS = 60 * 60_000;
const SERIES_A_REQUEST = 300;
const YEARS = 36_500;
const COMPACTED_WITHIN_MS = 90_000;
/** Prometheus keeps up to three hours in its head. */
const HEAD_MS = 3.1 * 3_600_000;

/** A program that holds the data and answers Prometheus' HTTP API. */
export interface QueryTarget {
  readonly name: string;
  /** What `/api/v1` is put behind. */
  readonly url: string;
  rssBytes(): number;
  stop(): Promise<void>;
}

/** The built server over a folder whose complete chunks are all in the table: in memory is what is open of each series, an hour at most. */
export async function startOurs({ series, startMs, endMs }: QueryData): Promise<QueryTarget> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vedetta-bench-'));
  const store = await openDuckDbStore({
    path: join(dataDir, 'vedetta.duckdb'),
    sampleRetentionMs: YEARS * 86_400_000,
  });
  for (let fromMs = startMs; fromMs < endMs; fromMs += STORE_WINDOW_MS) {
    const outcome = await store.samples.write(between(series, fromMs, fromMs + STORE_WINDOW_MS));
    if (outcome.kind !== 'stored' || outcome.message !== '') throw new Error(JSON.stringify(outcome));
  }
  await store.samples.checkpoint();
  await store.close();
  const server = await startServerProcess({
    dataDir,
    env: { VEDETTA_METRICS_RETENTION_DAYS: String(YEARS), VEDETTA_METRICS_INTERVAL_SECONDS: '3600' },
  });
  return {
    name: 'vedetta',
    url: `${server.url}/prometheus`,
    rssBytes: server.rssBytes,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Debian's Prometheus, after it has made blocks of what is older than its head; `undefined` where there is none. */
export async function startPrometheus({ series, startMs, endMs }: QueryData): Promise<QueryTarget | undefined> {
  const { isThere, start } = WRITE_TARGETS.prometheus ?? {};
  if (isThere !== true || start === undefined) return undefined;
  const { writeUrl, rssBytes, stop } = await start();
  for (let fromMs = startMs; fromMs < endMs; fromMs += PROMETHEUS_WINDOW_MS) {
    const part = between(series, fromMs, fromMs + PROMETHEUS_WINDOW_MS);
    for (let i = 0; i < part.length; i += SERIES_A_REQUEST) {
      await postRemoteWrite(writeUrl, part.slice(i, i + SERIES_A_REQUEST));
    }
  }
  const url = writeUrl.replace('/api/v1/write', '');
  await untilCompacted(url, endMs);
  return { name: 'prometheus', url, rssBytes, stop };
}

async function untilCompacted(url: string, endMs: number): Promise<void> {
  const started = performance.now();
  let before = '';
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const figure = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1] ?? '';
    const now = figure('prometheus_tsdb_compactions_total');
    const headFromMs = Number(figure('prometheus_tsdb_head_min_time'));
    if (now === before && headFromMs >= endMs - HEAD_MS) return;
    if (performance.now() - started > COMPACTED_WITHIN_MS) throw new Error('Prometheus has not compacted its head');
    before = now;
    await delay(2000);
  }
}

function between(series: readonly SeriesSamples[], fromMs: number, toMs: number): SeriesSamples[] {
  return series.map(({ labels, timestampsMs, values }) => {
    const from = lowerBound(timestampsMs, fromMs);
    const to = lowerBound(timestampsMs, toMs);
    return { labels, timestampsMs: timestampsMs.subarray(from, to), values: values.subarray(from, to) };
  });
}

function lowerBound(times: Float64Array, wantedMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < wantedMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The answer as it came, and how long it took until it was whole. */
export function ask(
  { url }: QueryTarget,
  path: string,
  parameters: readonly (readonly [string, string])[],
): Promise<{ readonly body: Buffer; readonly status: number; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    const address = `${url}/api/v1/${path}?${new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value]))}`;
    const started = performance.now();
    const question = request(address, { agent }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', reject);
      answer.once('end', () => {
        const ms = performance.now() - started;
        resolve({ body: Buffer.concat(parts), status: answer.statusCode ?? 0, ms });
      });
    });
    question.once('error', reject);
    question.end();
  });
}
