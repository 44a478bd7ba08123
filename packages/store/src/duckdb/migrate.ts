import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreOpenError } from '../api/store.js';
import { BACKFILL_KEY, backfillLlmCalls, needsBackfill } from './backfill.js';
import { BEGINNING, inTransaction } from './doomed-traces.js';
import { FIRST_SCHEMA } from './sql/0001-first.js';
import { LLM_CALLS_SCHEMA } from './sql/0002-llm-calls.js';
import { SAMPLES_SCHEMA } from './sql/0003-samples.js';
import { SYSTEM_METRICS_SCHEMA } from './sql/0004-system-metrics.js';
import { SAMPLE_TIERS_SCHEMA } from './sql/0005-sample-tiers.js';
import { BILLED_UNITS_SCHEMA } from './sql/0006-billed-units.js';
import { HTTP_ANSWERS_SCHEMA } from './sql/0007-http-answers.js';

/** What takes a store from one schema version to the next. */
interface Migration {
  readonly sql: string;
  /** Derived rows are missing after it: they are derived anew from the stored spans. */
  readonly backfill?: boolean;
}

/** All migrations in order: the n-th takes a store from schema version n - 1 to n. Never change one that was released. */
const MIGRATIONS: readonly Migration[] = [
  { sql: FIRST_SCHEMA },
  { sql: LLM_CALLS_SCHEMA, backfill: true },
  { sql: SAMPLES_SCHEMA },
  { sql: SYSTEM_METRICS_SCHEMA },
  { sql: SAMPLE_TIERS_SCHEMA },
  { sql: BILLED_UNITS_SCHEMA },
  { sql: HTTP_ANSWERS_SCHEMA },
];

/** The schema this build reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** What {@link migrate} may be given. */
export interface MigrationOptions {
  /** Called before a store with data is changed: deriving rows anew takes a minute a million LLM calls. */
  readonly onUpgrade?: ((fromVersion: number, toVersion: number) => void) | undefined;
  /** Called inside each transaction right before it is committed, and after: for tests that kill the process there. */
  readonly observe?: (moment: 'before-commit' | 'after-commit', what: string) => void;
  /** Model spans whose traces are derived in one transaction. 2,000 by default: some hundred milliseconds, some MiB of bodies. */
  readonly spansAStep?: number;
}

/**
 * Brings a store to {@link SCHEMA_VERSION}: first its tables, version by version, then rows that are derived anew, oldest first.
 * Each step and the note of how far it came are one transaction: killed at any point, the next start goes on from the last
 * whole step. The version is that of the tables, so that an older build refuses the file from the first step on. Throws
 * `newer_schema` when the store was written by a later build.
 */
export async function migrate(connection: DuckDBConnection, options: MigrationOptions = {}): Promise<void> {
  const { observe = () => undefined, spansAStep = 2000 } = options;
  const found = await schemaVersion(connection);
  if (found > SCHEMA_VERSION) {
    throw new StoreOpenError(
      'newer_schema',
      `The store has schema version ${found}, this build of Vedetta knows up to ${SCHEMA_VERSION}. ` +
        'Start the version that wrote it, or a later one; or choose another data directory.',
    );
  }
  if (found > 0 && (found < SCHEMA_VERSION || (await needsBackfill(connection)))) {
    options.onUpgrade?.(found, SCHEMA_VERSION);
  }
  const step = async (what: string, work: () => Promise<void>): Promise<void> => {
    await inTransaction(connection, async () => {
      await work();
      observe('before-commit', what);
    });
    observe('after-commit', what);
  };
  for (let version = found + 1; version <= SCHEMA_VERSION; version++) {
    const { sql, backfill = false } = MIGRATIONS[version - 1]!;
    await step(`schema ${version}`, async () => {
      await connection.run(sql);
      await connection.run("DELETE FROM data.meta WHERE key = 'schema_version'");
      await connection.run(`INSERT INTO data.meta VALUES ('schema_version', '${version}')`);
      if (backfill) {
        await connection.run(`DELETE FROM data.meta WHERE key = '${BACKFILL_KEY}'`);
        await connection.run(`INSERT INTO data.meta VALUES ('${BACKFILL_KEY}', '${BEGINNING}')`);
      }
    });
  }
  await backfillLlmCalls(connection, spansAStep, step);
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
