import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithPrometheus, startPrometheus } from './support/real-prometheus.js';
import type { ServerProcess } from './support/server-process.js';
import { startServerProcess } from './support/server-process.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/metrics/index.mjs', import.meta.url));
const PROMTOOL = '/usr/bin/promtool';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

/** A program with helpers, instruments and an integration, as a user runs it. */
interface App {
  readonly url: string;
  stop(): Promise<{ readonly signal: NodeJS.Signals | null; readonly errors: string }>;
}

async function startApp(env: NodeJS.ProcessEnv): Promise<App> {
  const child: ChildProcess = spawn(process.execPath, [EXAMPLE], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal)),
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      const found = /^listening on (\S+)/m.exec(String(chunk))?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${errors}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      return { signal: await exited, errors };
    },
  };
}

/** Asks a Prometheus until the answer satisfies the condition. */
async function until<T>(url: string, condition: (data: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) {
      const { data } = (await answer.json()) as { data: T };
      if (condition(data)) return data;
    }
    await delay(100);
  }
}

const send = (url: string, method: string, body: object) =>
  fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Everything that the app counts, once at least. */
async function useApp(url: string): Promise<void> {
  await send(`${url}/documents/1`, 'PUT', { text: 'The sea is blue.' });
  await send(`${url}/v1/chat/completions`, 'POST', { prompt: 'Hello', user: 'ada' });
  await send(`${url}/v1/chat/completions`, 'POST', { prompt: 'Hello' });
  await send(`${url}/v1/chat/completions`, 'POST', { prompt: 'fail' });
  await send(`${url}/feedback`, 'POST', { score: 1 });
  await fetch(`${url}/no/such/page`);
}

let server: ServerProcess;
let app: App;
beforeAll(async () => {
  server = await startServerProcess();
  app = await startApp({ VEDETTA_ENDPOINT: server.url });
  await useApp(app.url);
});
afterAll(() => server?.stop());

const page = async (accept?: string) => {
  const response = await fetch(`${app.url}/metrics`, accept === undefined ? {} : { headers: { accept } });
  return { type: response.headers.get('content-type'), body: await response.text() };
};

test('the page of an app has every metric that its helpers, instruments and routes count', async () => {
  const { body } = await page();
  expect(body.split('\n')).toEqual(
    expect.arrayContaining([
      'http_requests_total{method="POST",endpoint="/v1/chat/completions",status="200"} 2',
      'http_requests_total{method="POST",endpoint="/v1/chat/completions",status="500"} 1',
      'http_requests_total{method="PUT",endpoint="/documents/:id",status="200"} 1',
      'http_requests_total{method="GET",endpoint="unknown",status="404"} 1',
      'ai_requests_total{model="tiny-1",type="chat"} 2',
      'chat_messages_total{user_type="user"} 3',
      'chat_messages_total{user_type="assistant"} 2',
      'active_users_total 1',
      'rag_queries_total 3',
      'indexing_jobs_total{status="completed"} 1',
      'indexing_files_processed_total{format="txt",status="completed"} 1',
      'database_operations_total{operation="insert",collection="documents"} 1',
      'user_satisfaction_score 1',
      'answers_total{plan="member"} 1',
      'answers_total{plan="guest"} 1',
      'documents 1',
    ]),
  );
  expect(body).toMatch(/^rag_query_success_rate 0\.6666/m);
  expect(body).toMatch(/^memory_usage_percent \d/m);
  expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
});

describe.skipIf(!existsSync(PROMTOOL) && process.env.CI === undefined)(
  existsSync(PROMTOOL) ? 'promtool' : 'promtool (skipped: it is not installed)',
  () => {
    test('finds no fault with the page', async () => {
      const { type, body } = await page();
      expect(type).toContain('version=0.0.4');
      const { status, stderr, stdout } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: body, encoding: 'utf8' });
      // Its linter minds names that section D fixes: those it may name, and nothing else.
      const faults = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !KNOWN.test(line));
      expect(faults).toEqual([]);
      expect([0, 3]).toContain(status);
    });
  },
);

const KNOWN = /^active_users_total non-counter metrics should not have "_total" suffix/;

describeWithPrometheus('Prometheus', () => {
  test('scrapes the app as OpenMetrics without a fault, exemplars with it', async () => {
    const prometheus = await startPrometheus({ app: new URL(app.url).host }, ['--enable-feature=exemplar-storage']);
    try {
      const { activeTargets } = await until<{ activeTargets: { health: string; lastError: string }[] }>(
        `${prometheus.url}/api/v1/targets`,
        (data) => data.activeTargets.some(({ health }) => health !== 'unknown'),
      );
      expect(activeTargets[0]).toMatchObject({ health: 'up', lastError: '' });
      const query = encodeURIComponent('http_request_duration_seconds_bucket{endpoint="/v1/chat/completions"}');
      const now = Date.now() / 1000;
      const range = `start=${now - 600}&end=${now + 600}`;
      const found = await until<{ exemplars: { labels: { trace_id: string } }[] }[]>(
        `${prometheus.url}/api/v1/query_exemplars?query=${query}&${range}`,
        (series) => series.length > 0,
      );
      const traceId = found[0]?.exemplars[0]?.labels.trace_id ?? '';
      // The trace of the exemplar is a request that the server has.
      const request = await fetch(`${server.url}/api/requests/${traceId}/timeline`);
      expect(request.status).toBe(200);
    } finally {
      await prometheus.stop();
    }
  });
});

test('OpenMetrics carries the traces of requests, which the server knows', async () => {
  const { type, body } = await page(OPEN_METRICS);
  expect(type).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
  expect(body.endsWith('# EOF\n')).toBe(true);
  const traceId = /^rag_queries_total 3 # \{trace_id="([0-9a-f]{32})"/m.exec(body)?.[1];
  expect(traceId).toBeDefined();
});

test('the app ends as it would without metrics, and the server has what it counted', async () => {
  expect(await app.stop()).toMatchObject({ signal: 'SIGTERM' });
  const ask = async (query: string) => {
    const response = await fetch(`${server.url}/prometheus/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result.map(({ value }) => value[1]);
  };
  expect(await ask('answers_total{plan="member"}')).toEqual(['1']);
  expect(await ask('rag_queries_total{job="example-metrics"}')).toEqual(['3']);
  expect(await ask('prompt_length_chars_bucket{le="10.0"} or prompt_length_chars_bucket{le="10"}')).toEqual(['3']);
  // Their exemplars came with them, and are traces of requests that the server has.
  const query = encodeURIComponent('rag_queries_total{job="example-metrics"} or rag_request_duration_seconds_bucket');
  const answer = await fetch(`${server.url}/prometheus/api/v1/query_exemplars?query=${query}`);
  const { data } = (await answer.json()) as {
    data: { seriesLabels: Record<string, string>; exemplars: { labels: Record<string, string>; value: string }[] }[];
  };
  expect(new Set(data.map(({ seriesLabels }) => seriesLabels.__name__))).toEqual(
    new Set(['rag_queries_total', 'rag_request_duration_seconds_bucket']),
  );
  for (const { seriesLabels, exemplars } of data) {
    expect(seriesLabels).toMatchObject({ job: 'example-metrics' });
    expect(Object.keys(exemplars[0]?.labels ?? {})).toEqual(['span_id', 'trace_id']);
    if (seriesLabels.le !== undefined) {
      expect(Number(exemplars[0]?.value)).toBeLessThanOrEqual(Number(seriesLabels.le.replace('+Inf', 'Infinity')));
    }
    const request = await fetch(`${server.url}/api/requests/${exemplars[0]?.labels.trace_id}/timeline`);
    expect(request.status).toBe(200);
  }
  // Derived from the spans of the app by the server, and not pushed besides.
  expect(await ask('http_requests_total{job="example-metrics"}')).toEqual([]);
});
