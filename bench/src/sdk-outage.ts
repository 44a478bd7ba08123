import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createMonitor, type Monitor, otlpSink } from '@vedetta/sdk';
import type { BenchResult } from './result.js';
import type { OutageMode } from './support/outage-server.js';

/** A minute, because one line a minute is what the SDK may say. */
const SECONDS = 60;
const CALLS_PER_SECOND = 1_000;
const TICK_MS = 10;
const MAX_P99_MS = 1;
const MAX_RSS_MIB = 50;
const MAX_LINES = 1;
const MAX_RECOVERY_S = 30;

const OUTAGES: readonly (readonly [string, OutageMode])[] = [
  ['refused', 'refused'],
  ['no answer', 'silent'],
  ['500', '500'],
  ['503', '503'],
  ['60 s late', 'slow'],
];

/**
 * What the application notices of a server in trouble, at a thousand requests a second with five phases each and counted besides, and how soon all
 * is delivered once the server is back. The server is a process of its own, so that the memory measured is the application's.
 */
export async function run(): Promise<BenchResult[]> {
  // Not counted: it pays for the compiler.
  await record('warm-up', 'up', 2);
  const results = await record('up', 'up', 5);
  for (const [name, mode] of OUTAGES) results.push(...(await record(name, mode, SECONDS)));
  return results;
}

async function record(name: string, mode: OutageMode, seconds: number): Promise<BenchResult[]> {
  const server = fork(fileURLToPath(new URL('./support/outage-server.js', import.meta.url)));
  const [port] = (await once(server, 'message')) as [number];
  await become(server, mode);
  let lines = 0;
  const monitor = createMonitor({
    sinks: [otlpSink({ endpoint: `http://127.0.0.1:${port}` })],
    // As often as a request for one may be: metrics share the outage.
    metrics: { intervalMs: 1_000, push: { endpoint: `http://127.0.0.1:${port}` } },
    flushOnExit: false,
    log: () => {
      lines += 1;
    },
  });
  const load = await applyLoad(monitor, seconds);
  const linesInOutage = lines;
  checkCounts(name, monitor);
  const { dropped } = monitor.stats();
  await become(server, 'up');
  const recoveryS = await untilDelivered(monitor);
  checkCounts(name, monitor);
  // Of the first moments after the return, calls that were on their way may still be lost and tried again; none is dropped.
  const lost = mode === '500' ? 0 : monitor.stats().dropped - dropped;
  await monitor.shutdown(1_000);
  server.disconnect();
  return [
    result(`${name}: p99 of a request`, load.p99Ms, 'ms', MAX_P99_MS),
    { name: `${name}: processor time, batches and calls included`, value: load.cpuPercent, unit: '%' },
    result(`${name}: memory`, load.rssMiB, 'MiB', MAX_RSS_MIB),
    result(`${name}: lines logged`, linesInOutage, 'lines', MAX_LINES),
    result(`${name}: until all is delivered again`, recoveryS, 's', MAX_RECOVERY_S),
    result(`${name}: spans dropped while it recovers`, lost, 'spans', 0),
    { name: `${name}: load of the machine`, value: loadavg()[0] ?? 0, unit: '' },
  ];
}

async function applyLoad(
  monitor: Monitor,
  seconds: number,
): Promise<{ readonly p99Ms: number; readonly rssMiB: number; readonly cpuPercent: number }> {
  const timesMs = new Float64Array(seconds * CALLS_PER_SECOND);
  const rssBefore = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  let rssPeak = rssBefore;
  const startMs = performance.now();
  let calls = 0;
  while (calls < timesMs.length) {
    // By the clock, not by ticks: late timers are caught up on.
    const due = Math.min(((performance.now() - startMs) * CALLS_PER_SECOND) / 1000, timesMs.length);
    for (; calls < due; calls += 1) {
      const callMs = performance.now();
      const request = monitor.startRequest({ name: 'POST /v1/chat/completions', model: 'gpt-4o' });
      for (let phase = 0; phase < 5; phase += 1) request.phase('generation', () => {});
      request.end();
      monitor.metrics.trackHttpRequest({
        method: 'POST',
        endpoint: '/v1/chat/completions',
        status: 200,
        durationMs: 5,
      });
      timesMs[calls] = performance.now() - callMs;
    }
    rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    p99Ms: timesMs.sort()[Math.floor(timesMs.length * 0.99)] ?? Number.NaN,
    rssMiB: (rssPeak - rssBefore) / 2 ** 20,
    cpuPercent: (user + system) / 10_000 / seconds,
  };
}

/** Seconds until nothing is queued, without asking for a flush: what an application sees that only goes on. */
async function untilDelivered(monitor: Monitor): Promise<number> {
  const startMs = performance.now();
  while (monitor.stats().queued > 0 && performance.now() - startMs < 120_000) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return (performance.now() - startMs) / 1000;
}

function checkCounts(name: string, monitor: Monitor): void {
  const { offered, delivered, dropped, queued } = monitor.stats();
  if (offered !== delivered + dropped + queued) throw new Error(`${name}: spans went missing`);
  const points = monitor.metrics.stats();
  if (points.offered !== points.delivered + points.dropped + points.queued)
    throw new Error(`${name}: points of metrics went missing`);
}

async function become(server: ChildProcess, mode: OutageMode): Promise<void> {
  const done = once(server, 'message');
  server.send(mode);
  await done;
}

function result(name: string, value: number, unit: string, most: number): BenchResult {
  return { name, value, unit, aim: `at most ${most}`, pass: value <= most };
}
