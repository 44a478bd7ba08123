import type { Store } from '@vedetta/store';
import type { Logger } from 'pino';
import type { ResolvedConfig } from './config/config.js';
import { DAY_MS } from './http/time-query.js';

/** Late enough that start-up is over, soon enough that a server which never runs an hour is cleaned too. */
const FIRST_DELETION_MS = 60_000;
const DELETION_INTERVAL_MS = 3_600_000;
const EXPIRY_INTERVAL_MS = 60_000;
const MINUTE_MS = 60_000;

/** Keeps the store within its retention, on a schedule. Keeps no process alive. */
export class Retention {
  readonly #store: Store;
  readonly #config: ResolvedConfig;
  readonly #log: Logger;
  readonly #now: () => number;
  #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: { store: Store; config: ResolvedConfig; log: Logger; now: () => number }) {
    this.#store = parts.store;
    this.#config = parts.config;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  start(): void {
    this.#timers = [
      setTimeout(() => this.#queue(() => this.deleteExpired()), FIRST_DELETION_MS).unref(),
      setInterval(() => this.#queue(() => this.deleteExpired()), DELETION_INTERVAL_MS).unref(),
      setInterval(() => this.#queue(() => this.expireRunning()), EXPIRY_INTERVAL_MS).unref(),
    ];
  }

  /** Ends the schedule; resolves when a deletion under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#running;
  }

  /** Deletes what is older than the retention. */
  async deleteExpired(): Promise<void> {
    const deleted = await this.#store.maintenance.deleteBefore(this.#now() - this.#config.retention.days * DAY_MS);
    if (deleted.requests > 0 || deleted.spans > 0) {
      this.#log.info({ days: this.#config.retention.days, ...deleted }, 'deleted what is past its retention');
    }
  }

  /** Marks running requests that nothing was heard of as timed out. */
  async expireRunning(): Promise<void> {
    const silentMs = this.#config.retention.runningTimeoutMinutes * MINUTE_MS;
    const expired = await this.#store.maintenance.expireRunning(this.#now() - silentMs);
    if (expired > 0) this.#log.info({ requests: expired }, 'running requests fell silent and are timed out');
  }

  /** One at a time: a deletion that takes longer than its interval is not started twice. */
  #queue(work: () => Promise<void>): void {
    this.#running = this.#running.then(async () => {
      if (this.#stopped) return;
      try {
        await work();
      } catch (error) {
        this.#log.error({ err: error }, 'scheduled maintenance failed; it runs again at its next time');
      }
    });
  }
}
