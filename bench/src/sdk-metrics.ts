import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { createMonitor, trackEndpoint } from '@vedetta/sdk';
import { Counter, Histogram, Registry } from 'prom-client';
import type { BenchResult } from './result.js';
import { measureInTurns } from './support/turns.js';

const NULL_SINK = { name: 'null', write: () => {} };
const MAX_REQUEST_US = 10;
const MAX_MEMORY_MB = 10;
const BOUNDS = [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const METHODS = ['GET', 'POST'];
const ENDPOINTS = Array.from({ length: 20 }, (_, i) => `/v1/resource${i}/:id`);
const STATUSES = [200, 201, 404, 500];

/**
 * What a measurement costs in the application: an increase and an observation with labels, and an HTTP request with all that is counted
 * of it, by this SDK, prom-client and the metrics SDK of OpenTelemetry in turns. And what the monitor adds to a process.
 */
export async function run(): Promise<BenchResult[]> {
  const monitor = createMonitor({ sinks: [], flushOnExit: false, openTelemetry: false });
  const ours = vedetta(monitor);
  const prometheus = promClient();
  const otel = openTelemetry();
  const results: BenchResult[] = [];
  for (const [what, aim] of [
    ['counter', undefined],
    ['histogram', undefined],
    ['request', MAX_REQUEST_US],
  ] as const) {
    const us = measureInTurns({ ours: ours[what], prometheus: prometheus[what], otel: otel[what] });
    results.push(
      {
        name: `sdk: ${WHAT[what]}`,
        value: us.ours,
        unit: 'µs',
        ratioTo: { peer: 'prom-client', ratio: us.ours / us.prometheus },
        ...(aim === undefined ? {} : { aim: `at most ${aim} µs`, pass: us.ours <= aim }),
      },
      { name: `prom-client: the same`, value: us.prometheus, unit: 'µs' },
      { name: `OpenTelemetry JS metrics SDK: the same`, value: us.otel, unit: 'µs' },
    );
  }
  const plain = createMonitor({ sinks: [NULL_SINK], flushOnExit: false, openTelemetry: false, metrics: false });
  const counting = createMonitor({ sinks: [NULL_SINK], flushOnExit: false, openTelemetry: false });
  const answer = (i: number) => i;
  const recorded = measureInTurns({
    bare: answer,
    plain: trackEndpoint(answer, { endpoint: '/orders/:id', monitor: plain }),
    counting: trackEndpoint(answer, { endpoint: '/orders/:id', monitor: counting }),
  });
  const added = recorded.counting - recorded.bare;
  results.push(
    {
      name: 'sdk: HTTP call recorded as a request, and counted',
      value: added,
      unit: 'µs',
      aim: `at most ${MAX_REQUEST_US} µs`,
      pass: added <= MAX_REQUEST_US,
    },
    { name: 'sdk: of that, what counting adds', value: recorded.counting - recorded.plain, unit: 'µs' },
  );
  await plain.shutdown();
  await counting.shutdown();
  const inRequest = monitor.startRequest();
  const withTrace = measureInTurns({
    histogram: (i) => inRequest.run(() => ours.histogram(i)),
    bare: (i) => inRequest.run(() => void i),
  });
  results.push({
    name: 'sdk: observation with the trace as exemplar',
    value: withTrace.histogram - withTrace.bare,
    unit: 'µs',
  });
  const bound = monitor.metrics.counter({ name: 'bound_total', labels: ['plan'] }).with({ plan: 'pro' });
  results.push({
    name: 'sdk: increase of one series, looked up before',
    value: measureInTurns({ bound: () => bound.add() }).bound,
    unit: 'µs',
  });
  await monitor.shutdown();
  await otel.stop();
  return [...results, ...memory()];
}

const WHAT = {
  counter: 'increase of a counter with 3 labels',
  histogram: 'observation of a histogram with 2 labels',
  request: 'HTTP request: count, time, two sizes, in flight',
} as const;

interface Contender {
  counter(i: number): void;
  histogram(i: number): void;
  request(i: number): void;
}

const methodOf = (i: number) => METHODS[i % METHODS.length] ?? '';
const endpointOf = (i: number) => ENDPOINTS[i % ENDPOINTS.length] ?? '';
const statusOf = (i: number) => STATUSES[i % STATUSES.length] ?? 0;

function vedetta({ metrics }: ReturnType<typeof createMonitor>): Contender {
  const counter = metrics.counter({ name: 'c_total', labels: ['method', 'endpoint', 'status'] });
  const histogram = metrics.histogram({ name: 'h_seconds', labels: ['method', 'endpoint'], bounds: BOUNDS });
  return {
    counter: (i) => counter.add(1, { method: methodOf(i), endpoint: endpointOf(i), status: statusOf(i) }),
    histogram: (i) => histogram.observe(i % 7, { method: methodOf(i), endpoint: endpointOf(i) }),
    request: (i) =>
      metrics.trackHttpRequest({
        method: methodOf(i),
        endpoint: endpointOf(i),
        status: statusOf(i),
        durationMs: i % 500,
        requestSizeBytes: 100,
        responseSizeBytes: 2000,
      }),
  };
}

function promClient(): Contender {
  const registers = [new Registry()];
  const labelNames = ['method', 'endpoint'];
  const counter = new Counter({ name: 'c_total', help: 'c', labelNames: [...labelNames, 'status'], registers });
  const histogram = new Histogram({ name: 'h_seconds', help: 'h', labelNames, buckets: BOUNDS, registers });
  const asked = new Histogram({ name: 'asked_bytes', help: 'h', labelNames, buckets: BOUNDS, registers });
  const answered = new Histogram({ name: 'answered_bytes', help: 'h', labelNames, buckets: BOUNDS, registers });
  return {
    counter: (i) => counter.inc({ method: methodOf(i), endpoint: endpointOf(i), status: statusOf(i) }, 1),
    histogram: (i) => histogram.observe({ method: methodOf(i), endpoint: endpointOf(i) }, i % 7),
    request: (i) => {
      const labels = { method: methodOf(i), endpoint: endpointOf(i) };
      counter.inc({ ...labels, status: statusOf(i) }, 1);
      histogram.observe(labels, (i % 500) / 1000);
      asked.observe(labels, 100);
      answered.observe(labels, 2000);
    },
  };
}

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

function openTelemetry(): Contender & { stop(): Promise<void> } {
  const provider = new MeterProvider({ readers: [new Reader()] });
  const meter = provider.getMeter('bench');
  const advice = { advice: { explicitBucketBoundaries: BOUNDS } };
  const counter = meter.createCounter('c_total');
  const histogram = meter.createHistogram('h_seconds', advice);
  const asked = meter.createHistogram('asked_bytes', advice);
  const answered = meter.createHistogram('answered_bytes', advice);
  return {
    counter: (i) => counter.add(1, { method: methodOf(i), endpoint: endpointOf(i), status: statusOf(i) }),
    histogram: (i) => histogram.record(i % 7, { method: methodOf(i), endpoint: endpointOf(i) }),
    request: (i) => {
      const labels = { method: methodOf(i), endpoint: endpointOf(i) };
      counter.add(1, { ...labels, status: statusOf(i) });
      histogram.record((i % 500) / 1000, labels);
      asked.record(100, labels);
      answered.record(2000, labels);
    },
    stop: () => provider.shutdown(),
  };
}

/**
 * Memory of a process with the monitor, its collection and a thousand series, less that of one that could serve HTTP; each in
 * processes of its own. The API of OpenTelemetry counts for neither: an application that has it has loaded it.
 */
function memory(): BenchResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'vedetta-bench-'));
  try {
    const sdk = fileURLToPath(import.meta.resolve('@vedetta/sdk'));
    const prom = fileURLToPath(import.meta.resolve('prom-client'));
    const bare = residentMb(folder, HTTP);
    const ours = residentMb(folder, HTTP + OUR_PROGRAM.replace('SDK', JSON.stringify(sdk)));
    const peer = residentMb(folder, HTTP + PEER_PROGRAM.replace('PROM', JSON.stringify(prom)));
    return [
      {
        name: 'sdk: memory added by monitor, collection and 1,000 series',
        value: ours - bare,
        unit: 'MB',
        ratioTo: { peer: 'prom-client', ratio: (ours - bare) / (peer - bare) },
        aim: `at most ${MAX_MEMORY_MB}`,
        pass: ours - bare <= MAX_MEMORY_MB,
      },
      { name: 'prom-client: the same with its default metrics', value: peer - bare, unit: 'MB' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const HTTP = `await import('node:http');`;
const OUR_PROGRAM = `
  const { createMonitor } = await import(SDK);
  const monitor = createMonitor({ endpoint: 'http://127.0.0.1:1', flushOnExit: false, log: () => {}, openTelemetry: false });
  const counter = monitor.metrics.counter({ name: 'jobs_total', labels: ['job'] });
  for (let i = 0; i < 1000; i += 1) counter.add(1, { job: i });
  await monitor.metrics.collect();
  await monitor.metrics.text();`;
const PEER_PROGRAM = `
  const { Counter, collectDefaultMetrics, register } = (await import(PROM)).default;
  collectDefaultMetrics();
  const counter = new Counter({ name: 'jobs_total', help: 'jobs', labelNames: ['job'] });
  for (let i = 0; i < 1000; i += 1) counter.inc({ job: i });
  await register.metrics();`;
const RUNS = 5;

/** Median over several processes, after a garbage collection. */
function residentMb(folder: string, program: string): number {
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    `${program}\n globalThis.gc(); globalThis.gc();\n console.log(process.memoryUsage.rss()); process.exit(0);`,
  );
  const sizes = Array.from({ length: RUNS }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', file], { encoding: 'utf8' });
    const bytes = Number(stdout);
    if (!(bytes > 0)) throw new Error(`the program that measures memory failed: ${stderr}`);
    return bytes / 1024 / 1024;
  });
  return sizes.toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}
