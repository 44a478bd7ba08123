import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** How a process ended, and what it said. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundles the SDK once, so that plain Node can run programs that import `./sdk.mjs`. Returns the folder for them. */
export async function buildForChildren(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vedetta-sdk-'));
  const entry = join(dirname(fileURLToPath(import.meta.url)), '..', 'index.ts');
  await build({
    entryPoints: [entry],
    outfile: join(folder, 'sdk.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['vedetta-source'],
  });
  return folder;
}

/** Runs a program in a process of its own. `onLine` may send it signals, told by what it prints. */
export function runChild(
  folder: string,
  program: string,
  env: { readonly [name: string]: string },
  onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<ChildEnd> {
  const file = join(folder, `program-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, program);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file], { env: { PATH: process.env.PATH ?? '', ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      for (const line of String(chunk).split('\n')) onLine?.(line, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    // Paths and ids differ from run to run and are not what is compared.
    const clean = (text: string) => text.replaceAll(file, 'program.mjs').replace(/:\d+(:\d+)?\)?$/gm, '');
    child.on('close', (code, signal) => resolve({ code, signal, stdout: clean(stdout), stderr: clean(stderr) }));
  });
}
