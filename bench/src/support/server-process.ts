import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../apps/cli/bin/vedetta.mjs', import.meta.url));

/** The built program as a process of its own, as a user runs it. */
export interface ServerProcess {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** Time from spawn to the first answer of /healthz. */
  readonly startMs: number;
  /** Resident memory of the process. */
  rssBytes(): number;
  /** CPU time used so far, user and system. */
  cpuSeconds(): number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts the server on a free port over an empty data folder, or over `dataDir`, which is then kept. */
export async function startServerProcess(
  options: { dataDir?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vedetta-bench-')));
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [BIN, 'start', '--foreground'], {
    env: {
      ...process.env,
      VEDETTA_PORT: String(port),
      VEDETTA_DATA_DIR: dataDir,
      VEDETTA_OTLP_PORT: 'off',
      VEDETTA_LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`the server ended with exit code ${child.exitCode} before it answered`);
    if (performance.now() - started > 30_000) throw new Error('the server did not answer within 30 s');
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok === true) break;
    await delay(10);
  }
  const startMs = performance.now() - started;
  return {
    url,
    dataDir,
    child,
    startMs,
    rssBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    stop: async () => {
      if (child.exitCode === null) {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await exited;
      }
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
