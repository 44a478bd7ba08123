import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreOpenError } from '../api/store.js';
import { FIRST_SCHEMA } from './sql/0001-first.js';

/** All migrations in order: the n-th takes a store from schema version n - 1 to n. Never change one that was released. */
const MIGRATIONS: readonly string[] = [FIRST_SCHEMA];

/** The schema this build reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings a store to {@link SCHEMA_VERSION}. Each step and its version number are one transaction: killed at any point, the
 * next start goes on from the last whole step. Throws `newer_schema` when the store was written by a later build.
 */
export async function migrate(connection: DuckDBConnection): Promise<void> {
  const found = await schemaVersion(connection);
  if (found > SCHEMA_VERSION) {
    throw new StoreOpenError(
      'newer_schema',
      `The store has schema version ${found}, this build of Vedetta knows up to ${SCHEMA_VERSION}. ` +
        'Start the version that wrote it, or a later one; or choose another data directory.',
    );
  }
  for (let version = found + 1; version <= SCHEMA_VERSION; version++) {
    await connection.run('BEGIN');
    try {
      await connection.run(MIGRATIONS[version - 1]!);
      await connection.run("DELETE FROM data.meta WHERE key = 'schema_version'");
      await connection.run(`INSERT INTO data.meta VALUES ('schema_version', '${version}')`);
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

/** 0 for a new file. */
async function schemaVersion(connection: DuckDBConnection): Promise<number> {
  const table = await connection.runAndReadAll(
    "SELECT count(*)::INTEGER FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'data' AND table_name = 'meta'",
  );
  if (table.getRows()[0]?.[0] === 0) return 0;
  const version = await connection.runAndReadAll("SELECT value FROM data.meta WHERE key = 'schema_version'");
  return Number(version.getRows()[0]?.[0] ?? 0);
}
