import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** The root of the repository. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

const ENTRIES = {
  index: 'index.ts',
  fastify: 'integrations/fastify.ts',
  express: 'integrations/express.ts',
  hono: 'integrations/hono.ts',
  'node-http': 'integrations/node-http.ts',
} as const;

const FRAMEWORKS = ['fastify', 'express', 'hono', '@hono', 'openai', '@anthropic-ai', 'ollama', 'ai', '@ai-sdk'];

/**
 * A folder for programs that plain Node runs: `@vedetta/sdk` in it is a bundle of the sources, the frameworks are those of
 * the repository.
 */
export async function buildForChildren(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vedetta-sdk-'));
  const modules = join(folder, 'node_modules');
  const own = join(modules, '@vedetta', 'sdk');
  mkdirSync(own, { recursive: true });
  const sources = join(REPOSITORY, 'packages', 'sdk', 'src');
  await build({
    entryPoints: Object.entries(ENTRIES).map(([out, file]) => ({ in: join(sources, file), out })),
    outdir: own,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['vedetta-source'],
  });
  const exports = Object.fromEntries(
    Object.keys(ENTRIES).map((name) => [name === 'index' ? '.' : `./${name}`, `./${name}.js`]),
  );
  writeFileSync(join(own, 'package.json'), JSON.stringify({ name: '@vedetta/sdk', type: 'module', exports }));
  for (const name of FRAMEWORKS) symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
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
    const child = spawn(process.execPath, [file], { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      for (const line of String(chunk).split('\n')) onLine?.(line, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
