import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { SqlLimits, SqlOutcome, SqlReader } from '../api/sql-reader.js';
import type { Engine } from './engine.js';
import { messageOf } from './engine-errors.js';
import { checkStatement } from './sql-guard.js';
import { jsonValue } from './sql-json.js';
import { Turnstile } from './turnstile.js';

/** Bytes of an answer as JSON at most: larger ones belong in an export. */
const MAX_RESULT_BYTES = 32 * 1024 * 1024;
/** Characters of a statement at most. */
const MAX_SQL_LENGTH = 100_000;

/**
 * Runs users' statements one at a time on a connection of their own, in a read-only transaction that is always rolled
 * back: a long one keeps no other reader, nor the writer, from its turn.
 */
export class DuckDbSqlReader implements SqlReader {
  readonly #engine: Engine;
  readonly #turnstile = new Turnstile();
  #connection: DuckDBConnection | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  query(sql: string, limits: SqlLimits): Promise<SqlOutcome> {
    return this.#turnstile.run(() => this.#query(sql, limits));
  }

  close(): Promise<void> {
    return this.#turnstile.run(async () => {
      this.#connection?.closeSync();
      this.#connection = undefined;
    });
  }

  async #query(sql: string, { maxRows, timeoutMs }: SqlLimits): Promise<SqlOutcome> {
    if (sql.length > MAX_SQL_LENGTH) {
      return {
        kind: 'failed',
        code: 'too_large',
        message: `The statement is longer than ${MAX_SQL_LENGTH} characters.`,
      };
    }
    this.#connection ??= await this.#engine.connect();
    const connection = this.#connection;
    const startMs = performance.now();
    let late = false;
    // The interrupt only reaches a query that runs at that moment, hence again and again until it is heard.
    const timer = setTimeout(() => {
      late = true;
      connection.interrupt();
      timer.refresh();
    }, timeoutMs);
    try {
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const checked = await checkStatement(connection, sql);
      if (checked.kind === 'failed') return checked;
      return await readRows(checked.statement, maxRows, startMs, () => late);
    } catch (error) {
      if (late) {
        return {
          kind: 'failed',
          code: 'timeout',
          message: `The statement ran longer than ${timeoutMs} ms and was stopped.`,
        };
      }
      return { kind: 'failed', code: 'invalid', message: messageOf(error) };
    } finally {
      clearTimeout(timer);
      await connection.run('ROLLBACK').catch(() => undefined);
    }
  }
}

async function readRows(
  statement: DuckDBPreparedStatement,
  maxRows: number,
  startMs: number,
  isLate: () => boolean,
): Promise<SqlOutcome> {
  const result = await statement.stream();
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, index) => ({ name, type: types[index]!.toString() }));
  const rows: unknown[][] = [];
  let bytes = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    if (isLate()) throw new Error('interrupted');
    for (const row of chunk.getRows()) {
      if (rows.length === maxRows)
        return { kind: 'rows', columns, rows, truncated: true, elapsedMs: performance.now() - startMs };
      const values = row.map((value, index) => jsonValue(value, types[index]!));
      for (const value of values)
        bytes +=
          typeof value === 'string' ? value.length + 3 : typeof value === 'object' ? JSON.stringify(value).length : 8;
      if (bytes > MAX_RESULT_BYTES) {
        return {
          kind: 'failed',
          code: 'too_large',
          message: `The answer is larger than ${MAX_RESULT_BYTES / 1024 / 1024} MiB. Select fewer columns or rows.`,
        };
      }
      rows.push(values);
    }
  }
  return { kind: 'rows', columns, rows, truncated: false, elapsedMs: performance.now() - startMs };
}
