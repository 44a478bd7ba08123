import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.js';

// Beside the sources, not in the system's folder: the built program must find the engine's package.
const folder = mkdtempSync(join(import.meta.dirname, '.kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('loses and doubles nothing acknowledged when it is killed during ingest, checkpoints and retention', async () => {
  const program = join(folder, 'ingest-program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'ingest-program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['vedetta-source'],
    external: ['@duckdb/*', 'vitest'],
  });
  const report = await runKillRounds({ path: join(folder, 'vedetta.duckdb'), program, kills: 5 });
  expect(report.faults).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.slowestOpenMs).toBeLessThan(10_000);
}, 120_000);
