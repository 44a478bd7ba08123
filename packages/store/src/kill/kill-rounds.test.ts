import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.js';
import { buildProgram } from './testing/build-program.js';

it('loses and doubles nothing acknowledged when it is killed during ingest, checkpoints and retention', async () => {
  const { program, folder, remove } = await buildProgram('ingest-program');
  try {
    const report = await runKillRounds({ path: join(folder, 'vedetta.duckdb'), program, kills: 5 });
    expect(report.faults).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(0);
  } finally {
    remove();
  }
}, 120_000);
