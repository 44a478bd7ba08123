import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { DuckDBDataChunk } from '@duckdb/node-api';
import type { Vector } from '@duckdb/node-bindings';
import duckdb from '@duckdb/node-bindings';
import { CATALOG } from '../engine.js';
import type { Column } from './columns.js';
import { CHUNK_ROWS } from './columns.js';

/** Columns of a table by name, in the order of the table. */
export type Columns = { readonly [name: string]: Column<never> };

/**
 * Appends rows to one table through one reused chunk. Rows are in the table's transaction after {@link flush}.
 * After a throw the appender is unusable: open a new one.
 */
export class TableAppender<C extends Columns> {
  readonly columns: C;
  readonly #list: readonly Column<never>[];
  readonly #appender: DuckDBAppender;
  readonly #chunk: DuckDBDataChunk;
  readonly #vectors: readonly Vector[];
  #rows = 0;
  #unflushed = false;

  private constructor(columns: C, appender: DuckDBAppender) {
    this.columns = columns;
    this.#list = Object.values(columns);
    this.#appender = appender;
    this.#chunk = DuckDBDataChunk.create(this.#list.map((column) => column.type));
    this.#vectors = this.#list.map((_, index) => duckdb.data_chunk_get_vector(this.#chunk.chunk, index));
  }

  /** Throws when the columns do not match the table's: a build between two releases made the store. */
  static async open<C extends Columns>(
    connection: DuckDBConnection,
    table: string,
    columns: C,
  ): Promise<TableAppender<C>> {
    const appender = await connection.createAppender(table, 'data', CATALOG);
    const types = Object.values(columns).map((column) => column.type);
    const matches =
      appender.columnCount === types.length &&
      types.every((type, index) => appender.columnType(index).toString() === type.toString());
    if (!matches) {
      throw new Error(
        `The columns of table data.${table} are not those this build writes: another build made the store. Start that build, or choose another data directory.`,
      );
    }
    return new TableAppender(columns, appender);
  }

  /** Row to fill; call {@link endRow} when every column has its value. */
  get row(): number {
    return this.#rows;
  }

  endRow(): void {
    this.#rows++;
    if (this.#rows === CHUNK_ROWS) this.#appendChunk();
  }

  /** Answers whether there was anything to flush. */
  flush(): boolean {
    if (this.#rows > 0) this.#appendChunk();
    if (!this.#unflushed) return false;
    this.#appender.flushSync();
    this.#unflushed = false;
    return true;
  }

  close(): void {
    this.#appender.closeSync();
  }

  #appendChunk(): void {
    for (let i = 0; i < this.#list.length; i++) this.#list[i]!.copyTo(this.#vectors[i]!, this.#rows);
    duckdb.data_chunk_set_size(this.#chunk.chunk, this.#rows);
    this.#appender.appendDataChunk(this.#chunk);
    // Frees the strings of the chunk too: without it each chunk's text stays in memory.
    duckdb.data_chunk_reset(this.#chunk.chunk);
    this.#rows = 0;
    this.#unflushed = true;
  }
}
