import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RealPrometheus } from '../support/real-prometheus.js';
import { describeWithPrometheus, startPrometheus } from '../support/real-prometheus.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';
import type { ChangingPage } from './changing-page.js';
import { serveChangingPage, serveExemplarPage } from './changing-page.js';

const SCRAPES = 10;
const WITHIN_MS = 60_000;
const EVERYTHING = '{job="page"}';

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

describeWithPrometheus('a Prometheus that writes into Vedetta', () => {
  let page: ChangingPage;
  let exemplars: ChangingPage;
  let vedetta: ServerProcess;
  let prometheus: RealPrometheus;
  /** Seconds: everything that was scraped until then has been sent. */
  let endSeconds: number;

  beforeAll(async () => {
    [page, exemplars] = await Promise.all([serveChangingPage(), serveExemplarPage()]);
    vedetta = await startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '3600' } });
    const writing = {
      url: `${vedetta.url}/prometheus/api/v1/write`,
      // One shard sends in order: what is last is there when all is.
      queue_config: { batch_send_deadline: '200ms', max_shards: 1 },
      metadata_config: { send: true, send_interval: '1s' },
      send_exemplars: true,
    };
    const targets = { page: page.target, exemplars: exemplars.target };
    prometheus = await startPrometheus(targets, ['--enable-feature=exemplar-storage'], {}, { remote_write: [writing] });
    await until('scrapes', async () => page.scrapes() > SCRAPES);
    const newest = await lastTime(prometheus.url);
    endSeconds = newest;
    await until('samples', async () => (await lastTime(`${vedetta.url}/prometheus`)) >= newest);
  }, 2 * WITHIN_MS);

  afterAll(async () => {
    await prometheus?.stop();
    await vedetta?.stop();
    await page?.close();
    await exemplars?.close();
  });

  /** Of both, the same. */
  async function both(
    path: string,
    parameters: Record<string, string>,
  ): Promise<{ expected: Series[]; actual: Series[] }> {
    const [expected, actual] = await Promise.all([
      ask(prometheus.url, path, parameters),
      ask(`${vedetta.url}/prometheus`, path, parameters),
    ]);
    return { expected, actual };
  }

  test('every sample of it is there, and equal', async () => {
    const { expected, actual } = await both('query', { query: `${EVERYTHING}[10m]`, time: String(endSeconds) });
    expect(samplesOf(expected)).toBeGreaterThan(15 * SCRAPES);
    expect(actual).toEqual(expected);
    const odd = expected.find(({ metric }) => metric.__name__ === 'odd_value')?.values.map(([, value]) => value);
    expect(odd).toEqual(expect.arrayContaining(['NaN', '+Inf', '-Inf', '5e-324', '1.7976931348623157e+308']));
  });

  test('series that vanish end at the same time', async () => {
    const range = { query: EVERYTHING, start: String(endSeconds - SCRAPES), end: String(endSeconds), step: '0.25' };
    const { expected, actual } = await both('query_range', range);
    expect(actual).toEqual(expected);
    const values = expected.find(({ metric }) => metric.__name__ === 'comes_and_goes')?.values ?? [];
    const gaps = values.filter(([time], i) => i > 0 && time - (values[i - 1]?.[0] ?? 0) > 0.3);
    expect(gaps.length).toBeGreaterThan(1);
    // Without its marker it would go on for five minutes.
    const lastOfFirst = expected.find(({ metric }) => metric.__name__ === 'only_at_first')?.values.at(-1)?.[0] ?? 0;
    expect(lastOfFirst).toBeLessThan(endSeconds - SCRAPES / 2);
  });

  test('what is said of the metrics is there', async () => {
    const metadata = async (url: string) =>
      ((await (await fetch(`${url}/api/v1/metadata`)).json()) as { data: Record<string, unknown[]> }).data;
    const expected = await metadata(prometheus.url);
    await until('metadata', async () => 'answers_total' in (await metadata(`${vedetta.url}/prometheus`)));
    const actual = await metadata(`${vedetta.url}/prometheus`);
    const names = Object.keys(expected).filter((name) => !name.startsWith('go_') && !name.startsWith('process_'));
    expect(names).toEqual(expect.arrayContaining(['answers_total', 'odd_value', 'wait_seconds', 'size_bytes']));
    for (const name of names) expect([name, actual[name]]).toEqual([name, expected[name]]);
  });

  test('exemplars are there, with the traces they name', async () => {
    const parameters = { query: 'calls_total', start: String(endSeconds - 60), end: String(endSeconds - 1) };
    const both = () =>
      Promise.all([prometheus.url, `${vedetta.url}/prometheus`].map((url) => askExemplars(url, parameters)));
    await until('exemplars', async () => {
      const [expected, actual] = await both();
      return actual?.[0]?.exemplars.length === expected?.[0]?.exemplars.length;
    });
    const [expected, actual] = await both();
    expect(expected?.[0]?.exemplars.length).toBeGreaterThan(SCRAPES / 2);
    expect(actual).toEqual(expected);
  });

  test('nothing was refused', async () => {
    const text = await (await fetch(`${vedetta.url}/metrics`)).text();
    expect(/^vedetta_remote_write_rejected_total\{version="1\.0"\} (\d+)$/m.exec(text)?.[1]).toBe('0');
    const own = await (await fetch(`${prometheus.url}/metrics`)).text();
    const failed = /^prometheus_remote_storage_samples_(?:failed|retried)_total\{.*\} (\d+)$/gm;
    expect([...own.matchAll(failed)].map(([, count]) => count)).toEqual(['0', '0']);
  });
});

async function askExemplars(url: string, parameters: Record<string, string>) {
  const answer = await fetch(`${url}/api/v1/query_exemplars`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  return ((await answer.json()) as { data: { seriesLabels: object; exemplars: object[] }[] }).data;
}

async function until(what: string, isThere: () => Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + WITHIN_MS;
  while (!(await isThere())) {
    if (performance.now() > giveUpMs) throw new Error(`no ${what} within ${WITHIN_MS} ms`);
    await delay(50);
  }
}

/** When the target was scraped last, as the last sample that a scrape writes says; in seconds. */
async function lastTime(url: string): Promise<number> {
  const [series] = await ask(url, 'query', { query: 'scrape_series_added{job="page"}[10m]' });
  return series?.values.at(-1)?.[0] ?? 0;
}

async function ask(url: string, path: string, parameters: Record<string, string>): Promise<Series[]> {
  const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const { data } = (await answer.json()) as { data: { result: Series[] } };
  const key = ({ metric }: Series): string => JSON.stringify(Object.entries(metric).sort());
  return data.result.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function samplesOf(series: readonly Series[]): number {
  return series.reduce((sum, { values }) => sum + values.length, 0);
}
