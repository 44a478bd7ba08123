import type { CliContext } from '../context.js';
import { createStyle } from '../output/style.js';

/** A context that keeps what a command says; without colours, as in a pipe. */
export interface CapturedContext extends CliContext {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** @param dataDir data directory of the commands, and their working directory */
export function captureContext(dataDir: string, env: NodeJS.ProcessEnv = {}): CapturedContext {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out: (line) => out.push(`${line}\n`),
    err: (line) => err.push(`${line}\n`),
    env: { VEDETTA_DATA_DIR: dataDir, ...env },
    cwd: dataDir,
    style: createStyle(false),
    columns: undefined,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
  };
}
