import { setStale } from '@vedetta/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPrometheus, type RealPrometheus, startPrometheus } from '../support/real-prometheus.js';
import { postRemoteWrite, type WrittenSeries } from '../support/remote-write.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const NOW_MS = Date.now();
const STALE = new Float64Array(1);
setStale(STALE, 0);

/** Sorted labels; the last sample is so many seconds old. */
const series = (labels: Record<string, string>, value: number, ageSeconds = 1): WrittenSeries => ({
  labels: Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
  timestampsMs: [NOW_MS - (ageSeconds + 1) * 1000, NOW_MS - ageSeconds * 1000],
  values: Float64Array.of(0.5, value),
});

const SERIES: readonly WrittenSeries[] = [
  series({ __name__: 'jobs_total', job: 'app', instance: 'a:1', status: 'completed' }, 7),
  series({ __name__: 'jobs_total', job: 'app', instance: 'a:1', status: 'failed' }, 1e21),
  series({ __name__: 'jobs_total', job: 'app', status: 'without instance' }, 3),
  series({ __name__: 'jobs_total', job: 'other', instance: 'b:1', status: 'completed' }, 1),
  series({ __name__: 'odd_values', job: 'app', instance: 'a:1', kind: 'nan' }, Number.NaN),
  series({ __name__: 'odd_values', job: 'app', instance: 'a:1', kind: 'infinite' }, Number.NEGATIVE_INFINITY),
  series({ __name__: 'odd_values', job: 'app', instance: 'a:1', kind: 'tiny' }, 5e-324),
  series({ __name__: 'odd_values', job: 'app', instance: 'a:1', kind: 'quote " back \\ line \n end ü' }, 1),
  series({ __name__: 'old_value', job: 'app', instance: 'a:1' }, 1, 299 - 60),
  series({ __name__: 'too_old', job: 'app', instance: 'a:1' }, 1, 301),
  {
    labels: Object.entries({ __name__: 'ended', instance: 'a:1', job: 'app' }),
    timestampsMs: [NOW_MS - 2000, NOW_MS - 1000],
    values: Float64Array.of(1, STALE[0] as number),
  },
];
// A number that is read and written again may lose a marker's bits.
(SERIES.at(-1) as { values: Float64Array }).values.set(STALE, 1);

describeWithPrometheus('federation', () => {
  let prometheus: RealPrometheus;
  let server: ServerProcess;
  beforeAll(async () => {
    prometheus = await startPrometheus({}, ['--web.enable-remote-write-receiver']);
    server = await startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '3600' } });
    // The old ones first: Prometheus takes nothing that is far behind.
    for (const one of [...SERIES].sort((a, b) => (a.timestampsMs[0] ?? 0) - (b.timestampsMs[0] ?? 0))) {
      await postRemoteWrite(`${prometheus.url}/api/v1/write`, [one]);
      await postRemoteWrite(`${server.url}/prometheus/api/v1/write`, [one]);
    }
  });
  afterAll(async () => {
    await prometheus?.stop();
    await server?.stop();
  });

  test.each([
    ['one metric', ['jobs_total']],
    ['by labels', ['{job="app"}']],
    ['several selectors, a series of both once', ['jobs_total', '{job=~"a.*"}', '{status="failed"}']],
    ['none', ['nothing_of_the_kind']],
    ['no selector', []],
    ['all but some', ['{job!="app"}']],
    ['an expression', ['sum(jobs_total)']],
    ['an error', ['jobs_total{']],
  ])('of %s gives the page that Prometheus gives', async (_, selectors) => {
    const query = new URLSearchParams(selectors.map((text): [string, string] => ['match[]', text]));
    const expected = await fetch(`${prometheus.url}/federate?${query}`);
    const actual = await fetch(`${server.url}/prometheus/federate?${query}`);
    expect(actual.status).toBe(expected.status);
    if (expected.ok) expect(readPage(await actual.text())).toEqual(readPage(await expected.text()));
  });

  test('is scraped by a real Prometheus, with the labels that the series have here', async () => {
    const path = `/prometheus/federate?${new URLSearchParams({ 'match[]': '{job="app"}' })}`;
    const reader = await startPrometheus({ federation: new URL(server.url).host }, [], {
      honor_labels: true,
      metrics_path: path.slice(0, path.indexOf('?')),
      params: { 'match[]': ['{job="app"}'] },
    });
    try {
      await expect
        .poll(() => ask(reader.url, 'jobs_total'), { timeout: 20_000 })
        .toEqual([
          { __name__: 'jobs_total', instance: 'a:1', job: 'app', status: 'completed' },
          { __name__: 'jobs_total', instance: 'a:1', job: 'app', status: 'failed' },
          { __name__: 'jobs_total', job: 'app', status: 'without instance' },
        ]);
      expect(await ask(reader.url, 'up == 1')).toHaveLength(1);
    } finally {
      await reader.stop();
    }
  });
});

/** Lines with their values as numbers; of metrics the order counts, of their series not. */
function readPage(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const metrics = lines.filter((line) => line.startsWith('#'));
  const samples = lines.filter((line) => !line.startsWith('#')).map(readLine);
  return [metrics, samples.sort((a, b) => (a.labels < b.labels ? -1 : 1))];
}

function readLine(line: string): { readonly labels: string; readonly value: number; readonly timestamp: string } {
  const [, labels = '', value = '', timestamp = ''] = /^(.*\}) (\S+) (\d+)$/.exec(line) ?? [];
  return { labels, value: Number(value.replace('Inf', 'Infinity')), timestamp };
}

async function ask(url: string, query: string): Promise<Record<string, string>[]> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as { data: { result: { metric: Record<string, string> }[] } };
  return data.result.map(({ metric }) => metric).sort((a, b) => ((a.status ?? '') < (b.status ?? '') ? -1 : 1));
}
