import { execFile } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Span } from '@vedetta/model';
import { afterAll, expect, it } from 'vitest';
import type { Store } from '../api/store.js';
import { makeCall, makePhase, makeRequest, makeSpan } from '../contract/span-maker.js';
import { SCHEMA_VERSION } from '../duckdb/migrate.js';
import { openDuckDbStore } from '../duckdb/open-store.js';
import { makeFirstSchemaStore } from '../duckdb/testing/first-schema-store.js';
import { type BuiltProgram, buildProgram } from './testing/build-program.js';

const run = promisify(execFile);
const SPANS_A_STEP = 25;
let built: BuiltProgram | undefined;
afterAll(() => built?.remove());

/** Sixty traces of every kind that makes calls, or none; and events that stand alone and claim to be calls, more than a step of them. */
function spans(): Span[] {
  const events = Array.from({ length: 2 * SPANS_A_STEP }, (_, i) =>
    makeCall({ trace: 1000 + i, span: 1, atMs: 10_000 + i, facts: { vedettaKind: 'event' } }, 1, 1),
  );
  return [...Array.from({ length: 60 }, (_, i) => traceSpans(i + 1)).flat(), ...events];
}

function traceSpans(trace: number): Span[] {
  // Half a character and a NUL: no text for the engine, which stores others in their place.
  const id = trace % 12 === 0 ? `r${trace}\ud800 \0"` : `r${trace}`;
  const atMs = trace * 10;
  switch (trace % 6) {
    case 0: // A framework's span around the client's: one call.
      return [
        makeRequest(id, { trace, span: 1, atMs }),
        makeCall({ trace, span: 2, parent: 1, atMs: atMs + 1 }, 100, 10),
        makeCall({ trace, span: 3, parent: 2, atMs: atMs + 2, genAi: { suppliedCostUsd: 0.25 } }, 100, 10),
      ];
    case 1: // Estimated tokens; a call above the request.
      return [
        makeCall({ trace, span: 9, atMs }, 1, 1),
        makeRequest(id, { trace, span: 1, parent: 9, atMs: atMs + 1 }),
        makeCall(
          { trace, span: 2, parent: 1, atMs: atMs + 2, genAi: { usage: { inputTokens: 7, source: 'estimated' } } },
          0,
          0,
        ),
        makeSpan({
          trace,
          span: 3,
          parent: 1,
          atMs: atMs + 3,
          genAi: {
            operation: 'rerank',
            usage: { source: 'reported', units: { searchUnits: 2, source: 'reported' } },
          },
        }),
      ];
    case 2: // Only an agent states usage.
      return [
        makeSpan({
          trace,
          span: 1,
          atMs,
          genAi: { operation: 'invoke_agent', aggregate: true, usage: { inputTokens: 5, source: 'reported' } },
        }),
      ];
    case 3: // No model at all.
      return [makeRequest(id, { trace, span: 1, atMs }), makePhase(id, { trace, span: 2, parent: 1, atMs })];
    case 4: // Two requests far apart, each with a call; one failed.
      return [
        makeRequest(id, { trace, span: 1, atMs }),
        makeCall({ trace, span: 2, parent: 1, atMs, status: 2, facts: { errorType: 'RateLimit' } }, 3, 0),
        makeRequest(`${id}-later`, { trace, span: 3, parent: 1, atMs: atMs + 400 }),
        makeCall({ trace, span: 4, parent: 3, atMs: atMs + 401, genAi: { stream: true, timeToFirstTokenMs: 2 } }, 4, 9),
      ];
    default: // Still running, with a call that ended.
      return [
        makeRequest(id, { trace, span: 1, atMs, running: true }),
        makeCall({ trace, span: 2, parent: 1, atMs: atMs + 1 }, 8, 8),
      ];
  }
}

async function contents(store: Store): Promise<unknown> {
  const read = async (sql: string) => {
    const outcome = await store.sql.query(sql, { maxRows: 10_000, timeoutMs: 10_000 });
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    return outcome.rows;
  };
  return {
    calls: await read('SELECT * FROM llm_calls ORDER BY trace_id, span_id'),
    requests: await read('SELECT * FROM requests ORDER BY trace_id, request_id'),
    models: await store.llmCalls.modelStats({
      range: { fromUnixMs: Number.NEGATIVE_INFINITY, toUnixMs: Number.POSITIVE_INFINITY },
      filter: { kind: 'all' },
    }),
  };
}

it('brings a store of the first schema to what this build makes of the same spans, killed at every step on the way', async () => {
  built = await buildProgram('migrate-program');
  const { folder, program } = built;
  const reference = join(folder, 'reference.duckdb');
  let store = await openDuckDbStore({ path: reference, groupCommitMs: 1 });
  await store.writer.write(spans());
  const expected = await contents(store);
  await store.close();
  const first = join(folder, 'first.duckdb');
  await makeFirstSchemaStore(first, reference);
  const path = join(folder, 'migrated.duckdb');

  let moments = 0;
  for (let done = false; !done; ) {
    moments += 1;
    rmSync(`${path}.wal`, { force: true });
    copyFileSync(first, path);
    const outcome = await run(process.execPath, [program, path, String(moments), String(SPANS_A_STEP)]).catch(
      (error: { readonly signal?: string }) => error,
    );
    done = 'stdout' in outcome && outcome.stdout === 'done\n';
    if (!done) expect(outcome).toMatchObject({ signal: 'SIGKILL' });
    store = await openDuckDbStore({ path });
    expect(await contents(store)).toEqual(expected);
    await store.close();
  }
  // The tables, and at least four steps of rows, each killed before and after its commit.
  expect(moments).toBeGreaterThan(10);

  // One file, killed at the first commit of every start.
  rmSync(`${path}.wal`, { force: true });
  copyFileSync(first, path);
  for (let kills = 0; ; kills++) {
    const outcome = await run(process.execPath, [program, path, '2', String(SPANS_A_STEP)]).catch(
      (error: { readonly signal?: string }) => error,
    );
    if ('stdout' in outcome && outcome.stdout === 'done\n') break;
    expect(kills).toBeLessThan(moments);
  }
  const upgrades: number[][] = [];
  const onUpgrade = (...versions: number[]) => upgrades.push(versions);
  store = await openDuckDbStore({ path, onUpgrade });
  expect(await contents(store)).toEqual(expected);
  await store.close();
  copyFileSync(first, path);
  await (await openDuckDbStore({ path, onUpgrade })).close();
  expect(upgrades).toEqual([[1, SCHEMA_VERSION]]);
}, 180_000);

it('notes the new version with the first step, so that an older build refuses the file', async () => {
  built ??= await buildProgram('migrate-program');
  const { folder, program } = built;
  const reference = join(folder, 'before.duckdb');
  const store = await openDuckDbStore({ path: reference, groupCommitMs: 1 });
  await store.writer.write(traceSpans(6));
  await store.close();
  const path = join(folder, 'half-way.duckdb');
  await makeFirstSchemaStore(path, reference);
  await run(process.execPath, [program, path, '2', '1']).catch(() => undefined);
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll("SELECT value FROM data.meta WHERE key = 'schema_version'");
  connection.closeSync();
  instance.closeSync();
  // An older build compares it with its own and refuses the file: see open-store.test.ts.
  expect(rows.getRows()).toEqual([['2']]);
});
