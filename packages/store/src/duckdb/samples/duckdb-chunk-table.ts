import { randomBytes } from 'node:crypto';
import type { DuckDBBlobValue, DuckDBConnection } from '@duckdb/node-api';
import type { ChunkTable, ReplacedChunks, StoredChunk, ThinSeries, TierBlock } from '../../samples/chunk-table.js';
import type { Labels } from '../../samples/labels.js';
import type { LoggedSeries } from '../../samples/log-record.js';
import type { SampleChunk } from '../../samples/sample-head.js';
import { STORE_ID_BYTES } from '../../samples/sample-log.js';
import { inTransaction } from '../doomed-traces.js';
import type { ReaderPool } from '../read/reader-pool.js';
import type { Turnstile } from '../turnstile.js';
import { TableAppender } from '../write/table-appender.js';
import { chunkColumns, seriesColumns, tierColumns } from './chunk-columns.js';

/** In `data.meta`: ties the log of samples to this database. */
const ID_KEY = 'sample_store_id';
/** Beyond, a question reads every series and keeps those it wants: a longer list costs more than the rows it spares. */
const MAX_LISTED_SERIES = 5000;
/** Chunks thinned out in one transaction, so that spans do not wait long for the writer's connection: unpacking them takes most of it. */
const THINNED_CHUNKS_A_STEP = 500;
/** Chunks deleted in one transaction, for the same reason. */
const DELETED_A_STEP = 50_000;
/** A statement reads the whole table of series: few long ones rather than many short. */
const SERIES_A_STATEMENT = 50_000;

/** The parts of a store that the table works with. */
export interface DuckDbChunkTableParts {
  /** The writer's; used only inside the turnstile. */
  readonly connection: DuckDBConnection;
  readonly turnstile: Turnstile;
  readonly pool: ReaderPool;
}

/** Chunks of samples in the embedded store. */
export class DuckDbChunkTable implements ChunkTable {
  readonly #parts: DuckDbChunkTableParts;

  constructor(parts: DuckDbChunkTableParts) {
    this.#parts = parts;
  }

  async id(): Promise<Uint8Array> {
    const { connection, turnstile } = this.#parts;
    return turnstile.run(() =>
      inTransaction(connection, async () => {
        const found = await connection.runAndReadAll(`SELECT value FROM data.meta WHERE key = '${ID_KEY}'`);
        const known = found.getRows()[0]?.[0];
        if (typeof known === 'string') return Buffer.from(known, 'hex');
        const id = randomBytes(STORE_ID_BYTES);
        await connection.run(`INSERT INTO data.meta VALUES ('${ID_KEY}', '${id.toString('hex')}')`);
        return id;
      }),
    );
  }

  load(take: (id: number, labels: Labels, lastMs: number) => void): Promise<void> {
    return this.#parts.pool.use(async (connection) => {
      const result = await connection.stream(`
        SELECT s.series_id, s.labels, c.last_ms::DOUBLE
        FROM data.series s LEFT JOIN (
          SELECT series_id, max(last_ms) AS last_ms FROM (
            SELECT series_id, last_ms FROM data.sample_chunks UNION ALL SELECT series_id, last_ms FROM data.sample_tiers
          ) GROUP BY series_id
        ) c USING (series_id)
        ORDER BY s.series_id`);
      for await (const rows of result.yieldRowsJs()) {
        for (const [id, labels, lastMs] of rows) {
          take(
            id as number,
            JSON.parse(labels as string) as Labels,
            lastMs === null ? Number.NEGATIVE_INFINITY : (lastMs as number),
          );
        }
      }
    });
  }

  async write(series: readonly LoggedSeries[], chunks: readonly SampleChunk[]): Promise<void> {
    if (series.length + chunks.length === 0) return;
    await this.#parts.turnstile.run(() => inTransaction(this.#parts.connection, () => this.#append(series, chunks)));
  }

  read(
    seriesIds: readonly number[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<number, readonly StoredChunk[]>> {
    if (seriesIds.length === 0) return Promise.resolve(new Map());
    return this.#parts.pool.use(async (connection) => {
      const listed = seriesIds.length <= MAX_LISTED_SERIES;
      const wanted = new Set(seriesIds);
      const where = `first_ms <= ${toSqlMs(toMs)} AND last_ms >= ${toSqlMs(fromMs)}
        ${listed ? `AND series_id IN (${seriesIds.map((id) => Math.trunc(id)).join(',')})` : ''}`;
      // One statement: a chunk that is thinned out meanwhile is seen in one of the two tables.
      const result = await connection.stream(`
        SELECT series_id, window_ms, first_ms::DOUBLE, last_ms::DOUBLE, chunk FROM (
          SELECT series_id, 0 AS window_ms, first_ms, last_ms, chunk FROM data.sample_chunks WHERE ${where}
          UNION ALL SELECT series_id, window_ms, first_ms, last_ms, chunk FROM data.sample_tiers WHERE ${where}
        ) ORDER BY series_id, first_ms`);
      const chunks = new Map<number, StoredChunk[]>();
      for await (const rows of result.yieldRowsJs()) {
        for (const [id, windowMs, firstMs, lastMs, bytes] of rows) {
          if (!wanted.has(id as number)) continue;
          const chunk = {
            windowMs: windowMs as number,
            firstMs: firstMs as number,
            lastMs: lastMs as number,
            bytes: bytes as Uint8Array,
          };
          const of = chunks.get(id as number);
          if (of === undefined) chunks.set(id as number, [chunk]);
          else of.push(chunk);
        }
      }
      return chunks;
    });
  }

  async oldest(windowMs: number, beforeMs: number, fromMs: number): Promise<number | undefined> {
    const [row] = await this.#parts.pool.rows(
      `SELECT min(first_ms)::DOUBLE FROM ${tierOf(windowMs)} AND last_ms < ${toSqlMs(beforeMs)} AND first_ms >= ${toSqlMs(fromMs)}`,
    );
    return typeof row?.[0] === 'number' ? row[0] : undefined;
  }

  async replace(block: TierBlock, fromId: number, thin: ThinSeries): Promise<ReplacedChunks | undefined> {
    const inBlock = `${tierOf(block.windowMs)} AND first_ms >= ${toSqlMs(block.fromMs)} AND first_ms < ${toSqlMs(block.toMs)}`;
    const lastId = await this.#lastOfStep(inBlock, fromId);
    if (lastId === undefined) return undefined;
    const ofStep = `${inBlock} AND series_id BETWEEN ${Math.trunc(fromId)} AND ${lastId}`;
    const rows = await this.#parts.pool.rows(
      `SELECT series_id, samples, chunk FROM ${ofStep} ORDER BY series_id, first_ms`,
    );
    const bySeries = new Map<number, Uint8Array[]>();
    let samplesBefore = 0;
    for (const [id, samples, chunk] of rows) {
      const { bytes } = chunk as DuckDBBlobValue;
      const chunks = bySeries.get(id as number);
      if (chunks === undefined) bySeries.set(id as number, [bytes]);
      else chunks.push(bytes);
      samplesBefore += samples as number;
    }
    const thinned = [...bySeries].map(([id, chunks]) => thin(id, chunks));
    const { connection, turnstile } = this.#parts;
    await turnstile.run(() =>
      inTransaction(connection, async () => {
        const { rowsChanged } = await connection.run(`DELETE FROM ${ofStep}`);
        // A late chunk that was not read must not go; the next attempt reads it.
        if (rowsChanged !== rows.length) throw new Error('chunks of samples changed while they were thinned out');
        await this.#appendTier(block.toWindowMs, thinned);
      }),
    );
    return {
      samplesBefore,
      samplesAfter: thinned.reduce((sum, { count }) => sum + count, 0),
      nextId: lastId + 1,
    };
  }

  /** Last series of a step that has a bounded number of chunks, one series at least. */
  async #lastOfStep(inBlock: string, fromId: number): Promise<number | undefined> {
    const rows = await this.#parts.pool.rows(
      `SELECT series_id, count(*)::INTEGER FROM ${inBlock} AND series_id >= ${Math.trunc(fromId)}
      GROUP BY series_id ORDER BY series_id LIMIT ${THINNED_CHUNKS_A_STEP}`,
    );
    let last: number | undefined;
    let chunks = 0;
    for (const [id, count] of rows) {
      chunks += count as number;
      if (last !== undefined && chunks > THINNED_CHUNKS_A_STEP) break;
      last = id as number;
    }
    return last;
  }

  async delete(
    beforeMs: number,
    seriesIds: readonly number[],
  ): Promise<{ readonly chunks: number; readonly samples: number }> {
    const { connection, turnstile } = this.#parts;
    const total = { chunks: 0, samples: 0 };
    for (const table of ['sample_chunks', 'sample_tiers']) {
      for (let more = true; more; ) {
        await turnstile.run(async () => {
          const next = await connection.runAndReadAll(`
            SELECT last_ms FROM data.${table} WHERE last_ms < ${toSqlMs(beforeMs)}
            ORDER BY last_ms LIMIT 1 OFFSET ${DELETED_A_STEP}`);
          const end = next.getRows()[0]?.[0];
          more = end !== undefined;
          // All chunks of one moment go together: a step makes progress.
          const where = more ? `last_ms <= ${String(end)}` : `last_ms < ${toSqlMs(beforeMs)}`;
          const [chunks, samples] = await inTransaction(connection, async () => {
            const found = await connection.runAndReadAll(
              `SELECT count(*), coalesce(sum(samples), 0) FROM data.${table} WHERE ${where}`,
            );
            await connection.run(`DELETE FROM data.${table} WHERE ${where}`);
            return found.getRows()[0] ?? [];
          });
          total.chunks += Number(chunks);
          total.samples += Number(samples);
        });
      }
    }
    await turnstile.run(() => inTransaction(connection, () => this.#deleteSeries(seriesIds)));
    return total;
  }

  async #deleteSeries(seriesIds: readonly number[]): Promise<void> {
    for (let from = 0; from < seriesIds.length; from += SERIES_A_STATEMENT) {
      const list = seriesIds.slice(from, from + SERIES_A_STATEMENT).map((id) => Math.trunc(id));
      await this.#parts.connection.run(`DELETE FROM data.series WHERE series_id IN (${list.join(',')})`);
    }
  }

  seriesWithin(fromMs: number, toMs: number): Promise<ReadonlySet<number>> {
    return this.#parts.pool.use(async (connection) => {
      const where = `first_ms <= ${toSqlMs(toMs)} AND last_ms >= ${toSqlMs(fromMs)}`;
      const result = await connection.runAndReadAll(
        `SELECT series_id FROM data.sample_chunks WHERE ${where}
        UNION SELECT series_id FROM data.sample_tiers WHERE ${where}`,
      );
      return new Set(result.getRowsJS().map(([id]) => id as number));
    });
  }

  async #append(series: readonly LoggedSeries[], chunks: readonly SampleChunk[]): Promise<void> {
    const { connection } = this.#parts;
    if (series.length > 0) {
      const rows = await TableAppender.open(connection, 'series', seriesColumns());
      for (const { id, labels } of series) {
        rows.columns.series_id.put(rows.row, id);
        rows.columns.labels.put(rows.row, JSON.stringify(labels));
        rows.endRow();
      }
      rows.flush();
      rows.close();
    }
    if (chunks.length === 0) return;
    const rows = await TableAppender.open(connection, 'sample_chunks', chunkColumns());
    for (const { seriesId, firstMs, lastMs, count, bytes } of chunks) {
      rows.columns.series_id.put(rows.row, seriesId);
      rows.columns.first_ms.put(rows.row, firstMs);
      rows.columns.last_ms.put(rows.row, lastMs);
      rows.columns.samples.put(rows.row, count);
      rows.columns.chunk.put(rows.row, bytes);
      rows.endRow();
    }
    rows.flush();
    rows.close();
  }

  async #appendTier(windowMs: number, chunks: readonly SampleChunk[]): Promise<void> {
    const rows = await TableAppender.open(this.#parts.connection, 'sample_tiers', tierColumns());
    for (const { seriesId, firstMs, lastMs, count, bytes } of chunks) {
      rows.columns.series_id.put(rows.row, seriesId);
      rows.columns.window_ms.put(rows.row, windowMs);
      rows.columns.first_ms.put(rows.row, firstMs);
      rows.columns.last_ms.put(rows.row, lastMs);
      rows.columns.samples.put(rows.row, count);
      rows.columns.chunk.put(rows.row, bytes);
      rows.endRow();
    }
    rows.flush();
    rows.close();
  }
}

/** The table of a tier with the condition that its rows are meant, for more to be added. */
function tierOf(windowMs: number): string {
  return windowMs === 0
    ? 'data.sample_chunks WHERE true'
    : `data.sample_tiers WHERE window_ms = ${Math.trunc(windowMs)}`;
}

/** Whole milliseconds in the range of the engine's integers. */
function toSqlMs(unixMs: number): string {
  if (Number.isNaN(unixMs)) throw new RangeError('a time is not a number');
  return String(BigInt(Math.trunc(Math.min(9e18, Math.max(-9e18, unixMs)))));
}
