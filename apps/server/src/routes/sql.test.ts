import { sqlResponseSchema } from '@vedetta/client/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, sendJson, startTestServer } from '../testing/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const spans = Array.from({ length: 20 }, () => ({ attributes: chat('gpt-4o', 2, 1) }));
  await send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpJson(spans),
  });
});
afterAll(closeTestServers);

const ask = (sql: string, more: object = {}) => sendJson(`${server.url}/api/sql`, { sql, ...more });

describe('answers', () => {
  test('rows by column name', async () => {
    const answer = sqlResponseSchema.strict().parse((await ask("select 1 as a, 'x' as b, null as c")).json());
    expect(answer).toMatchObject({ rows: [{ a: 1, b: 'x', c: null }], row_count: 1, truncated: false });
    expect(answer.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('two columns of one name', async () => {
    expect((await ask('select 1 as a, 2 as a')).json().rows).toEqual([{ a: 1, a_2: 2 }]);
  });

  test.each(['time_logs', 'request_phases', 'custom_events'])('questions about the view %s', async (view) => {
    expect((await ask(`select count(*) as n from ${view}`)).status).toBe(200);
  });

  test('with the data that was sent', async () => {
    const sql = "select count(distinct request_id) as n from time_logs where model = 'gpt-4o'";
    expect((await ask(sql)).json().rows).toEqual([{ n: 20 }]);
  });

  test('no more rows than the limit, and says so', async () => {
    expect((await ask('select * from range(50000)')).json()).toMatchObject({ row_count: 10_000, truncated: true });
    expect((await ask('select * from range(10)', { max_rows: 3 })).json()).toMatchObject({
      row_count: 3,
      truncated: true,
    });
    expect((await ask('select * from range(3)', { max_rows: 3 })).json()).toMatchObject({
      row_count: 3,
      truncated: false,
    });
  });

  test('a statement that runs too long with 504', async () => {
    const sql = 'select count(*) from range(1000000) a, range(1000000) b';
    const answer = await ask(sql, { timeout_ms: 100 });
    expect([answer.status, answer.json().title]).toEqual([504, 'Gateway Timeout']);
    expect((await ask('select 1 as a')).status).toBe(200);
  });

  test('a mistake with the reason of the engine', async () => {
    const answer = await ask('select nothing from nowhere');
    expect(answer.status).toBe(400);
    expect(answer.json().detail).toContain('nowhere');
  });
});

test.each([
  "select * from read_csv('/etc/passwd')",
  "select * from read_text('/etc/passwd')",
  "select * from read_blob('/etc/*')",
  "select * from '/etc/passwd'",
  "select * from glob('/*')",
  "select * from read_parquet('https://example.com/x.parquet')",
  "attach '/var/other.db' as other",
  "attach ':memory:' as other",
  "copy (select 1) to '/var/out.csv'",
  "copy time_logs from '/etc/passwd'",
  "export database '/var/export'",
  "import database '/var/export'",
  'install httpfs',
  'load httpfs',
  "load '/var/evil.so'",
  'set enable_external_access = true',
  'set lock_configuration = false',
  'reset all',
  'pragma enable_profiling',
  'pragma database_list; drop table spans',
  'select 1; drop table spans',
  'create table x (a int)',
  'create temp table x as select 1',
  'create macro f() as 1',
  'insert into spans default values',
  'delete from requests',
  "update requests set model = 'x'",
  'drop view time_logs',
  'vacuum',
  'checkpoint',
  'force checkpoint',
  'begin transaction',
  'call pragma_version()',
  'prepare p as delete from requests',
  'explain analyze delete from requests',
  'with x as (select 1) insert into spans select * from x',
  "select getenv('HOME')",
  "create secret s (type s3, key_id 'a', secret 'b')",
  'detach database if exists memory',
  'use memory',
  "comment on view time_logs is 'x'",
])('blocks %s', async (sql) => {
  const answer = await ask(sql);
  expect([sql, answer.status >= 400 && answer.status < 500]).toEqual([sql, true]);
  expect((await ask('select count(distinct request_id) as n from time_logs')).json().rows).toEqual([{ n: 20 }]);
});
