import type { LogRecord } from './log-record.js';
import { RowBlocks } from './row-blocks.js';
import type { SampleLog } from './sample-log.js';

/** Bytes that may wait for the disk. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024;

/** Writes to the log, many callers at once: what gathers while the disk works is forced to it together. */
export class LogQueue {
  readonly rows = new RowBlocks();
  readonly #log: SampleLog;
  #records: LogRecord[] = [];
  /** Bytes of samples that are being written. */
  #bytesUnderway = 0;
  /** The one thing that uses the log now. */
  #using: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(log: SampleLog) {
    this.#log = log;
  }

  /** True while as much waits as may. */
  get isFull(): boolean {
    return this.rows.bytes + this.#bytesUnderway > MAX_WAITING_BYTES;
  }

  /** Why nothing is written any more; `undefined` while all is well. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Puts a record before all samples that wait. */
  push(record: LogRecord): void {
    this.#records.push(record);
  }

  /** Resolves when all that waits now is on the disk. */
  flush(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const using = this.#using;
    if (this.#records.length === 0 && this.rows.bytes === 0) return using ?? Promise.resolve();
    if (using !== undefined) return using.then(() => this.flush());
    const { records, bytes, done } = this.rows.take();
    const all = [...this.#records, ...records];
    this.#records = [];
    this.#bytesUnderway = bytes;
    return this.#use(async () => {
      try {
        await this.#log.append(all);
      } catch (error) {
        // What is in memory now is not in the log, and nobody can say what of it is on the disk.
        this.#failure = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        this.#bytesUnderway = 0;
        done();
      }
    });
  }

  /** Begins a new segment with records as they are at that moment; no other write is under way then. Answers its number. */
  async rotate(records: () => readonly LogRecord[]): Promise<number> {
    while (this.#using !== undefined) await this.#using.catch(() => undefined);
    let segment = 0;
    await this.#use(async () => {
      segment = await this.#log.rotate(records());
    });
    return segment;
  }

  /** Takes up writing after a failure; only when all that is in memory is about to be written anew. */
  recover(): void {
    this.#failure = undefined;
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#using !== undefined) await this.#using.catch(() => undefined);
  }

  #use(work: () => Promise<void>): Promise<void> {
    const using = work().finally(() => {
      this.#using = undefined;
    });
    this.#using = using;
    return using;
  }
}
