import type { DuckDBConnection } from '@duckdb/node-api';
import { CATALOG } from './engine.js';
import type { Turnstile } from './turnstile.js';

/** Free blocks worth moving rows for: 8 MiB, and a quarter of the file. Less is soon filled by new data. */
const MIN_FREE_BLOCKS = 32;
const MIN_FREE_SHARE = 0.25;
/** Rows moved in one transaction: a few hundred milliseconds at most, then commits get their turn. */
const ROWS_A_STEP = 20_000;
/** Tables large enough to hold blocks at the end of the file. */
const TABLES = [
  'spans',
  'phases',
  'requests',
  'llm_calls',
  'custom_events',
  'http_answers',
  'sample_chunks',
  'sample_tiers',
  'series',
] as const;

interface RowGroup {
  readonly table: string;
  readonly firstRow: number;
  readonly rows: number;
  readonly lastBlock: number;
}

function placeOf({ firstRow, rows }: Pick<RowGroup, 'firstRow' | 'rows'>): string {
  return `rowid >= ${firstRow} AND rowid < ${firstRow + rows}`;
}

/**
 * Gives free space in the file back to the disk.
 *
 * The engine reuses the blocks of deleted rows and cuts off free blocks at the end of the file, but does not move
 * anything. So the rows that lie last are appended anew, which puts them into the lowest free blocks, and deleted where
 * they were, in one transaction: at every moment each row is there once. Then a checkpoint cuts the file. It goes on until
 * less than a quarter is free or nothing moves any more.
 */
export class FileShrinker {
  readonly #connection: DuckDBConnection;
  readonly #turnstile: Turnstile;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(connection: DuckDBConnection, turnstile: Turnstile) {
    this.#connection = connection;
    this.#turnstile = turnstile;
  }

  /** Joins a run that is under way. */
  run(): Promise<void> {
    this.#running ??= this.#shrink().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends after the current step. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => undefined);
  }

  async #shrink(): Promise<void> {
    for (const group of await this.#hollowGroups()) await this.#move(group);
    let lastEnd = Number.POSITIVE_INFINITY;
    let idle = 0;
    while (!this.#stopped) {
      await this.#turnstile.run(() => this.#connection.run(`CHECKPOINT ${CATALOG}`).then(() => undefined));
      const { total, used, free } = await this.#blocks();
      if (free < MIN_FREE_BLOCKS || free < total * MIN_FREE_SHARE) return;
      // A reader of old rows keeps their blocks for a moment: one round without progress is no end.
      idle = total < lastEnd ? 0 : idle + 1;
      if (idle > 4) return;
      lastEnd = total;
      for (const group of await this.#lastGroups(used, total)) await this.#move(group);
    }
  }

  /** Row groups of which most rows are deleted: the engine frees one only when all are. */
  async #hollowGroups(): Promise<readonly RowGroup[]> {
    const hollow: RowGroup[] = [];
    for (const group of await this.#rowGroups()) {
      const reader = await this.#turnstile.run(() =>
        this.#connection.runAndReadAll(`SELECT count(*) FROM data.${group.table} WHERE ${placeOf(group)}`),
      );
      const live = Number(reader.getRows()[0]?.[0] ?? 0);
      if (live > 0 && live < group.rows * (1 - MIN_FREE_SHARE)) hollow.push(group);
    }
    return hollow;
  }

  async #blocks(): Promise<{ total: number; used: number; free: number }> {
    const reader = await this.#turnstile.run(() =>
      this.#connection.runAndReadAll(
        'SELECT total_blocks, used_blocks, free_blocks FROM pragma_database_size() WHERE database_name = current_database()',
      ),
    );
    const [total, used, free] = reader.getRows()[0] ?? [];
    return { total: Number(total), used: Number(used), free: Number(free) };
  }

  /** Row groups that reach into the last tenth of the file, or the last one, if there is room for them before it. */
  async #lastGroups(used: number, total: number): Promise<readonly RowGroup[]> {
    const groups = [...(await this.#rowGroups())].sort((a, b) => b.lastBlock - a.lastBlock);
    const room = (total - used) / 2;
    const tail = Math.max(total - room, total * 0.9);
    return groups.filter(({ lastBlock }, index) => lastBlock > used && (index === 0 || lastBlock >= tail)).slice(0, 16);
  }

  async #rowGroups(): Promise<readonly RowGroup[]> {
    const groups: RowGroup[] = [];
    for (const table of TABLES) {
      const reader = await this.#turnstile.run(() =>
        this.#connection.runAndReadAll(`
          SELECT row_group_id, sum(count) FILTER (column_id = 0 AND segment_type <> 'VALIDITY'), max(block_id)
          FROM pragma_storage_info('data.${table}') GROUP BY row_group_id ORDER BY row_group_id`),
      );
      let firstRow = 0;
      for (const [, count, block] of reader.getRows()) {
        const rows = Number(count ?? 0);
        groups.push({ table, firstRow, rows, lastBlock: Number(block ?? -1) });
        firstRow += rows;
      }
    }
    return groups;
  }

  /** Moves rows by their place. Should a checkpoint shift places meanwhile, other rows move: as good. */
  async #move({ table, firstRow, rows }: RowGroup): Promise<void> {
    for (let from = firstRow; from < firstRow + rows && !this.#stopped; from += ROWS_A_STEP) {
      const place = placeOf({ firstRow: from, rows: Math.min(ROWS_A_STEP, firstRow + rows - from) });
      await this.#turnstile.run(async () => {
        await this.#connection.run('BEGIN');
        try {
          const inserted = await this.#connection.run(
            `INSERT INTO data.${table} SELECT * FROM data.${table} WHERE ${place}`,
          );
          const deleted = await this.#connection.run(`DELETE FROM data.${table} WHERE ${place}`);
          if (inserted.rowsChanged !== deleted.rowsChanged) {
            throw new Error(
              `Moving rows of ${table} copied ${inserted.rowsChanged} and deleted ${deleted.rowsChanged}: undone.`,
            );
          }
          await this.#connection.run('COMMIT');
        } catch (error) {
          await this.#connection.run('ROLLBACK').catch(() => undefined);
          throw error;
        }
      });
    }
  }
}
