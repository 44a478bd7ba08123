import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const PROGRAMS = join(import.meta.dirname, '..');

/** A program of the folder above, built to run as a process of its own, in a folder that it may fill. */
export interface BuiltProgram {
  /** The built file. */
  readonly program: string;
  readonly folder: string;
  /** Removes the folder with all that is in it. */
  remove(): void;
}

/** Builds `name.ts` of the folder above for a test that runs it as a child process. */
export async function buildProgram(name: string): Promise<BuiltProgram> {
  // Beside the sources, not in the system's folder: the built program must find the engine's package.
  const folder = mkdtempSync(join(PROGRAMS, '.run-'));
  const program = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(PROGRAMS, `${name}.ts`)],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['vedetta-source'],
    external: ['@duckdb/*', 'vitest'],
  });
  return { program, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
