import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMonitor, otlpSink } from '@vedetta/sdk';
import type { BenchResult } from './result.js';

const SECONDS = 5;
const CALLS_PER_SECOND = 1_000;
const TICK_MS = 10;
const MAX_P99_MS = 1;
const MAX_RSS_MIB = 50;

/** What the application notices of a server in trouble, at a thousand requests a second with five phases each. */
export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  // The first is not counted: it pays for the compiler.
  await record('warm-up', answer(200), 1);
  for (const [name, listener] of scenarios) results.push(...(await record(name, listener, SECONDS)));
  return results;
}

const scenarios: readonly (readonly [string, RequestListener | undefined])[] = [
  ['server up', answer(200)],
  ['server refuses connections', undefined],
  ['server never answers', (request) => request.resume()],
  ['server answers 500', answer(500)],
  ['server answers 503', answer(503)],
];

function answer(status: number): RequestListener {
  return (request, response) => {
    request.resume().once('end', () => response.writeHead(status).end());
  };
}

async function record(name: string, listener: RequestListener | undefined, seconds: number): Promise<BenchResult[]> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (listener === undefined) await close(server);
  let lines = 0;
  const monitor = createMonitor({
    sinks: [otlpSink({ endpoint: `http://127.0.0.1:${port}`, timeoutMs: 2_000 })],
    flushOnExit: false,
    log: () => {
      lines += 1;
    },
  });
  const timesMs: number[] = [];
  const rssBefore = process.memoryUsage.rss();
  let rssPeak = rssBefore;
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    for (let i = 0; i < (CALLS_PER_SECOND * TICK_MS) / 1000; i += 1) {
      const startMs = performance.now();
      const request = monitor.startRequest({ name: 'POST /v1/chat/completions', model: 'gpt-4o' });
      for (let phase = 0; phase < 5; phase += 1) request.phase('generation', () => {});
      request.end();
      timesMs.push(performance.now() - startMs);
    }
    rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const { offered, delivered, dropped, queued } = monitor.stats();
  if (offered !== delivered + dropped + queued) throw new Error(`${name}: spans went missing`);
  await monitor.shutdown(1_000);
  const after = monitor.stats();
  if (after.offered !== after.delivered + after.dropped) throw new Error(`${name}: spans went missing at the end`);
  if (listener !== undefined) await close(server);
  const p99Ms = timesMs.sort((a, b) => a - b)[Math.floor(timesMs.length * 0.99)] ?? Number.NaN;
  const rssMiB = (rssPeak - rssBefore) / 2 ** 20;
  return [
    {
      name: `${name}: p99 of a request`,
      value: p99Ms,
      unit: 'ms',
      aim: `at most ${MAX_P99_MS}`,
      pass: p99Ms <= MAX_P99_MS,
    },
    { name: `${name}: memory`, value: rssMiB, unit: 'MiB', aim: `at most ${MAX_RSS_MIB}`, pass: rssMiB <= MAX_RSS_MIB },
    { name: `${name}: lines logged`, value: lines, unit: 'lines', aim: 'at most 1', pass: lines <= 1 },
  ];
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
