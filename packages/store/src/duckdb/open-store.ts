import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { version } from '@duckdb/node-api';
import type { SampleTier } from '../api/sample-store.js';
import type { Store } from '../api/store.js';
import { HeadSampleStore } from '../samples/head-sample-store.js';
import type { ReplayReport } from '../samples/sample-log.js';
import type { SeriesLimits } from '../samples/series-limits.js';
import { AcknowledgedLog, assertLogIsWhole } from './acknowledged-log.js';
import { DuckDbMaintenance } from './duckdb-maintenance.js';
import { DuckDbSqlReader } from './duckdb-sql-reader.js';
import { DuckDbSystemMetrics } from './duckdb-system-metrics.js';
import { Engine } from './engine.js';
import { isFatal, toOpenError } from './engine-errors.js';
import { FileShrinker } from './file-shrinker.js';
import { migrate } from './migrate.js';
import { DuckDbLlmCallReader } from './read/duckdb-llm-call-reader.js';
import { DuckDbRequestReader } from './read/duckdb-request-reader.js';
import { ReaderPool } from './read/reader-pool.js';
import { DuckDbChunkTable } from './samples/duckdb-chunk-table.js';
import { Turnstile } from './turnstile.js';
import { CommitWriter } from './write/commit-writer.js';
import { GroupCommitWriter } from './write/group-commit-writer.js';
import { fillFilter } from './write/stored-traces.js';
import { TraceFilter } from './write/trace-filter.js';

/** Settings of {@link openDuckDbStore}. */
export interface DuckDbStoreOptions {
  /** File of the store; it and its folder are made when missing. A second file with `.wal` behind the name holds the latest commits. */
  readonly path: string;
  /** Memory of the engine's buffers, in MiB; the process takes somewhat more. 256 by default. */
  readonly memoryLimitMb?: number;
  /** Threads of one query. 2 by default. */
  readonly threads?: number;
  /** How long a batch waits for others to be committed with. 25 by default. */
  readonly groupCommitMs?: number;
  /** Spans that may wait for a commit; beyond, writes are `busy`. 50,000 by default. */
  readonly maxQueuedSpans?: number;
  /** Estimated bytes that may wait for a commit. 64 MiB by default. */
  readonly maxQueuedBytes?: number;
  /** Log the engine gathers before it folds it into the file, in MiB. Larger means fewer and longer stalls, and a slower start after a crash. 64 by default. */
  readonly checkpointThresholdMb?: number;
  /** Metric samples older than this are not taken. 30 days by default. */
  readonly sampleRetentionMs?: number;
  /** Bounds on series and their labels; see {@link SeriesLimits} for what each is by default. */
  readonly sampleLimits?: Partial<SeriesLimits>;
  /** How old samples are thinned out, youngest tier first; each window is a multiple of the one before. None by default. */
  readonly sampleTiers?: readonly SampleTier[];
  /** Told what the log of samples held, when something of it was lost or put aside. */
  readonly onSampleLogDamage?: (report: ReplayReport) => void;
  /** Milliseconds since the epoch: when announcements were received. `Date.now` by default. */
  readonly clock?: () => number;
  /** Called before the store is brought to a newer schema, which takes a minute a million LLM calls. Half-way upgrades go on, with equal versions. */
  readonly onUpgrade?: (fromVersion: number, toVersion: number) => void;
}

/** Behind the file's name: the folder of the log of samples. */
const SAMPLE_LOG = '.samples';
const SAMPLE_RETENTION_MS = 30 * 24 * 60 * 60_000;
/** Running queries beside the writer and the user's SQL: with those they fill the four threads of Node's pool. */
const READERS = 2;

/**
 * Opens the embedded store, one owner per file. Throws {@link StoreOpenError}: `locked` when another process has it,
 * `not_writable`, `newer_schema`, `damaged`. After a failed open of a damaged file the process should exit.
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<Store> {
  const { path, clock = Date.now } = options;
  let engine: Engine | undefined;
  try {
    assertLogIsWhole(resolve(path));
    engine = await Engine.open({
      path,
      memoryLimitMb: options.memoryLimitMb ?? 256,
      threads: options.threads ?? 2,
      checkpointThresholdMb: options.checkpointThresholdMb ?? 64,
    });
    const connection = await engine.connect();
    await migrate(connection, { onUpgrade: options.onUpgrade });
    await engine.lock(connection);
    return await assemble(engine, connection, options, clock);
  } catch (error) {
    await engine?.close().catch(() => undefined);
    throw toOpenError(path, error);
  }
}

async function assemble(
  engine: Engine,
  connection: DuckDBConnection,
  options: DuckDbStoreOptions,
  clock: () => number,
): Promise<Store> {
  const pool = new ReaderPool(engine, READERS);
  const turnstile = new Turnstile();
  const commits = new CommitWriter(connection);
  await commits.prepare();
  const filter = new TraceFilter();
  let filterReady = false;
  let closing: Promise<void> | undefined;
  const filling = pool
    .use((reader) => fillFilter(reader, filter, () => closing !== undefined))
    .then(() => {
      filterReady = true;
    })
    .catch((error: unknown) => {
      // Without the filter every trace is looked up: slower, never wrong.
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    });
  const writer = new GroupCommitWriter(
    connection,
    commits,
    turnstile,
    { filter, ready: () => filterReady },
    {
      groupCommitMs: options.groupCommitMs ?? 25,
      maxQueuedSpans: options.maxQueuedSpans ?? 50_000,
      maxQueuedBytes: options.maxQueuedBytes ?? 64 * 1024 * 1024,
      clock,
    },
  );
  const acknowledged = new AcknowledgedLog(resolve(options.path));
  // Listeners are called before senders see their answer.
  writer.onCommit(() => acknowledged.commit());
  const shrinker = new FileShrinker(connection, turnstile);
  const { store: samples, report } = await HeadSampleStore.open({
    table: new DuckDbChunkTable({ connection, turnstile, pool }),
    logDir: `${options.path}${SAMPLE_LOG}`,
    retentionMs: options.sampleRetentionMs ?? SAMPLE_RETENTION_MS,
    ...(options.sampleLimits === undefined ? {} : { limits: options.sampleLimits }),
    tiers: options.sampleTiers ?? [],
    isFatal,
    onDeleted: () => {
      // Not worth failing for: it is tried again after the next deletion.
      shrinker.run().catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
    },
    clock,
  });
  if (report.damaged.length + report.foreign.length > 0) options.onSampleLogDamage?.(report);
  const sql = new DuckDbSqlReader(engine);
  const maintenance = new DuckDbMaintenance({
    path: options.path,
    engineVersion: version(),
    connection,
    pool,
    turnstile,
    commits,
    writer,
    shrinker,
    clock,
  });
  const close = async (): Promise<void> => {
    await shrinker.stop();
    await writer.close();
    await samples.close();
    await filling;
    await sql.close();
    await turnstile.run(async () => {
      commits.close();
      connection.closeSync();
    });
    pool.close();
    await engine.close();
    acknowledged.close();
  };
  return {
    writer,
    requests: new DuckDbRequestReader(pool),
    llmCalls: new DuckDbLlmCallReader(pool),
    sql,
    samples,
    systemMetrics: new DuckDbSystemMetrics(connection, pool, turnstile),
    maintenance,
    close() {
      closing ??= close();
      return closing;
    },
  };
}
