import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { StoreOpenError } from '../api/store.js';

/** Files open in this process: the engine's lock keeps out other processes only, and a second instance would corrupt the file. */
const OPEN_FILES = new Set<string>();

/** Name under which the file is attached. */
export const CATALOG = 'vedetta';

/**
 * Rows of a row group, a quarter of the engine's default: each checkpoint rewrites the last row group of a table, so that
 * this decides how long commits wait for it. Time ranges are pruned by row group too.
 */
const ROW_GROUP_ROWS = 30_720;

export interface EngineOptions {
  readonly path: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly checkpointThresholdMb: number;
}

/**
 * The engine with the store's file attached. The file is attached to an instance in memory, not opened as the main
 * database, since only so its row groups can be sized.
 */
export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #file: string;

  private constructor(instance: DuckDBInstance, file: string) {
    this.#instance = instance;
    this.#file = file;
  }

  /** Throws what the engine says; see `toOpenError`. */
  static async open(options: EngineOptions): Promise<Engine> {
    const file = resolve(options.path);
    if (OPEN_FILES.has(file)) {
      throw new StoreOpenError('locked', `This process has the store ${file} open already. Close it first.`);
    }
    OPEN_FILES.add(file);
    try {
      await assertWritable(file);
      return new Engine(await attach(file, options), file);
    } catch (error) {
      OPEN_FILES.delete(file);
      throw error;
    }
  }

  /** A connection whose names mean the store's. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(`USE ${CATALOG}`);
    return connection;
  }

  /** From here on no statement, ours or a user's, reaches a file, the network or a setting. */
  async lock(connection: DuckDBConnection): Promise<void> {
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    // A page is found by its sort columns alone, then its wide rows are read. The default, 50, is one short of a page.
    await connection.run('SET GLOBAL late_materialization_max_rows = 1001');
    await connection.run('SET GLOBAL enable_external_access = false');
    await connection.run('SET GLOBAL lock_configuration = true');
  }

  /**
   * After all connections are closed. Folds the log into the file and lets go of it. The file is detached first: a result
   * that the garbage collector has not reached yet would keep the instance, and with it the file's lock.
   */
  async close(): Promise<void> {
    try {
      const connection = await this.#instance.connect();
      await connection.run(`DETACH ${CATALOG}`);
      connection.closeSync();
    } finally {
      this.#instance.closeSync();
      OPEN_FILES.delete(this.#file);
    }
  }
}

async function attach(file: string, options: EngineOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryLimitMb}MB`,
    threads: String(options.threads),
    checkpoint_threshold: `${options.checkpointThresholdMb}MB`,
    temp_directory: `${file}.tmp`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    const literal = `'${file.replaceAll("'", "''")}'`;
    await connection.run(
      `ATTACH ${literal} AS ${CATALOG} (STORAGE_VERSION 'latest', ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
    connection.closeSync();
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

async function assertWritable(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    for (const file of [path, `${path}.wal`]) {
      if ((await stat(file).catch(() => undefined)) !== undefined) await access(file, constants.W_OK);
    }
  } catch (cause) {
    throw new StoreOpenError(
      'not_writable',
      `The store cannot be written: ${String(cause)}. Check the owner of ${folder}.`,
      { cause },
    );
  }
  // Left by a crash; the engine makes it anew.
  await rm(`${path}.tmp`, { recursive: true, force: true });
}
