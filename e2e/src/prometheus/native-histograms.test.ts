import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPrometheus, type RealPrometheus, startPrometheus } from '../support/real-prometheus.js';
import { postRemoteWrite, type WrittenSeries } from '../support/remote-write.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { type Answer, compareAnswers, type ResultItem } from './compare-answers.js';
import { nativeSeries } from './native-series.js';
import { DATA_END_MS, DATA_START_MS } from './test-series.js';

/** Prometheus takes samples into its head while they are less than an hour behind the newest. */
const WINDOW_MS = 45 * 60_000;
const at = (minutesBeforeEnd: number): string => String(DATA_END_MS / 1000 - minutesBeforeEnd * 60 + 7.5);
const QUESTIONS = [
  { path: 'query', parameters: { time: at(13) } },
  { path: 'query_range', parameters: { start: at(118), end: at(-6), step: '173' } },
] as const;

const NAMES = ['latency_seconds', 'reset', 'gaps', 'float', 'coarser', 'gauge'].map((name) => `native_${name}`);
const QUERIES = [
  ...NAMES.flatMap((name) => [
    name,
    `histogram_count(${name})`,
    `histogram_sum(${name})`,
    `count_over_time(${name}[5m])`,
    `present_over_time(${name}[3m])`,
    `absent(${name})`,
    `count by (job) (${name})`,
  ]),
  ...NAMES.filter((name) => name !== 'native_gauge').flatMap((name) => [
    `rate(${name}[5m])`,
    `increase(${name}[10m])`,
    `histogram_count(rate(${name}[5m]))`,
    `histogram_sum(increase(${name}[20m]))`,
    `rate(${name}[5m] offset 10m)`,
  ]),
  'sum by (job) (native_latency_seconds)',
  'sum(rate(native_latency_seconds[5m]))',
  'histogram_count(sum without (instance) (rate(native_latency_seconds[2m])))',
  'native_latency_seconds{instance="a"} + on (job) native_latency_seconds{instance="b"}',
  'native_reset + native_coarser',
  'delta(native_gauge[5m])',
  '{job="native",__name__=~"native_.*"}',
];

/** Since 3.0 a quantile is interpolated on the scale of its bucket, before it was a straight line: both lie in the same bucket. */
const QUANTILES = [0.01, 0.25, 0.5, 0.9, 0.999].flatMap((quantile) => [
  { query: `histogram_quantile(${quantile}, rate(native_latency_seconds{instance="a"}[5m]))`, width: 2 ** (1 / 8) },
  { query: `histogram_quantile(${quantile}, sum(rate(native_latency_seconds{instance!="c"}[5m])))`, width: 2 },
  { query: `histogram_quantile(${quantile}, native_coarser)`, width: 2 ** (1 / 4) },
]);

describeWithPrometheus('native histograms that were written to Prometheus and to Vedetta', () => {
  const series = nativeSeries();
  const env = { VEDETTA_METRICS_RETENTION_DAYS: '36500', VEDETTA_METRICS_INTERVAL_SECONDS: '3600' };
  let prometheus: RealPrometheus;
  let server: ServerProcess;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vedetta-native-'));
    const flags = ['--web.enable-remote-write-receiver', '--enable-feature=native-histograms'];
    prometheus = await startPrometheus({}, [...flags, '--storage.tsdb.retention.time=100y']);
    server = await startServerProcess({ dataDir, env });
    for (let fromMs = DATA_START_MS; fromMs < DATA_END_MS; fromMs += WINDOW_MS) {
      const part = series.map((one) => between(one, fromMs, fromMs + WINDOW_MS));
      await postRemoteWrite(`${prometheus.url}/api/v1/write`, part);
      await postRemoteWrite(`${server.url}/prometheus/api/v1/write`, part);
    }
  });
  afterAll(async () => {
    await Promise.all([prometheus?.stop(), server?.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  });

  const askBoth = (path: string, form: Record<string, string>): Promise<readonly [Answer, Answer]> => {
    const ask = (url: string): Promise<Answer> => answerOf(`${url}/api/v1/${path}`, form);
    return Promise.all([ask(prometheus.url), ask(`${server.url}/prometheus`)]);
  };

  async function findDifferences() {
    const differences: string[] = [];
    let histograms = 0;
    for (const query of QUERIES) {
      for (const { path, parameters } of QUESTIONS) {
        const [expected, actual] = await askBoth(path, { query, ...parameters });
        const how = compareAnswers(expected, actual, false);
        if (how !== undefined) differences.push(`${query}\n    ${path}: ${how}`);
        if (JSON.stringify(expected.data).includes('"histogram')) histograms += 1;
      }
    }
    return { differences, histograms };
  }

  test('are answered alike', async () => {
    const { differences, histograms } = await findDifferences();
    expect(differences).toEqual([]);
    expect(histograms).toBeGreaterThan(40);
  });

  test('have quantiles in the same buckets', async () => {
    for (const { query, width } of QUANTILES) {
      const [expected, actual] = await askBoth('query', { query, time: at(13) });
      const [from, here] = [expected, actual].map(({ data }) => Number((data?.result[0] as ResultItem)?.value?.[1]));
      expect(from, query).toBeGreaterThan(0);
      expect(Math.abs(Math.log((here as number) / (from as number))), query).toBeLessThanOrEqual(Math.log(width));
    }
  });

  test('are all there after the server was killed', async () => {
    await server.kill();
    server = await startServerProcess({ dataDir, env });
    expect((await findDifferences()).differences).toEqual([]);
  });
});

describeWithPrometheus('native histograms that a Prometheus hands on', () => {
  test('are there as they are in it', async () => {
    const server = await startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '3600' } });
    const write = { url: `${server.url}/prometheus/api/v1/write`, send_native_histograms: true };
    const flags = ['--web.enable-remote-write-receiver', '--enable-feature=native-histograms'];
    const prometheus = await startPrometheus({}, flags, {}, { remote_write: [write] });
    try {
      // It hands on what is newer than itself.
      const nowMs = Date.now();
      const all = nativeSeries().map(({ labels, histograms = [] }) => ({
        labels,
        timestampsMs: [nowMs],
        values: new Float64Array(1),
        histograms: histograms.slice(0, 1),
      }));
      await postRemoteWrite(`${prometheus.url}/api/v1/write`, all);
      const form = { query: '{job="native"}', time: String(nowMs / 1000 + 1) };
      const expected = await answerOf(`${prometheus.url}/api/v1/query`, form);
      expect(expected.data?.result).toHaveLength(all.length);
      const ask = () => answerOf(`${server.url}/prometheus/api/v1/query`, form);
      await expect.poll(async () => (await ask()).data?.result.length, { timeout: 60_000 }).toBe(all.length);
      expect(compareAnswers(expected, await ask(), false)).toBeUndefined();
    } finally {
      await Promise.all([prometheus.stop(), server.stop()]);
    }
  });
});

function between({ labels, timestampsMs, values, histograms = [] }: WrittenSeries, fromMs: number, toMs: number) {
  const times = Array.from(timestampsMs as Float64Array);
  const from = times.findIndex((time) => time >= fromMs);
  const to = times.findLastIndex((time) => time < toMs) + 1;
  return {
    labels,
    timestampsMs: times.slice(from, to),
    values: values.subarray(from, to),
    histograms: histograms.slice(from, to),
  };
}

async function answerOf(url: string, parameters: Record<string, string>): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });
  return { ...((await answer.json()) as Omit<Answer, 'httpStatus'>), httpStatus: answer.status };
}
