import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { FIRST_SCHEMA } from '../sql/0001-first.js';

/** Tables of the first schema. */
const TABLES = ['origins', 'spans', 'running_spans', 'requests', 'phases', 'custom_events', 'scores'] as const;

/**
 * Makes the store that a build of the first schema would have made of the same spans: tables by its SQL, rows from a closed store
 * of this build, of which it takes the columns that the first schema has.
 */
export async function makeFirstSchemaStore(path: string, from: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const attach = (file: string, name: string, mode: string) =>
    connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS ${name} (${mode})`);
  await attach(from, 'source', 'READ_ONLY');
  await attach(path, 'first', "STORAGE_VERSION 'latest', ROW_GROUP_SIZE 30720");
  await connection.run('USE first');
  await connection.run(FIRST_SCHEMA);
  await connection.run("INSERT INTO data.meta VALUES ('schema_version', '1')");
  for (const table of TABLES) {
    await connection.run(
      `INSERT INTO data.${table} BY NAME SELECT ${await columnsOf(table)} FROM source.data.${table}`,
    );
  }
  await connection.run('USE memory');
  await connection.run('DETACH first');
  connection.closeSync();
  instance.closeSync();

  async function columnsOf(table: string): Promise<string> {
    const reader = await connection.runAndReadAll(
      `SELECT string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns()
      WHERE database_name = 'first' AND schema_name = 'data' AND table_name = ?`,
      [table],
    );
    return String(reader.getRows()[0]?.[0]);
  }
}
