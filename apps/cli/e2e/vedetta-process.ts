import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processIdentity } from '../src/daemon/process-identity.js';

const BIN = fileURLToPath(new URL('../bin/vedetta.cjs', import.meta.url));

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Run as another user; needs root. */
  readonly uid?: number;
}

/** A folder with a server's data in it, and the program to use it with. */
export class Sandbox {
  readonly dir = mkdtempSync(join(tmpdir(), 'vedetta-cli-'));
  readonly dataDir = join(this.dir, 'data');
  readonly #children: ChildProcess[] = [];

  /** Starts the program; it does not wait for it. */
  spawn(args: readonly string[], options: CommandOptions = {}): ChildProcess {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: this.dir,
      env: { ...cleanEnvironment(), VEDETTA_DATA_DIR: this.dataDir, VEDETTA_OTLP_PORT: 'off', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    this.#children.push(child);
    return child;
  }

  /** Runs the program to its end. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return finished(this.spawn(args, options));
  }

  /** Ends what was started and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(['stop', '--force']);
    for (const child of this.#children) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Output and end of a process. */
export function finished(child: ChildProcess): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Resolves when the process has printed the text. */
export function printed(child: ChildProcess, text: string): Promise<void> {
  let seen = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      seen += chunk;
      if (seen.includes(text)) resolve();
    });
    child.on('close', (code) => reject(new Error(`it ended with ${code} before it printed ${text}: ${seen}`)));
  });
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const { port, server } = await takePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A port that a program listens on which answers nothing. */
export async function takePort(): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, server };
}

/** True while a process with the number runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  return processIdentity(pid) !== undefined;
}

/** This process' environment without what configures a server: the tests set all of it. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VEDETTA_|NODE_OPTIONS$|NODE_ENV$|VITEST)/.test(name)),
  );
}
