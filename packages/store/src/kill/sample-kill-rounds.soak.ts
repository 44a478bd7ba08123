import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSampleKillRounds } from './sample-kill-rounds.js';
import { buildProgram } from './testing/build-program.js';

test('the store loses and doubles no sample over 200 kills', { timeout: 3_600_000 }, async () => {
  const { program, folder, remove } = await buildProgram('sample-program');
  try {
    const report = await runSampleKillRounds({ path: join(folder, 'vedetta.duckdb'), program, kills: 200 });
    process.stdout.write(`${report.acknowledged} acknowledged, slowest open ${Math.round(report.slowestOpenMs)} ms\n`);
    expect(report.faults).toEqual([]);
    expect(report.thinnedOut).toBe(true);
    expect(report.slowestOpenMs).toBeLessThan(10_000);
  } finally {
    remove();
  }
});
