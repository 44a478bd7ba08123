import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startServerProcess } from '@vedetta/e2e/support';
import type { BenchResult } from './result.js';
import { createOtlpTemplate } from './support/otlp-template.js';

const REQUESTS_PER_BODY = 84; // 504 spans, what a batch span processor sends at most (512)
const CONNECTIONS = 8;
const WARM_UP_MS = 3000;
const MEASURE_MS = 20_000;

/** OTLP protobuf over HTTP to committed rows, through the real server process; the load comes from this process. */
export async function run(): Promise<BenchResult[]> {
  const server = await startServerProcess();
  const idleRss = await settledRss(server.rssBytes);
  const template = createOtlpTemplate(REQUESTS_PER_BODY);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    await drive(server.url, agent, template, WARM_UP_MS);
    const before = server.cpuSeconds();
    const load = await drive(server.url, agent, template, MEASURE_MS);
    const cpu = server.cpuSeconds() - before;
    const status = (await (await fetch(`${server.url}/api/status`)).json()) as {
      ingest: { stored_spans_total: number };
    };
    const rate = load.acknowledgedSpans / (load.elapsedMs / 1000);
    const sorted = load.latenciesMs.sort((a, b) => a - b);
    return [
      {
        name: 'ingest: OTLP protobuf to committed rows',
        value: rate,
        unit: 'spans/s',
        aim: '>= 30,000',
        pass: rate >= 30_000,
      },
      { name: 'ingest: server CPU a span', value: (cpu / load.acknowledgedSpans) * 1e6, unit: 'µs' },
      { name: 'ingest: time to acknowledgement p50', value: quantile(sorted, 0.5), unit: 'ms' },
      { name: 'ingest: time to acknowledgement p99', value: quantile(sorted, 0.99), unit: 'ms' },
      { name: 'ingest: refused as busy', value: load.refused, unit: 'bodies' },
      {
        name: 'ingest: acknowledged spans that are stored',
        value: status.ingest.stored_spans_total / (load.acknowledgedSpans + load.before),
        unit: 'share',
        aim: '= 1',
        pass: status.ingest.stored_spans_total === total(load),
      },
      {
        name: 'server: resident memory idle',
        value: idleRss / 1024 ** 2,
        unit: 'MiB',
        aim: '< 150 MB',
        pass: idleRss < 150e6,
      },
      { name: 'server: resident memory after the load', value: server.rssBytes() / 1024 ** 2, unit: 'MiB' },
    ];
  } finally {
    agent.destroy();
    await server.stop();
  }
}

let sentBefore = 0;
const total = (load: { acknowledgedSpans: number; before: number }): number => load.acknowledgedSpans + load.before;

async function drive(url: string, agent: Agent, template: ReturnType<typeof createOtlpTemplate>, durationMs: number) {
  const before = sentBefore;
  const started = performance.now();
  const latenciesMs: number[] = [];
  let acknowledgedSpans = 0;
  let refused = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - started < durationMs) {
      const sent = performance.now();
      const status = await post(`${url}/v1/traces`, agent, template.instantiate(BigInt(Date.now()) * 1_000_000n));
      if (status === 200) {
        acknowledgedSpans += template.spans;
        latenciesMs.push(performance.now() - sent);
      } else if (status === 503 || status === 429) {
        refused += 1;
        await delay(50);
      } else throw new Error(`the server answered ${status} to a good body`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  sentBefore += acknowledgedSpans;
  return { acknowledgedSpans, latenciesMs, refused, before, elapsedMs: performance.now() - started };
}

function post(url: string, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

async function settledRss(read: () => number): Promise<number> {
  await delay(5000);
  return read();
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
