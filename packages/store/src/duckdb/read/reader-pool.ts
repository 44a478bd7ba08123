import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Engine } from '../engine.js';

/** A value that is bound to a parameter. Bigints are bound as decimal text: the engine would take them for 128 bits wide and prune nothing. */
export type SqlParameter = string | number | boolean | bigint | null;

/** A row as the engine answers it. */
export type SqlRow = readonly DuckDBValue[];

/**
 * Connections that only read. Few, since each running query holds a thread of Node's pool, which the writer and
 * decompression need too; questions beyond that wait in line.
 */
export class ReaderPool {
  readonly #engine: Engine;
  readonly #size: number;
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  #open = 0;
  #closed = false;

  constructor(engine: Engine, size: number) {
    this.#engine = engine;
    this.#size = size;
  }

  async rows(sql: string, parameters: readonly SqlParameter[] = []): Promise<readonly SqlRow[]> {
    const values = parameters.map((value) => (typeof value === 'bigint' ? value.toString() : value));
    const reader = await this.use((connection) => connection.runAndReadAll(sql, values));
    return reader.getRows();
  }

  /** Lends a connection for as long as the task runs. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#take();
    try {
      return await task(connection);
    } finally {
      this.#giveBack(connection);
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }

  async #take(): Promise<DuckDBConnection> {
    if (this.#closed) throw new Error('The store is closed.');
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#open < this.#size) {
      this.#open++;
      try {
        return await this.#engine.connect();
      } catch (error) {
        this.#open--;
        throw error;
      }
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(connection);
    else if (this.#closed) connection.closeSync();
    else this.#idle.push(connection);
  }
}
