import { deleteOld } from './archive/delete-old.js';
import { DAY_MS } from './http/time-query.js';
import type { ServerContext } from './server-context.js';

/** Late enough that start-up is over, soon enough that a server which never runs an hour is cleaned too. */
const FIRST_DELETION_MS = 60_000;
const DELETION_INTERVAL_MS = 3_600_000;
const EXPIRY_INTERVAL_MS = 60_000;
const MINUTE_MS = 60_000;

/** What the schedule needs of the server. */
export type RetentionParts = Pick<ServerContext, 'store' | 'config' | 'counters' | 'log' | 'now'>;

/** Keeps the store within its retention, on a schedule. Keeps no process alive. */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #stopping = new AbortController();
  #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timers = [
      setTimeout(() => this.#queueDeletions(), FIRST_DELETION_MS).unref(),
      setInterval(() => this.#queueDeletions(), DELETION_INTERVAL_MS).unref(),
      setInterval(() => this.#queue(() => this.expireRunning()), EXPIRY_INTERVAL_MS).unref(),
    ];
  }

  /** Ends the schedule; resolves when a deletion under way is over, which an archive cuts short. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#running;
  }

  /** Deletes what is older than the retention. */
  async deleteExpired(): Promise<void> {
    const { config, log, now } = this.#parts;
    const { days } = config.retention;
    const deleted = await deleteOld(this.#parts, now() - days * DAY_MS, this.#stopping.signal);
    if (deleted.requests > 0 || deleted.spans > 0) {
      log.info({ days, ...deleted }, 'deleted what is past its retention');
    }
  }

  /** Deletes metric samples that are older than theirs. */
  async deleteExpiredSamples(): Promise<void> {
    const { config, log, now, store } = this.#parts;
    const days = config.metrics.retentionDays;
    const deleted = await store.samples.deleteBefore(now() - days * DAY_MS);
    if (deleted.chunks > 0 || deleted.series > 0) {
      log.info({ days, ...deleted }, 'deleted metric samples that are past their retention');
    }
  }

  /** Thins out samples that are old enough for a tier. */
  async thinOutSamples(): Promise<void> {
    const { log, store } = this.#parts;
    const counts = await store.samples.thinOut(this.#stopping.signal);
    if (counts.samplesBefore > 0) log.info(counts, 'thinned out old metric samples');
  }

  /** Marks running requests that nothing was heard of as timed out. */
  async expireRunning(): Promise<void> {
    const { store, config, log, now } = this.#parts;
    const silentMs = config.retention.runningTimeoutMinutes * MINUTE_MS;
    const expired = await store.maintenance.expireRunning(now() - silentMs);
    if (expired > 0) log.info({ requests: expired }, 'running requests fell silent and are timed out');
  }

  /** Each on its own: an archive that cannot be written keeps requests, not samples. */
  #queueDeletions(): void {
    this.#queue(() => this.deleteExpired());
    this.#queue(() => this.deleteExpiredSamples());
    if (this.#parts.config.metrics.downsampling.length > 0) this.#queue(() => this.thinOutSamples());
  }

  /** One at a time: a deletion that takes longer than its interval is not started twice. */
  #queue(work: () => Promise<void>): void {
    this.#running = this.#running.then(async () => {
      if (this.#stopping.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        if (error === this.#stopping.signal.reason) return;
        this.#parts.log.error({ err: error }, 'scheduled maintenance failed; it runs again at its next time');
      }
    });
  }
}
