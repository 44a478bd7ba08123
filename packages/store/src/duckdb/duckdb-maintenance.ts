import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TimeRange } from '@vedetta/model';
import type {
  Archive,
  DeletedCounts,
  MaintenanceStore,
  PriceCalls,
  RecostCounts,
  StoreInfo,
} from '../api/maintenance.js';
import type { FileShrinker } from './file-shrinker.js';
import { SCHEMA_VERSION } from './migrate.js';
import type { ReaderPool } from './read/reader-pool.js';
import { recostCalls } from './recost.js';
import { deleteTracesBefore } from './retention.js';
import { number } from './rows/request-row.js';
import { Turnstile } from './turnstile.js';
import { touch } from './write/commit-plan.js';
import type { CommitWriter } from './write/commit-writer.js';
import type { GroupCommitWriter } from './write/group-commit-writer.js';
import { loadTraces } from './write/stored-traces.js';

export interface MaintenanceParts {
  readonly path: string;
  readonly engineVersion: string;
  readonly connection: DuckDBConnection;
  readonly pool: ReaderPool;
  readonly turnstile: Turnstile;
  readonly commits: CommitWriter;
  readonly writer: GroupCommitWriter;
  readonly shrinker: FileShrinker;
  readonly clock: () => number;
}

/** Milliseconds of the largest time the engine holds. */
const MAX_MS = 9_223_372_036_854;

/** Upkeep on the writer's connection, in steps that let commits through in between. */
export class DuckDbMaintenance implements MaintenanceStore {
  readonly #parts: MaintenanceParts;
  /** Two at once would hand the same requests to their archives. */
  readonly #deletions = new Turnstile();
  readonly #recosts = new Turnstile();

  constructor(parts: MaintenanceParts) {
    this.#parts = parts;
  }

  deleteBefore(unixMs: number, archive?: Archive): Promise<DeletedCounts> {
    return this.#deletions.run(() => this.#deleteBefore(unixMs, archive));
  }

  async #deleteBefore(unixMs: number, archive: Archive | undefined): Promise<DeletedCounts> {
    const { connection, pool, turnstile, writer, commits, shrinker } = this.#parts;
    const beforeNs = BigInt(Math.floor(Math.min(Math.max(unixMs, -MAX_MS), MAX_MS))) * 1_000_000n;
    const deleted = await deleteTracesBefore(
      {
        connection,
        pool,
        turnstile,
        onCommit: (listener) => writer.onCommit(listener),
        forgetTraces: () => writer.forgetTraces(),
        reloadOrigins: () => commits.loadOrigins(),
      },
      beforeNs,
      archive,
    );
    await turnstile.run(() =>
      connection.run('DELETE FROM data.system_metrics WHERE time_ms < ?::BIGINT', [String(beforeNs / 1_000_000n)]),
    );
    if (deleted.spans > 0) shrinker.run().catch(warn);
    return deleted;
  }

  recost(range: TimeRange, price: PriceCalls): Promise<RecostCounts> {
    const { connection, turnstile, writer } = this.#parts;
    const parts = { connection, turnstile, forgetTraces: () => writer.forgetTraces() };
    return this.#recosts.run(() => recostCalls(parts, range, price));
  }

  async freeDiskSpace(): Promise<void> {
    await this.#parts.shrinker.run();
  }

  probe(): Promise<void> {
    const { connection, pool, turnstile, clock } = this.#parts;
    return turnstile.run(async () => {
      const value = String(clock());
      await connection.run('BEGIN');
      try {
        await connection.run("DELETE FROM data.meta WHERE key = 'probe'");
        await connection.run("INSERT INTO data.meta VALUES ('probe', ?)", [value]);
        await connection.run('COMMIT');
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
      const [row] = await pool.rows("SELECT value FROM data.meta WHERE key = 'probe'");
      if (row?.[0] !== value) throw new Error('The store did not give back the probe that was just written.');
    });
  }

  async info(): Promise<StoreInfo> {
    const { path, pool, engineVersion } = this.#parts;
    const [row] = await pool.rows(`SELECT (SELECT count(*) FROM data.requests),
      (SELECT count(*) FROM data.spans) + (SELECT count(*) FROM data.running_spans), (SELECT min(start_ns) FROM data.requests)`);
    const oldestNs = number(row?.[2]);
    return {
      engine: 'DuckDB',
      engineVersion,
      schemaVersion: SCHEMA_VERSION,
      path,
      sizeBytes: (await sizeOf(path)) + (await sizeOf(`${path}.wal`)),
      requests: Number(row?.[0] ?? 0),
      spans: Number(row?.[1] ?? 0),
      oldestRequestUnixMs: oldestNs === undefined ? undefined : oldestNs / 1e6,
    };
  }

  expireRunning(lastSeenBeforeUnixMs: number): Promise<number> {
    const { connection, turnstile, writer, commits } = this.#parts;
    return turnstile.run(async () => {
      const found = await connection.runAndReadAll(
        `SELECT DISTINCT replace(trace_id::VARCHAR, '-', '') FROM data.running_spans WHERE NOT expired AND seen_ms < ?::BIGINT`,
        [String(Math.floor(lastSeenBeforeUnixMs))],
      );
      const traceIds = found.getRows().map((row) => String(row[0]));
      if (traceIds.length === 0) return 0;
      writer.forgetTraces();
      await connection.run('UPDATE data.running_spans SET expired = true WHERE NOT expired AND seen_ms < ?::BIGINT', [
        String(Math.floor(lastSeenBeforeUnixMs)),
      ]);
      const touched = [];
      for (const [traceId, spans] of await loadTraces(connection, traceIds)) {
        touched.push(touch(traceId, { spans, stored: true, touchedUnixMs: 0 }));
      }
      await commits.write({ ended: [], running: [], replaced: [], touched, counts: [] });
      const requests = touched.flatMap(({ derived }) => derived.requests);
      writer.announce({ requests, customEvents: [], scores: [], spans: [] });
      return requests.filter(({ status }) => status === 'timeout').length;
    });
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Freeing space is not worth failing for: it is tried again after the next delete. */
function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
