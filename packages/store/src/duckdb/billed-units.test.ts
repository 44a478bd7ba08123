import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, it } from 'vitest';
import { EVERYTHING } from '../contract/everything.js';
import { makeCall, makeSpan } from '../contract/span-maker.js';
import { openDuckDbStore } from './open-store.js';
import { LLM_CALLS_SCHEMA } from './sql/0002-llm-calls.js';

const folder = mkdtempSync(join(tmpdir(), 'vedetta-units-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes of a store what the fifth schema had: calls without units. */
async function takeUnitsAway(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const view = /CREATE VIEW main\.llm_calls AS[^;]*;/.exec(LLM_CALLS_SCHEMA)?.[0] ?? '';
  for (const sql of [
    'DROP VIEW main.llm_calls',
    'ALTER TABLE data.llm_calls DROP COLUMN units',
    view,
    'DROP TABLE data.http_answers',
    "UPDATE data.meta SET value = '5' WHERE key = 'schema_version'",
  ]) {
    await connection.run(sql);
  }
  connection.closeSync();
  instance.closeSync();
}

it('a store of before keeps its calls, which state no units, and takes those that do', async () => {
  const path = join(folder, 'vedetta.duckdb');
  const call = makeCall({ trace: 1, span: 1 }, 3, 4);
  let store = await openDuckDbStore({ path, groupCommitMs: 1 });
  await store.writer.write([call]);
  await store.close();
  await takeUnitsAway(path);

  const upgrades: number[] = [];
  store = await openDuckDbStore({ path, groupCommitMs: 1, onUpgrade: (from) => upgrades.push(from) });
  const units = { inputSeconds: 12.5, source: 'reported' } as const;
  await store.writer.write([
    makeSpan({
      trace: 2,
      span: 1,
      atMs: 1,
      genAi: { operation: 'generate_content', usage: { source: 'reported', units } },
    }),
  ]);
  const { calls } = await store.llmCalls.list({ range: EVERYTHING.range, limit: 10, cursor: undefined });
  expect(calls.map(({ usage }) => usage)).toEqual([
    { source: 'reported', units },
    { inputTokens: 3, outputTokens: 4, source: 'reported' },
  ]);
  const shown = await store.sql.query('SELECT billed_units FROM llm_calls ORDER BY start_time', {
    maxRows: 9,
    timeoutMs: 9000,
  });
  expect(shown.kind === 'rows' && shown.rows.map(([value]) => value === null)).toEqual([true, false]);
  expect(upgrades).toEqual([5]);
  await store.close();
});
