import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../api/store.js';
import { makeRequest } from '../contract/span-maker.js';
import { openDuckDbStore } from './open-store.js';

const LIMITS = { maxRows: 100, timeoutMs: 20_000 };
const SECRET = 'top-secret-content';
const folder = mkdtempSync(join(tmpdir(), 'vedetta-sql-'));
const file = join(folder, 'secret.csv');
const out = join(folder, 'out');
let store: Store;

beforeAll(async () => {
  writeFileSync(file, `a,b\n${SECRET},1\n`);
  store = await openDuckDbStore({ path: join(folder, 'store', 'vedetta.duckdb'), groupCommitMs: 1 });
  await store.writer.write([makeRequest('kept', { trace: 1, span: 1 })]);
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const HOSTILE: readonly string[] = [
  // Files
  `SELECT * FROM '${file}'`,
  `FROM '${file}'`,
  `SELECT * FROM "${file}"`,
  `SELECT * FROM read_csv('${file}')`,
  `SELECT * FROM read_csv_auto('${file}')`,
  `SELECT * FROM read_text('${file}')`,
  `SELECT * FROM read_blob('${file}')`,
  `SELECT * FROM read_json('${file}')`,
  `SELECT * FROM read_ndjson_objects('${file}')`,
  `SELECT * FROM read_parquet('${file}')`,
  `SELECT * FROM parquet_metadata('${file}')`,
  `SELECT * FROM read_duckdb('${file}')`,
  `SELECT * FROM sniff_csv('${file}')`,
  `SELECT * FROM glob('${folder}/*')`,
  `SELECT (SELECT content FROM read_text('${file}'))`,
  `DESCRIBE SELECT * FROM read_csv('${file}')`,
  `SUMMARIZE SELECT * FROM '${file}'`,
  `EXPLAIN SELECT * FROM read_csv('${file}')`,
  `WITH x AS (FROM read_text('${file}')) SELECT * FROM x`,
  `SELECT * FROM requests WHERE request_id IN (SELECT content FROM read_text('${file}'))`,
  `SELECT * FROM query('SELECT * FROM read_text(''${file}'')')`,
  `SELECT * FROM query_table('${file}')`,
  `SELECT * FROM json_execute_serialized_sql('{}')`,
  `COPY requests TO '${out}'`,
  `COPY (SELECT 1) TO '${out}'`,
  `EXPORT DATABASE '${out}'`,
  `IMPORT DATABASE '${folder}'`,
  `ATTACH '${out}' AS other`,
  "ATTACH ':memory:' AS other",
  `ATTACH IF NOT EXISTS '${join(folder, 'store', 'vedetta.duckdb')}' AS again`,
  'DETACH vedetta',
  'USE data',
  // Extensions, settings, state of the engine
  'INSTALL httpfs',
  "LOAD 'httpfs'",
  'SET threads = 8',
  'SET GLOBAL enable_external_access = true',
  'RESET lock_configuration',
  'PRAGMA enable_profiling',
  'PRAGMA database_list',
  'CALL pragma_version()',
  'CHECKPOINT',
  'FORCE CHECKPOINT',
  'VACUUM',
  'ANALYZE',
  'SELECT * FROM checkpoint()',
  'SELECT * FROM force_checkpoint()',
  'SELECT * FROM enable_logging()',
  'SELECT * FROM enable_profiling()',
  'SELECT * FROM truncate_duckdb_logs()',
  'SELECT * FROM duckdb_secrets()',
  'SELECT * FROM duckdb_settings()',
  'SELECT * FROM duckdb_logs()',
  'SELECT * FROM duckdb_databases()',
  'SELECT * FROM duckdb_extensions()',
  "SELECT * FROM pragma_storage_info('data.spans')",
  'SELECT * FROM pragma_database_size()',
  "SELECT getenv('HOME')",
  "SELECT current_setting('temp_directory')",
  "SELECT getvariable('x')",
  "SELECT write_log('x')",
  'SELECT sleep_ms(100000)',
  'SELECT pg_sleep(100)',
  'SELECT * FROM arrow_scan(1, 2, 3)',
  "SELECT * FROM seq_scan('spans')",
  // Writing, in every disguise
  'DELETE FROM data.requests',
  'EXPLAIN ANALYZE DELETE FROM data.requests',
  'EXPLAIN DELETE FROM data.requests',
  'EXPLAIN (ANALYZE) DELETE FROM data.requests',
  '/* x */ -- y\n EXPLAIN ANALYZE SELECT 1',
  'TRUNCATE data.requests',
  'DROP SCHEMA data CASCADE',
  'ALTER TABLE data.requests ADD COLUMN x INTEGER',
  'CREATE TEMP TABLE t AS SELECT 1',
  "CREATE MACRO requests() AS TABLE SELECT 'fake'",
  'CREATE SECRET s (TYPE s3)',
  'MERGE INTO data.requests USING data.requests ON true WHEN MATCHED THEN DELETE',
  'WITH x AS (DELETE FROM data.requests RETURNING *) SELECT * FROM x',
  'BEGIN',
  'COMMIT',
  'ROLLBACK; DELETE FROM data.requests',
  'SELECT 1; COMMIT; DELETE FROM data.requests',
  'PREPARE p AS DELETE FROM data.requests',
  'EXECUTE p',
  // What is not public
  'SELECT * FROM data.requests',
  'SELECT * FROM "DATA"."spans"',
  'SELECT * FROM vedetta.data.spans',
  'SELECT * FROM system.main.duckdb_settings',
  'SELECT * FROM sqlite_master',
  'SELECT ?',
  // Shapes that break parsers
  `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)}`,
  `SELECT ${'['.repeat(3000)}${']'.repeat(3000)}`,
  `SELECT ${'NOT '.repeat(20_000)}true`,
  `SELECT ${'-'.repeat(3)}\0 1`,
  `SELECT '${'x'.repeat(200_000)}'`,
];

const ALLOWED: readonly string[] = [
  `SELECT 1 ${'UNION ALL SELECT 1 '.repeat(3000)}`,
  'SELECT 1',
  'FROM requests',
  'TABLE requests',
  'VALUES (1, 2)',
  'DESCRIBE time_logs',
  'SHOW TABLES',
  'SUMMARIZE requests',
  'EXPLAIN SELECT * FROM requests',
  "SELECT ';', '--', 'it''s' -- done;",
  'WITH recent AS (FROM requests) SELECT count(*) FROM recent;',
  'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT max(n) FROM t',
  'SELECT model, quantile_cont(duration_ms, 0.95) OVER (PARTITION BY model) FROM requests',
  'SELECT * FROM main.spans s JOIN requests r USING (trace_id)',
  "SELECT attributes ->> '$.k', json_extract(attributes, '$.k') FROM spans",
  'SELECT * FROM range(3), unnest([1, 2])',
  'SELECT list_transform([1], lambda x: x + 1)',
  "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'",
  "SELECT date_trunc('hour', timestamp) AS hour, avg(duration_ms) FROM time_logs GROUP BY ALL ORDER BY ALL",
];

describe('SQL of users', () => {
  it.each(HOSTILE.map((sql) => [sql.slice(0, 90), sql]))('refuses %s', async (_, sql) => {
    const outcome = await store.sql.query(sql, LIMITS);
    expect(outcome.kind).toBe('failed');
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
    expect(existsSync(out)).toBe(false);
    expect(await store.requests.hasAny()).toBe(true);
  });

  it.each(ALLOWED.map((sql) => [sql.slice(0, 90), sql]))('answers %s', async (_, sql) => {
    expect(await store.sql.query(sql, LIMITS)).toMatchObject({ kind: 'rows' });
  });

  it('leaves no transaction behind that would hold old rows', async () => {
    await store.sql.query('DELETE FROM data.requests', LIMITS);
    await store.sql.query('SELECT 1', LIMITS);
    await store.writer.write([makeRequest('later', { trace: 2, span: 1 })]);
    const outcome = await store.sql.query("SELECT request_id FROM requests WHERE request_id = 'later'", LIMITS);
    expect(outcome).toMatchObject({ kind: 'rows', rows: [['later']] });
  });

  it('refuses an answer that is too large to hold', async () => {
    const outcome = await store.sql.query("SELECT repeat('x', 1000000) FROM range(100)", LIMITS);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'too_large' });
  });
});
