import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runSampleKillRounds } from './sample-kill-rounds.js';
import { buildProgram } from './testing/build-program.js';

it('loses and doubles no acknowledged sample when it is killed while the log is begun anew and samples are thinned out', async () => {
  const { program, folder, remove } = await buildProgram('sample-program');
  try {
    const report = await runSampleKillRounds({ path: join(folder, 'vedetta.duckdb'), program, kills: 4 });
    expect(report.faults).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report.thinnedOut).toBe(true);
  } finally {
    remove();
  }
}, 120_000);
