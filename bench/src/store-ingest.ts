import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Span } from '@vedetta/model';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { BenchResult } from './result.js';
import { createRequestGenerator, SPANS_PER_REQUEST } from './store-workload.js';

/** Spans of one write: what an exporter sends at once. */
const REQUESTS_A_BATCH = 85;
/** Writes that wait at once when the store is driven as fast as it takes them. */
const WRITERS = 16;
const FULL_SPEED_REQUESTS = 100_000;
const PACED_SPANS_PER_SECOND = 30_000;
const PACED_SECONDS = 20;

/** What the store alone takes, from normalised spans to committed rows, and how it behaves at the promised rate. */
export async function run(): Promise<BenchResult[]> {
  return [...(await fullSpeed()), ...(await paced())];
}

async function fullSpeed(): Promise<BenchResult[]> {
  return withStore(async (store, path) => {
    const next = batches(1);
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    let generatedMs = 0;
    let left = FULL_SPEED_REQUESTS;
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        while (left > 0) {
          left -= REQUESTS_A_BATCH;
          const beganMs = performance.now();
          const batch = next();
          generatedMs += performance.now() - beganMs;
          await store.writer.write(batch);
        }
      }),
    );
    // Making the spans is not the store's work.
    const elapsedMs = performance.now() - startMs - generatedMs;
    const used = process.cpuUsage(cpu);
    const spans = store.writer.state().committedSpansTotal;
    const cpuMs = (used.user + used.system) / 1000 - generatedMs;
    await store.close();
    const { size } = await stat(path);
    const perSecond = (spans / elapsedMs) * 1000;
    return [
      { name: 'full speed', value: perSecond, unit: 'spans/s', aim: '>= 30,000', pass: perSecond >= 30_000 },
      { name: 'processor time, all threads', value: (cpuMs * 1000) / spans, unit: 'us/span' },
      { name: 'file', value: size / (spans / SPANS_PER_REQUEST), unit: 'bytes/request' },
    ];
  });
}

async function paced(): Promise<BenchResult[]> {
  return withStore(async (store) => {
    const next = batches(2);
    const latencies: number[] = [];
    const pending = new Set<Promise<void>>();
    let refused = 0;
    let sent = 0;
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const startMs = performance.now();
    for (let elapsedMs = 0; elapsedMs < PACED_SECONDS * 1000; elapsedMs = performance.now() - startMs) {
      while (sent < (elapsedMs / 1000) * PACED_SPANS_PER_SECOND) {
        const batch = next();
        sent += batch.length;
        const beganMs = performance.now();
        const done = store.writer.write(batch).then((outcome) => {
          if (outcome.kind === 'stored') latencies.push(performance.now() - beganMs);
          else refused += batch.length;
          pending.delete(done);
        });
        pending.add(done);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(pending);
    const perSecond = (store.writer.state().committedSpansTotal / (performance.now() - startMs)) * 1000;
    loop.disable();
    latencies.sort((a, b) => a - b);
    const at = (q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? 0;
    return [
      { name: 'at 30,000 spans/s: committed', value: perSecond, unit: 'spans/s' },
      { name: 'at 30,000 spans/s: refused as busy', value: refused, unit: 'spans', aim: '0', pass: refused === 0 },
      { name: 'at 30,000 spans/s: acknowledgement p50', value: at(0.5), unit: 'ms' },
      { name: 'at 30,000 spans/s: acknowledgement p99', value: at(0.99), unit: 'ms' },
      { name: 'at 30,000 spans/s: acknowledgement max', value: at(1), unit: 'ms' },
      { name: 'at 30,000 spans/s: event loop stall p99', value: loop.percentile(99) / 1e6, unit: 'ms' },
      { name: 'at 30,000 spans/s: event loop stall max', value: loop.max / 1e6, unit: 'ms' },
      { name: 'at 30,000 spans/s: memory', value: process.memoryUsage().rss / 1024 / 1024, unit: 'MiB' },
    ];
  });
}

function batches(seed: number): () => Span[] {
  const generator = createRequestGenerator(seed);
  return () => {
    const startUnixNano = BigInt(Date.now()) * 1_000_000n;
    return Array.from({ length: REQUESTS_A_BATCH }, () => generator.next(startUnixNano)).flat();
  };
}

async function withStore<T>(
  work: (store: Awaited<ReturnType<typeof openDuckDbStore>>, path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vedetta-bench-'));
  const path = join(folder, 'vedetta.duckdb');
  const store = await openDuckDbStore({ path });
  try {
    return await work(store, path);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
