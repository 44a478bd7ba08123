import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../apps/cli/bin/vedetta.cjs', import.meta.url));

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
  /** Port of OTLP/HTTP beside the main one; undefined unless asked for. */
  readonly otlpUrl: string | undefined;
  /** Everything it printed so far. */
  output(): string;
  /** Ends it with SIGKILL and waits; its data stay. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM, waits, and removes its data unless the folder was given. */
  stop(): Promise<void>;
}

/** Starts the server on a free port over an empty data folder, or over `dataDir`, which is then kept. */
export async function startServerProcess(
  options: {
    dataDir?: string;
    env?: NodeJS.ProcessEnv;
    otlp?: boolean;
    /** The system refuses to make any file larger: as with a disk that is full, a write fails for real. */
    maxFileKib?: number;
  } = {},
): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vedetta-e2e-')));
  const port = await freePort();
  const otlpPort = options.otlp === true ? await freePort() : undefined;
  const started = performance.now();
  const command = [process.execPath, BIN, 'start', '--foreground'];
  const { maxFileKib } = options;
  if (maxFileKib !== undefined) command.unshift('bash', '-c', `ulimit -f ${maxFileKib}; exec "$@"`, 'bash');
  const child = spawn(command[0]!, command.slice(1), {
    env: {
      ...process.env,
      VEDETTA_PORT: String(port),
      VEDETTA_DATA_DIR: dataDir,
      VEDETTA_OTLP_PORT: otlpPort === undefined ? 'off' : String(otlpPort),
      VEDETTA_LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`the server ended with exit code ${child.exitCode} before it answered:\n${output}`);
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
    otlpUrl: otlpPort === undefined ? undefined : `http://127.0.0.1:${otlpPort}`,
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await exited;
      }
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
