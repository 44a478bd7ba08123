import { expect, test } from 'vitest';
import { runKillRounds } from './kill-rounds.js';

test('kill -9 during ingest, 50 times', { timeout: 900_000 }, async () => {
  const report = await runKillRounds(50, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(
    `${report.acknowledged} acknowledged, ${report.unanswered} bodies sent again, slowest start ${Math.round(report.slowestStartMs)} ms\n`,
  );
  expect(report).toMatchObject({ lost: [], doubled: [], torn: [] });
});
