import { fork, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, startServerProcess } from '@vedetta/e2e/support';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { WriteLoad } from './remote-write-bodies.js';

const READY_WITHIN_MS = 30_000;
const CLOCK_TICKS = 100;
const YEARS = '36500';

/** A program over an empty folder that takes remote write. */
export interface WriteTarget {
  readonly writeUrl: string;
  /** How many samples of the load it answers queries with. */
  count(load: WriteLoad): Promise<number>;
  cpuSeconds(): number;
  rssBytes(): number;
  /** Ends it, as its user would, after everything was put where it stays; answers how many bytes that takes, then removes it. */
  finish(): Promise<number>;
  /** Ends it without looking. */
  stop(): Promise<void>;
}

/** How each is started; a program that is not there is not. */
export const WRITE_TARGETS: Readonly<Record<string, { readonly isThere: boolean; start(): Promise<WriteTarget> }>> = {
  vedetta: { isThere: true, start: startVedetta },
  prometheus: { isThere: existsSync('/usr/bin/prometheus'), start: startPrometheus },
  'victoria-metrics': { isThere: existsSync('/usr/bin/victoria-metrics'), start: startVictoria },
};

async function startVedetta(): Promise<WriteTarget> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vedetta-bench-'));
  const server = await startServerProcess({
    dataDir,
    env: { VEDETTA_METRICS_INTERVAL_SECONDS: '3600', VEDETTA_METRICS_RETENTION_DAYS: YEARS },
  }).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    writeUrl: `${server.url}/prometheus/api/v1/write`,
    count: (load) => countSamples(`${server.url}/prometheus`, load),
    cpuSeconds: server.cpuSeconds,
    rssBytes: server.rssBytes,
    stop,
    finish: async () => {
      await server.stop();
      const store = await openDuckDbStore({ path: join(dataDir, 'vedetta.duckdb') });
      await store.samples.checkpoint();
      await store.close();
      const bytes = await sizeOf(dataDir);
      await stop();
      return bytes;
    },
  };
}

async function startPrometheus(): Promise<WriteTarget> {
  return startProgram('/usr/bin/prometheus', async (folder, address) => {
    await writeFile(join(folder, 'prometheus.yml'), 'global: { scrape_interval: 1h }\n');
    const url = `http://${address}`;
    return {
      flags: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.time=100y',
        '--web.enable-remote-write-receiver',
        '--web.enable-admin-api',
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      ready: `${url}/-/ready`,
      writeUrl: `${url}/api/v1/write`,
      // What is in its head becomes a block by itself after two or three hours only; a snapshot makes the same block now.
      settle: async () => {
        const answer = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
        const { data } = (await answer.json()) as { data: { name: string } };
        return sizeOf(join(folder, 'data', 'snapshots', data.name));
      },
    };
  });
}

async function startVictoria(): Promise<WriteTarget> {
  return startProgram('/usr/bin/victoria-metrics', async (folder, address) => {
    const url = `http://${address}`;
    return {
      flags: [
        `-storageDataPath=${join(folder, 'data')}`,
        `-httpListenAddr=${address}`,
        '-retentionPeriod=100y',
        '-search.latencyOffset=1ms',
        '-loggerLevel=ERROR',
      ],
      ready: `${url}/health`,
      writeUrl: `${url}/api/v1/write`,
      flush: `${url}/internal/force_flush`,
      settle: async () => {
        await fetch(`${url}/internal/force_flush`);
        await fetch(`${url}/internal/force_merge`);
        await delay(2000);
        return sizeOf(join(folder, 'data'));
      },
    };
  });
}

interface Program {
  readonly flags: readonly string[];
  readonly ready: string;
  readonly writeUrl: string;
  /** Asked before queries, so that they see everything. */
  readonly flush?: string;
  settle(): Promise<number>;
}

async function startProgram(
  path: string,
  describe: (folder: string, address: string) => Promise<Program>,
): Promise<WriteTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'vedetta-bench-'));
  const address = `127.0.0.1:${await freePort()}`;
  const program = await describe(folder, address);
  const child = spawn(path, program.flags, { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const started = performance.now();
  while ((await fetch(program.ready).catch(() => undefined))?.ok !== true) {
    if (child.exitCode !== null || performance.now() - started > READY_WITHIN_MS) {
      await stop();
      throw new Error(`${path} did not start`);
    }
    await delay(50);
  }
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    writeUrl: program.writeUrl,
    count: async (load) => {
      if (program.flush !== undefined) await fetch(program.flush);
      return countSamples(program.writeUrl.replace('/api/v1/write', ''), load);
    },
    cpuSeconds: () => {
      const fields = (proc('stat').split(') ')[1] ?? '').split(' ');
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
    },
    rssBytes: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1] ?? 0) * 1024,
    stop,
    finish: async () => {
      const bytes = await program.settle();
      await stop();
      return bytes;
    },
  };
}

/** The program that only takes, to know how fast the client can send. */
export async function startSink(): Promise<{ readonly url: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL('./write-sink.js', import.meta.url)));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', () => reject(new Error('the sink ended before it listened')));
  });
  return { url: `http://127.0.0.1:${port}/write`, stop: () => child.kill() };
}

/** Target by target, since a question about everything is more than any of them answers. */
async function countSamples(url: string, { targets, firstMs, lastMs }: WriteLoad): Promise<number> {
  const rangeSeconds = Math.ceil((lastMs - firstMs) / 1000) + 60;
  let found = 0;
  for (const target of targets) {
    // The samples themselves: `count_over_time` has no name, and metrics that differ by it only are then the same.
    const parameters = new URLSearchParams({
      query: `{instance="${target}"}[${rangeSeconds}s]`,
      time: String(lastMs / 1000 + 1),
    });
    const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body: parameters });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
    const { data } = (await answer.json()) as { data: { result: { values: unknown[] }[] } };
    found += data.result.reduce((sum, { values }) => sum + values.length, 0);
  }
  return found;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = join(folder, entry.name);
    bytes += entry.isDirectory() ? await sizeOf(place) : (await stat(place)).size;
  }
  return bytes;
}
