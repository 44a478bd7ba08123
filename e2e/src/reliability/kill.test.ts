import { expect, test } from 'vitest';
import { runKillRounds } from './kill-rounds.js';

test('kill -9 during ingest loses no acknowledged request and doubles none', { timeout: 120_000 }, async () => {
  const report = await runKillRounds(4);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report).toMatchObject({ lost: [], doubled: [], torn: [] });
});
