import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSampleKillRounds } from './sample-kill-rounds.js';
import { buildProgram } from './testing/build-program.js';

/** Each kill is followed by reading all that the store holds: ten stores take a tenth of the time of one that grows ten times as large. */
const STORES = 10;
const KILLS = 20;

test('the store loses and doubles no sample over 200 kills', { timeout: 1_800_000 }, async () => {
  const { program, folder, remove } = await buildProgram('sample-program');
  try {
    for (let i = 1; i <= STORES; i += 1) {
      const report = await runSampleKillRounds({ path: join(folder, `${i}`, 'vedetta.duckdb'), program, kills: KILLS });
      const slowest = Math.round(report.slowestOpenMs);
      process.stdout.write(`${i * KILLS} kills, ${report.acknowledged} acknowledged, slowest open ${slowest} ms\n`);
      expect(report.faults).toEqual([]);
      expect(report.thinnedOut).toBe(true);
      expect(report.slowestOpenMs).toBeLessThan(10_000);
    }
  } finally {
    remove();
  }
});
