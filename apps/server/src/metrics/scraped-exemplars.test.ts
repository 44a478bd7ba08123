import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { closeTestServers, send, startTestServer, tempDir } from '../testing/test-server.js';
import { needPrometheus, startPrometheus } from './testing/prometheus-process.js';

const WAIT = { timeout: 30_000, interval: 250 };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = open.pop(); end !== undefined; end = open.pop()) await end();
  await closeTestServers();
});

/** A page of OpenMetrics whose first bucket has a newer exemplar on each turn. */
function page(turn: number, nowMs: number): string {
  const own = ((nowMs - 60_000) / 1000 + turn).toFixed(3);
  return `# TYPE took_seconds histogram
took_seconds_bucket{instance="mine",le="0.5"} ${turn + 1} # {trace_id="${TRACE}",span_id="00f067aa0ba902b7"} 0.${turn + 1} ${own}
took_seconds_bucket{instance="mine",le="1.0"} ${turn + 2} # {trace_id="always the same"} 0.75
took_seconds_bucket{instance="mine",le="+Inf"} ${turn + 3} # {} 7 ${own}
took_seconds_sum{instance="mine"} 9
took_seconds_count{instance="mine"} ${turn + 3}
# TYPE jobs counter
jobs_total{kind="a"} 1 # {long="${'é'.repeat(124)}"} 1 ${own}
jobs_total{kind="b"} 1 # {long="${'é'.repeat(125)}"} 1 ${own}
jobs_total{kind="dropped"} 1 # {trace_id="${TRACE}"} 1 ${own}
jobs_total{kind="late"} 1 # {trace_id="${TRACE}"} 1 ${((nowMs - 60_000) / 1000 - turn).toFixed(3)}
# EOF
`;
}

interface Series {
  readonly seriesLabels: Record<string, string>;
  readonly exemplars: readonly { labels: Record<string, string>; value: string; timestamp: number }[];
}

async function exemplars(base: string, query: string): Promise<readonly Series[]> {
  const answer = await send(`${base}/api/v1/query_exemplars?start=0&end=9999999999&query=${encodeURIComponent(query)}`);
  expect(answer.status, answer.body.toString()).toBe(200);
  return answer.json<{ data: Series[] }>().data;
}

/** Prometheus and Vedetta scrape the same pages: times that a target does not state are those of the scrapes, and differ. */
function comparable(found: readonly Series[]): unknown {
  const key = ({ seriesLabels }: Series): string => JSON.stringify(Object.entries(seriesLabels).sort());
  return [...found]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ seriesLabels, exemplars: of }) => ({
      seriesLabels,
      exemplars: of.map((one) => ({
        ...one,
        timestamp: one.labels.trace_id === TRACE ? one.timestamp : 'of a scrape',
      })),
    }));
}

test('Prometheus and Vedetta keep the same exemplars of the same target, and those that Prometheus hands on', async (context) => {
  needPrometheus(context);
  const nowMs = Math.floor(Date.now() / 1000) * 1000;
  let turn = 0;
  const target = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' });
    response.end(page(turn, nowMs));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    target.closeAllConnections();
    target.close();
  });
  const address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
  const configFile = path.join(tempDir(), 'prometheus.yml');
  const rules = `metric_relabel_configs:
      - { source_labels: [kind], regex: dropped, action: drop }
      - { source_labels: [__name__], regex: jobs_total, target_label: __name__, replacement: tasks_total }`;
  const receiver = await startTestServer({ 'metrics-interval-seconds': 3600 });
  const write = `${receiver.url}/prometheus/api/v1/write`;
  writeFileSync(
    configFile,
    `global: { scrape_interval: 1s, scrape_timeout: 900ms }
remote_write: [{ url: '${write}', send_exemplars: true, queue_config: { batch_send_deadline: 200ms } }]
scrape_configs:
  - job_name: app
    static_configs: [{ targets: ['${address}'] }]
    ${rules}
  - job_name: honoured
    honor_labels: true
    static_configs: [{ targets: ['${address}'] }]
    ${rules}
`,
  );
  const real = await startPrometheus(configFile);
  open.push(() => real.stop());
  const ours = await startTestServer({ 'metrics-scrape-config-file': configFile, 'metrics-interval-seconds': 1 });
  const base = `${ours.url}/prometheus`;
  const query = '{job=~"app|honoured"}';
  for (const next of [0, 1, 2]) {
    turn = next;
    const first = 'took_seconds_bucket{job=~"app|honoured",le="0.5"}';
    for (const url of [real.url, base]) {
      const latest = async () => (await exemplars(url, first)).map(({ exemplars: of }) => of.at(-1)?.value);
      await expect.poll(latest, { ...WAIT, message: url }).toEqual([`0.${turn + 1}`, `0.${turn + 1}`]);
    }
  }
  const expected = await exemplars(real.url, query);
  expect(expected.length).toBe(10);
  expect(comparable(await exemplars(base, query))).toEqual(comparable(expected));
  await expect.poll(() => exemplars(`${receiver.url}/prometheus`, query), WAIT).toEqual(expected);
  const counts = await send(`${base}/api/v1/query?query=vedetta_exemplars_dropped_total`);
  expect(counts.body.toString()).toContain('too_long');
}, 90_000);
