import { expect, test } from 'vitest';
import { runDamageRounds } from './damage-rounds.js';
import { buildProgram } from './testing/build-program.js';
import { randomNumbers } from './testing/random-numbers.js';

test('a store with any of 500 bytes changed or ends cut is refused, or shows only what was acknowledged', {
  timeout: 3_600_000,
}, async () => {
  const { program, folder, remove } = await buildProgram('damage-program');
  try {
    const report = await runDamageRounds({ program, folder, rounds: 500, random: randomNumbers(1), parallel: 2 });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report.faults).toEqual([]);
    expect(report.refused).toBeGreaterThan(100);
  } finally {
    remove();
  }
});
