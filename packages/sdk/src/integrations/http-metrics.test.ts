import { request as httpRequest } from 'node:http';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import { createMonitor } from '../monitor.js';
import { honoMiddleware } from './hono.js';
import { frameworks, waitingSink } from './testing/frameworks.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** The lines of some metrics, without the buckets of histograms. */
const linesOf = (body: string, prefix: string) =>
  body.split('\n').filter((line) => line.startsWith(prefix) && !line.includes('_bucket'));

describe.each(frameworks)('$name', ({ knowsRoutes, start }) => {
  async function setUp(options: Parameters<typeof start>[2] = {}) {
    const sink = waitingSink();
    const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
    const chat = async (prompt: unknown) => {
      if (prompt === 'fail') throw new Error('overloaded');
      return 'fine';
    };
    const app = await start(monitor, chat, options);
    cleanUps.push(
      () => app.close(),
      () => monitor.shutdown(),
    );
    const post = async (path: string, prompt: string) => {
      const body = JSON.stringify({ prompt });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(app.url + path, { method: 'POST', body, headers })).text();
    };
    const ended = async (count: number) => {
      while (monitor.stats().totalRequests < count) await new Promise((resolve) => setImmediate(resolve));
    };
    return { sink, monitor, url: app.url, post, ended };
  }

  test('calls are counted by method, route and status, with their time and sizes', async () => {
    const { monitor, post, ended } = await setUp(knowsRoutes ? {} : { route: () => '/chat/:kind' });
    for (const path of ['/chat/quick', '/chat/slow?key=secret']) await post(path, 'hi');
    await post('/chat/quick', 'fail');
    await ended(3);
    const { body } = await monitor.metrics.text();
    const labels = 'method="POST",endpoint="/chat/:kind"';
    expect(linesOf(body, 'http_requests_total')).toEqual([
      `http_requests_total{${labels},status="200"} 2`,
      `http_requests_total{${labels},status="500"} 1`,
    ]);
    expect(linesOf(body, 'http_request_duration_seconds_count')).toEqual([
      `http_request_duration_seconds_count{${labels}} 3`,
    ]);
    // {"prompt":"hi"} twice and {"prompt":"fail"}; {"answer":"fine"} twice and what says that it failed.
    expect(linesOf(body, 'http_request_size_bytes_')).toEqual([
      `http_request_size_bytes_sum{${labels}} 47`,
      `http_request_size_bytes_count{${labels}} 3`,
    ]);
    expect(linesOf(body, 'http_response_size_bytes_count')).toEqual([`http_response_size_bytes_count{${labels}} 3`]);
    expect(linesOf(body, 'http_requests_in_flight')).toEqual(['http_requests_in_flight 0']);
    expect(body).not.toContain('secret');
  });

  test('paths that no route knows are one series', async () => {
    const { monitor, post, ended } = await setUp();
    for (const path of ['/no/such/1', '/no/such/2', '/wp-admin']) await post(path, 'fail');
    await ended(3);
    const { body } = await monitor.metrics.text();
    expect(linesOf(body, 'http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="POST",endpoint="unknown"} 3',
    ]);
    expect(body).not.toContain('wp-admin');
  });

  test('a client that goes away is counted once, and is in flight no more', async () => {
    const { sink, monitor, url } = await setUp();
    await new Promise<void>((resolve, reject) => {
      const call = httpRequest(`${url}/stream`, (response) => {
        response.once('data', () => {
          expect(monitor.active()).toHaveLength(1);
          monitor.metrics.text().then(({ body }) => {
            expect(body).toContain('\nhttp_requests_in_flight 1\n');
            call.destroy();
            resolve();
          });
        });
      });
      call.once('error', reject);
      call.end();
    });
    await sink.root();
    const { body } = await monitor.metrics.text();
    const endpoint = knowsRoutes ? '/stream' : 'unknown';
    expect(linesOf(body, 'http_requests_total')).toEqual([
      `http_requests_total{method="GET",endpoint="${endpoint}",status="200"} 1`,
    ]);
    expect(body).toContain('\nhttp_requests_in_flight 0\n');
  });

  test('/metrics is served in the format that is asked for, with the trace as exemplar', async () => {
    const { sink, url, post } = await setUp();
    await post('/chat/quick', 'hi');
    const { traceId } = await sink.root();
    const classic = await fetch(`${url}/metrics`);
    expect(classic.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await classic.text()).not.toContain('trace_id');
    const open = await fetch(`${url}/metrics`, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } });
    expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1.0.0/);
    const body = await open.text();
    expect(body).toMatch(
      new RegExp(`^http_requests_total\\{.*status="200"\\} 1 # \\{trace_id="${traceId}",span_id="`, 'm'),
    );
    expect(body.endsWith('# EOF\n')).toBe(true);
  });
});

test('Hono without a Node server counts a call with the end of its body', async () => {
  const monitor = createMonitor({ sinks: [], flushOnExit: false, openTelemetry: false });
  cleanUps.push(() => monitor.shutdown());
  const app = new Hono();
  app.use(honoMiddleware(monitor));
  app.get('/orders/:id', (context) => context.text('hello'));
  expect(await (await app.request('/orders/7')).text()).toBe('hello');
  await (await app.request('/nothing/here')).text();
  const { body } = await monitor.metrics.text();
  expect(linesOf(body, 'http_requests_total')).toEqual([
    'http_requests_total{method="GET",endpoint="/orders/:id",status="200"} 1',
    'http_requests_total{method="GET",endpoint="unknown",status="404"} 1',
  ]);
  expect(linesOf(body, 'http_response_size_bytes_sum')[0]).toBe(
    'http_response_size_bytes_sum{method="GET",endpoint="/orders/:id"} 5',
  );
});

test('a monitor without metrics counts nothing', async () => {
  const monitor = createMonitor({ sinks: [], flushOnExit: false, openTelemetry: false, metrics: false });
  const app = new Hono();
  app.use(honoMiddleware(monitor));
  app.get('/', (context) => context.text('hello'));
  await (await app.request('/')).text();
  expect((await monitor.metrics.text()).body).not.toContain('http_requests_total');
});
