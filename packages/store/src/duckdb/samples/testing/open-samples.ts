import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { HeadSampleStoreOptions } from '../../../samples/head-sample-store.js';
import { HeadSampleStore } from '../../../samples/head-sample-store.js';
import type { ReplayReport } from '../../../samples/sample-log.js';
import { Engine } from '../../engine.js';
import { ReaderPool } from '../../read/reader-pool.js';
import { SAMPLES_SCHEMA } from '../../sql/0003-samples.js';
import { SAMPLE_TIERS_SCHEMA } from '../../sql/0005-sample-tiers.js';
import { Turnstile } from '../../turnstile.js';
import { DuckDbChunkTable } from '../duckdb-chunk-table.js';

/** A sample store over a real engine, for tests. */
export interface OpenedSamples {
  readonly store: HeadSampleStore;
  readonly table: DuckDbChunkTable;
  /** The writer's. */
  readonly connection: DuckDBConnection;
  readonly report: ReplayReport;
  /** Closes the engine, and the store when asked: without, it is as if the process had been killed. */
  close(options?: { readonly kill?: boolean }): Promise<void>;
}

/** Opens the sample store of a folder, made when it is missing. */
export async function openSamples(
  dir: string,
  options: Partial<Omit<HeadSampleStoreOptions, 'table' | 'logDir'>> = {},
): Promise<OpenedSamples> {
  const engine = await Engine.open({
    path: path.join(dir, 'store.duckdb'),
    memoryLimitMb: 128,
    threads: 1,
    checkpointThresholdMb: 16,
  });
  const connection = await engine.connect();
  await connection.run('CREATE SCHEMA IF NOT EXISTS data');
  await connection.run('CREATE TABLE IF NOT EXISTS data.meta (key VARCHAR, value VARCHAR)');
  for (const schema of [SAMPLES_SCHEMA, SAMPLE_TIERS_SCHEMA]) {
    await connection.run(schema.replaceAll('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'));
  }
  const pool = new ReaderPool(engine, 1);
  const table = new DuckDbChunkTable({ connection, turnstile: new Turnstile(), pool });
  const { store, report } = await HeadSampleStore.open({
    table,
    logDir: path.join(dir, 'samples'),
    retentionMs: 30 * 86_400_000,
    clock: Date.now,
    ...options,
  });
  return {
    store,
    table,
    connection,
    report,
    async close({ kill = false } = {}) {
      if (!kill) await store.close();
      connection.closeSync();
      pool.close();
      await engine.close();
    },
  };
}
