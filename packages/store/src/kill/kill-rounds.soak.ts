import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runKillRounds } from './kill-rounds.js';
import { buildProgram } from './testing/build-program.js';

test('the store loses and doubles nothing over 200 kills, checkpoint and retention included', {
  timeout: 3_600_000,
}, async () => {
  const { program, folder, remove } = await buildProgram('ingest-program');
  try {
    const report = await runKillRounds({ path: join(folder, 'vedetta.duckdb'), program, kills: 200 });
    process.stdout.write(`${report.acknowledged} acknowledged, slowest open ${Math.round(report.slowestOpenMs)} ms\n`);
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report.faults).toEqual([]);
    expect(report.slowestOpenMs).toBeLessThan(10_000);
  } finally {
    remove();
  }
});
