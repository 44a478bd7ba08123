import type { ChunkTable } from './chunk-table.js';
import { isDiskFull, logProblem } from './disk-errors.js';
import { LogQueue } from './log-queue.js';
import type { LoggedSeries } from './log-record.js';
import { refuseForeign, replayRecord } from './replay-record.js';
import type { SampleChunk } from './sample-head.js';
import { SampleHead } from './sample-head.js';
import type { ReplayReport } from './sample-log.js';
import { SampleLog } from './sample-log.js';

/** A log longer than this is begun anew, unless most of it is what would be written again. */
const CHECKPOINT_LOG_BYTES = 64 * 1024 * 1024;
/** Closed chunks are stored when there are so many, or when they take so much memory. */
const STORE_CHUNKS = 10_000;
const STORE_BYTES = 64 * 1024 * 1024;
/** Written in one transaction: some ten milliseconds, so that other writes do not wait long. */
const CHUNKS_A_STEP = 10_000;
const SERIES_A_STEP = 5000;
/** After a failure to store chunks they wait so long; and so much may wait before writes are refused. */
const STORE_RETRY_MS = 10_000;
const LOG_RETRY_MS = 1000;
const MAX_CLOSED_CHUNKS = 500_000;
const MAX_CLOSED_BYTES = 512 * 1024 * 1024;
/** Series whose open chunks are written to a new log at once: a few milliseconds. */
const SERIES_A_SLICE = 4096;
/** A series of which nothing came for so long has its chunk closed, so that its memory is freed. */
const IDLE_MS = 60 * 60_000;

/** What makes a head durable. */
export interface DurableHeadParts {
  readonly table: ChunkTable;
  /** Folder of the log. */
  readonly logDir: string;
  /** Told of chunks that were stored, before they leave memory. */
  readonly onStored?: (chunks: readonly SampleChunk[]) => void;
  /** Whether an error of the table means that only a new process can use it. */
  readonly isFatal?: (error: unknown) => boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** A head whose samples are in a log until they are in the table. Opens by reading the series of the table and the log. */
export class DurableHead {
  readonly head = new SampleHead();
  readonly #parts: DurableHeadParts;
  #log!: SampleLog;
  #queue!: LogQueue;
  /** In the log, not yet in the table. */
  #newSeries: LoggedSeries[] = [];
  #snapshotBytes = 0;
  #storing: Promise<void> | undefined;
  #checkpointing: Promise<void> | undefined;
  /** The table did not take chunks: when it is tried again. */
  #storeAgainMs = 0;
  #storeError: string | undefined;
  #fatalError: string | undefined;
  /** What failed writes left in memory only is being written. */
  #recovering = false;
  #closed = false;

  private constructor(parts: DurableHeadParts) {
    this.#parts = parts;
  }

  static async open(parts: DurableHeadParts): Promise<{ durable: DurableHead; report: ReplayReport }> {
    const durable = new DurableHead(parts);
    const { head } = durable;
    await parts.table.load((id, labels, lastMs) => {
      head.index.restore(id, labels);
      if (lastMs > Number.NEGATIVE_INFINITY) head.setStoredUpTo(id, lastMs);
    });
    let hasStrangers = false;
    const { log, report } = await SampleLog.open({
      dir: parts.logDir,
      storeId: await parts.table.id(),
      refuse: (series) => refuseForeign(head.index, series),
      replay: (record) => {
        if (!replayRecord(head, record, (series) => durable.#newSeries.push(series))) hasStrangers = true;
      },
    });
    durable.#log = log;
    durable.#queue = new LogQueue(log);
    // A log that names series which are not here must go before their ids are given to others. Any other is read again if need be.
    if (hasStrangers || report.damaged.length + report.foreign.length > 0) await durable.checkpoint();
    return { durable, report };
  }

  /** What waits for the log. */
  get queue(): LogQueue {
    return this.#queue;
  }

  /** Length of the log that the next start has to read. */
  get logBytes(): number {
    return this.#log.totalBytes;
  }

  /** What keeps samples from being taken, or stored for good, until it passes. */
  get problem(): string | undefined {
    return this.#storeError ?? (this.#queue.failure && logProblem(this.#queue.failure));
  }

  /** After it every further write fails. */
  get fatalError(): string | undefined {
    return this.#fatalError;
  }

  /** True while as much waits as may. */
  get isBusy(): boolean {
    const { closedChunks, closedBytes } = this.head;
    return this.#recovering || this.#queue.isFull || closedChunks > MAX_CLOSED_CHUNKS || closedBytes > MAX_CLOSED_BYTES;
  }

  /** Series that were put into the index: they go to the log before their samples. */
  addSeries(created: readonly LoggedSeries[]): void {
    if (created.length === 0) return;
    for (const series of created) this.#newSeries.push(series);
    this.#queue.push({ kind: 'series', series: created });
  }

  /** Forgets new series that are not in the index any more. */
  dropRemovedSeries(): void {
    this.#newSeries = this.#newSeries.filter(({ id }) => this.head.index.labelsOf(id) !== undefined);
  }

  /** Answers a sentence. A full disk is waited for; after any other failure only a new start can say what is on the disk. */
  logFailed(error: unknown): string {
    const message = logProblem(error);
    if (!isDiskFull(error)) this.#fatalError ??= message;
    else this.#storeAgainMs = this.#parts.clock() + LOG_RETRY_MS;
    return message;
  }

  /** What is due after a write: chunks are stored, a long log is begun anew. */
  tidy(): void {
    if (this.#closed || this.#fatalError !== undefined || this.#parts.clock() < this.#storeAgainMs) return;
    const hasFailed = this.#queue.failure !== undefined;
    const isLong = this.#log.totalBytes > Math.max(CHECKPOINT_LOG_BYTES, 3 * this.#snapshotBytes);
    if (hasFailed || (isLong && this.#checkpointing === undefined)) this.checkpoint().catch(() => undefined);
    else if (this.head.closedChunks >= STORE_CHUNKS || this.head.closedBytes >= STORE_BYTES) {
      this.storeClosed().catch(() => undefined);
    }
  }

  /** Stores what is complete. */
  storeClosed(): Promise<void> {
    this.#storing ??= this.#store().finally(() => {
      this.#storing = undefined;
    });
    return this.#storing;
  }

  /** Stores what is complete or old, and begins the log anew with the rest. */
  checkpoint(): Promise<void> {
    this.#checkpointing ??= this.#renewLog().finally(() => {
      this.#checkpointing = undefined;
    });
    return this.#checkpointing;
  }

  /** Begins nothing more by itself; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#closed = true;
    await this.#checkpointing?.catch(() => undefined);
    await this.#storing?.catch(() => undefined);
  }

  /** Writes what waits and closes the log. */
  async close(): Promise<void> {
    await this.#queue.flush().catch(() => undefined);
    await this.#queue.idle();
    await this.#log.close();
  }

  async #store(): Promise<void> {
    const chunks = this.head.closed();
    const series = this.#newSeries;
    let storedSeries = 0;
    if (chunks.length === 0 && series.length === 0) return;
    this.#newSeries = [];
    const { table } = this.#parts;
    try {
      // In slices, series first: a chunk without its series would never be found.
      while (storedSeries < series.length) {
        await table.write(series.slice(storedSeries, storedSeries + SERIES_A_STEP), []);
        storedSeries = Math.min(series.length, storedSeries + SERIES_A_STEP);
      }
      for (let from = 0; from < chunks.length; from += CHUNKS_A_STEP) {
        await table.write([], chunks.slice(from, from + CHUNKS_A_STEP));
      }
      this.#storeError = undefined;
    } catch (error) {
      // The log has all of it, and what is there twice is told apart by its time.
      this.#newSeries = [...series.slice(storedSeries), ...this.#newSeries];
      const message = `samples could not be stored: ${error instanceof Error ? error.message : String(error)}`;
      if (this.#parts.isFatal?.(error) === true) this.#fatalError ??= message;
      this.#storeError = message;
      this.#storeAgainMs = this.#parts.clock() + STORE_RETRY_MS;
      throw error;
    }
    this.#parts.onStored?.(chunks);
    this.head.forget(chunks);
  }

  /**
   * Stores what is closed, begins a new log, writes everything into it that is not stored, a slice at a time while samples go
   * on, then drops the old one. A crash in between repeats what the logs say; what is there already is known by its time.
   */
  async #renewLog(): Promise<void> {
    this.head.closeIdle(this.#parts.clock() - IDLE_MS);
    await this.storeClosed();
    const queue = this.#queue;
    const segment = await queue.rotate(() =>
      this.#newSeries.length === 0 ? [] : [{ kind: 'series', series: [...this.#newSeries] }],
    );
    // After a failure writes are refused until all of this is written: a sample that was not is taken for a duplicate.
    this.#recovering = queue.failure !== undefined;
    queue.recover();
    const before = this.#log.sizeBytes;
    for (let from = 0; from < this.head.endOfIds; from += SERIES_A_SLICE) {
      const { closed, open } = this.head.unstored(from, from + SERIES_A_SLICE);
      for (const { seriesId, bytes } of closed) queue.push({ kind: 'chunk', seriesId, chunk: bytes });
      if (open.length > 0) queue.push({ kind: 'open', chunks: open });
      if (closed.length + open.length > 0) await queue.flush().catch((error: unknown) => this.#failed(error));
    }
    this.#recovering = false;
    this.#snapshotBytes = this.#log.sizeBytes - before;
    await this.#log.deleteBefore(segment);
  }

  #failed(error: unknown): never {
    this.logFailed(error);
    throw error;
  }
}
