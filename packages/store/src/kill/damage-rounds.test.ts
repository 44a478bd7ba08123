import { expect, it } from 'vitest';
import { runDamageRounds } from './damage-rounds.js';
import { buildProgram } from './testing/build-program.js';
import { randomNumbers } from './testing/random-numbers.js';

it('refuses a damaged store, or shows only what was acknowledged', async () => {
  const { program, folder, remove } = await buildProgram('damage-program');
  try {
    const report = await runDamageRounds({ program, folder, rounds: 40, random: randomNumbers(2), parallel: 2 });
    expect(report.faults).toEqual([]);
    expect(report.refused).toBeGreaterThan(10);
  } finally {
    remove();
  }
}, 240_000);
