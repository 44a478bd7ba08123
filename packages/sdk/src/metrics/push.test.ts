import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Monitor } from '../monitor.js';
import { createMonitor } from '../monitor.js';
import type { MonitorOptions } from '../options.js';
import { buildForChildren, runChild } from '../testing/child.js';
import type { Answer, OtlpReceiver } from '../testing/otlp-receiver.js';
import { accept, refuse, startReceiver } from '../testing/otlp-receiver.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function setUp(answer: Answer = accept, options: MonitorOptions = {}) {
  const server = await startReceiver(accept, answer);
  const lines: string[] = [];
  const monitor = createMonitor({
    endpoint: server.endpoint,
    serviceName: 'shop',
    flushOnExit: false,
    openTelemetry: false,
    log: (line) => lines.push(line),
    ...options,
  });
  cleanUps.push(
    () => monitor.shutdown(100),
    () => server.close(),
  );
  return { server, monitor, lines };
}

const lastValue = ({ metrics }: OtlpReceiver, name: string) =>
  metrics.filter((metric) => metric.name === name).at(-1)?.points[0]?.value;

const balance = ({ metrics }: Monitor) => {
  const { offered, delivered, dropped, queued } = metrics.stats();
  expect(delivered + dropped + queued).toBe(offered);
  return { offered, delivered, dropped, queued };
};

describe.each(['protobuf', 'json'] as const)('in %s', (encoding) => {
  test('what is counted arrives with a flush, as totals since the start, under the name of the service', async () => {
    const { server, monitor } = await setUp(accept, { metrics: { push: { encoding }, collect: 'process' } });
    const jobs = monitor.metrics.counter({ name: 'jobs_total', labels: ['plan'] });
    jobs.add(2, { plan: 'pro' });
    await monitor.flush();
    jobs.add(3, { plan: 'pro' });
    await monitor.flush();
    expect(server.metrics.filter(({ name }) => name === 'jobs_total')).toMatchObject([
      { temporality: 2, isMonotonic: true, points: [{ value: 2, labels: { plan: 'pro' } }] },
      { temporality: 2, isMonotonic: true, points: [{ value: 5, labels: { plan: 'pro' } }] },
    ]);
    const [push] = server.pushes;
    expect(push?.path).toBe('/v1/metrics');
    expect(push?.headers['content-type']).toBe(encoding === 'json' ? 'application/json' : 'application/x-protobuf');
    expect(push?.content.resource).toMatchObject({ 'service.name': 'shop', 'process.pid': process.pid });
    expect(push?.content.resource['service.instance.id']).toContain(`:${process.pid}`);
    expect(lastValue(server, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(balance(monitor)).toMatchObject({ queued: 0, dropped: 0 });
  });

  test('points that the server rejects are counted as dropped', async () => {
    const rejecting: Answer = (response) => {
      const json = JSON.stringify({ partialSuccess: { rejectedDataPoints: '1', errorMessage: 'too old' } });
      if (encoding === 'json') response.writeHead(200, { 'content-type': 'application/json' }).end(json);
      else response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(Buffer.from([10, 2, 8, 1]));
      return true;
    };
    const { monitor, lines } = await setUp(rejecting, { metrics: { push: { encoding }, collect: false } });
    const jobs = monitor.metrics.counter({ name: 'jobs_total', labels: ['plan'] });
    for (const plan of ['a', 'b']) jobs.add(1, { plan });
    await monitor.flush();
    expect(balance(monitor)).toMatchObject({ dropped: 1, queued: 0 });
    expect(lines.join()).toContain('points of metrics dropped');
  });
});

test('metrics are pushed by themselves on the interval, machine and process with them', async () => {
  const { server, monitor } = await setUp(accept, { metrics: { intervalMs: 100 } });
  monitor.metrics.counter({ name: 'jobs_total' }).add();
  await server.until(() => server.pushes.length >= 3);
  const names = new Set(server.metrics.map(({ name }) => name));
  for (const name of ['jobs_total', 'memory_usage_percent', 'disk_free_percent', 'nodejs_eventloop_lag_p99_seconds']) {
    expect(names).toContain(name);
  }
});

test('what the server derives from spans is not pushed to it; a collector gets it', async () => {
  const record = (monitor: Monitor) => {
    monitor.request({ name: 'chat' }, (request) => request.llm({ model: 'gpt-4o', usage: { inputTokens: 3 } }));
    monitor.metrics.counter({ name: 'jobs_total' }).add();
  };
  const vedetta = await setUp();
  record(vedetta.monitor);
  await vedetta.monitor.flush();
  expect((await vedetta.monitor.metrics.text()).body).toContain('ai_requests_total{model="gpt-4o",type="chat"} 1');
  expect(vedetta.server.metrics.map(({ name }) => name)).toContain('jobs_total');
  expect(vedetta.server.metrics.map(({ name }) => name)).not.toContain('ai_requests_total');

  const collector = await setUp(accept, { metrics: { push: { derived: true } } });
  record(collector.monitor);
  await collector.monitor.flush();
  expect(lastValue(collector.server, 'ai_requests_total')).toBe(1);
});

test.each([429, 502, 503, 504])(
  'an answer of %i is tried again, and the points arrive in their order',
  async (status) => {
    const answers: Answer[] = [refuse(status, { 'retry-after': '0' }), refuse(status, { 'retry-after': '0' })];
    const { server, monitor } = await setUp((...call) => (answers.shift() ?? accept)(...call), {
      metrics: { collect: false, push: true },
    });
    const jobs = monitor.metrics.counter({ name: 'jobs_total' });
    for (let i = 0; i < 3; i += 1) {
      jobs.add();
      await monitor.metrics.collect();
    }
    await monitor.flush();
    const values = server.metrics.filter(({ name }) => name === 'jobs_total').map(({ points }) => points[0]?.value);
    expect(values).toEqual([1, 2, 3]);
    expect(balance(monitor)).toMatchObject({ dropped: 0, queued: 0 });
  },
);

test('a server that knows no metrics is asked once and not again for a while', async () => {
  const { server, monitor, lines } = await setUp(refuse(404));
  const jobs = monitor.metrics.counter({ name: 'jobs_total' });
  for (let i = 0; i < 5; i += 1) {
    jobs.add();
    await monitor.flush();
  }
  expect(server.pushes).toHaveLength(1);
  expect(lines).toEqual([expect.stringContaining('takes no metrics (404)')]);
  expect(balance(monitor)).toMatchObject({ delivered: 0, queued: 0 });
});

test('while the server is away the queue stays within its bounds, and what gave way is counted', async () => {
  const { monitor, lines } = await setUp(refuse(503));
  const wide = monitor.metrics.counter({ name: 'wide_total', labels: ['a'], maxSeries: 10_000 });
  for (let i = 0; i < 9_000; i += 1) wide.add(1, { a: i });
  for (let i = 0; i < 10; i += 1) await monitor.metrics.collect();
  await monitor.flush(50);
  const { queued, dropped } = balance(monitor);
  expect(queued).toBeGreaterThan(9_000);
  expect(queued).toBeLessThan(45_000);
  expect(dropped).toBeGreaterThan(45_000);
  expect(lines.length).toBe(1);
});

test('large registries go in several calls, each with its share', async () => {
  const { server, monitor } = await setUp(accept, { metrics: { collect: false, push: true } });
  const wide = monitor.metrics.counter({ name: 'wide_total', labels: ['a'], maxSeries: 10_000 });
  for (let i = 0; i < 4_500; i += 1) wide.add(1, { a: i });
  await monitor.flush();
  const counts = server.metrics.filter(({ name }) => name === 'wide_total').map(({ points }) => points.length);
  expect(counts.length).toBeGreaterThan(2);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4_500);
});

test.each<[string, MonitorOptions, string | undefined]>([
  ['the endpoint of the monitor', {}, '/v1/metrics'],
  ['an endpoint of spans', { endpoint: 'http://HOST/base/v1/traces' }, '/base/v1/metrics'],
  ['an endpoint of its own', { metrics: { push: { endpoint: 'http://HOST/otlp/' } } }, '/otlp/v1/metrics'],
  ['nowhere when it is turned off', { metrics: { push: false } }, undefined],
  ['nowhere without metrics', { metrics: false }, undefined],
  ['nowhere for a monitor that records nothing', { enabled: false }, undefined],
  ['nowhere where sinks are given', { sinks: [] }, undefined],
  ['the endpoint where sinks are given and it is asked for', { sinks: [], metrics: { push: true } }, '/v1/metrics'],
])('metrics go to %s', async (_where, options, path) => {
  const server = await startReceiver();
  const filled = JSON.parse(JSON.stringify(options).replaceAll('http://HOST', server.endpoint)) as MonitorOptions;
  const monitor = createMonitor({ endpoint: server.endpoint, flushOnExit: false, openTelemetry: false, ...filled });
  cleanUps.push(() => server.close());
  monitor.metrics.counter({ name: 'jobs_total' }).add();
  await monitor.shutdown();
  expect(server.pushes.map((push) => push.path)).toEqual(path === undefined ? [] : [path]);
});

test('after the shutdown everything still works, and nothing is pushed', async () => {
  const { server, monitor } = await setUp();
  const jobs = monitor.metrics.counter({ name: 'jobs_total' });
  await monitor.shutdown();
  jobs.add();
  await monitor.flush();
  await monitor.metrics.collect();
  expect(server.pushes).toEqual([]);
  expect((await monitor.metrics.text()).body).toContain('\njobs_total 1\n');
});

describe('the end of a process', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await buildForChildren();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const program = (end: string) => `
    import { createMonitor } from '@vedetta/sdk';
    const monitor = createMonitor({ serviceName: 'job' });
    monitor.metrics.counter({ name: 'jobs_total' }).add(3);
    monitor.metrics.gauge({ name: 'last_run' }).set(7);
    ${end}`;

  test.each([
    ['a natural end', '', { code: 0, signal: null }],
    ['process.exit', 'process.exit(7);', { code: 7, signal: null }],
    ['an uncaught error', `throw new TypeError('boom');`, { code: 1, signal: null }],
    ['SIGTERM', `console.log('ready'); setInterval(() => {}, 1000);`, { code: null, signal: 'SIGTERM' }],
  ])('%s delivers what was counted', async (_name, end, expected) => {
    const server = await startReceiver();
    cleanUps.push(() => server.close());
    const result = await runChild(folder, program(end), { VEDETTA_ENDPOINT: server.endpoint }, (line, kill) => {
      if (line === 'ready') kill('SIGTERM');
    });
    expect(result).toMatchObject(expected);
    expect([lastValue(server, 'jobs_total'), lastValue(server, 'last_run')]).toEqual([3, 7]);
    expect(server.pushes).toHaveLength(1);
  });

  test('collection alone keeps no process alive, and has nothing to deliver at its end', async () => {
    const server = await startReceiver();
    cleanUps.push(() => server.close());
    const idle = `import { createMonitor } from '@vedetta/sdk'; void createMonitor().metrics;`;
    const end = await runChild(folder, idle, { VEDETTA_ENDPOINT: server.endpoint });
    expect(end).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(server.pushes).toEqual([]);
  });

  test('a server that never answers holds the end up by less than two seconds', async () => {
    const hole = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
    await new Promise((resolve) => hole.once('listening', resolve));
    cleanUps.push(() => new Promise((resolve) => hole.close(resolve)));
    const { port } = hole.address() as { port: number };
    const timed = program(`
      monitor.startRequest().end();
      process.prependListener('exit', () => { globalThis.exitMs = performance.now(); });
      process.on('exit', () => console.log(performance.now() - globalThis.exitMs < 2000 ? 'in time' : 'late'));
      process.exit(4);`);
    const end = await runChild(folder, timed, { VEDETTA_ENDPOINT: `http://127.0.0.1:${port}` });
    expect(end).toMatchObject({ code: 4, stdout: 'in time\n', stderr: '' });
  });

  test('worker threads and processes of one service are series of their own', async () => {
    const server = await startReceiver();
    cleanUps.push(() => server.close());
    const members = `
      import { Worker, isMainThread } from 'node:worker_threads';
      import { fileURLToPath } from 'node:url';
      import { createMonitor } from '@vedetta/sdk';
      if (isMainThread) for (let i = 0; i < 3; i += 1) new Worker(fileURLToPath(import.meta.url));
      createMonitor({ serviceName: 'pool' }).metrics.counter({ name: 'jobs_total' }).add();`;
    const end = await runChild(folder, members, { VEDETTA_ENDPOINT: server.endpoint });
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(server.pushes.map(({ content }) => content.resource['service.instance.id'])).size).toBe(4);
  });
});

test('bodies are compressed', async () => {
  const { server, monitor } = await setUp(accept, { metrics: { collect: 'process', push: true } });
  monitor.metrics.counter({ name: 'jobs_total' }).add();
  await monitor.flush();
  expect(server.pushes[0]?.headers['content-encoding']).toBe('gzip');
});
