import type { MetricRegistry } from '@vedetta/metrics';
import type { HostSampler, SystemSample } from '@vedetta/metrics/host';
import {
  observeGarbageCollections,
  ProcessMonitor,
  registerHostMetrics,
  registerProcessMetrics,
} from '@vedetta/metrics/host';

/** A file system that does not answer must not hold up what else there is to tell. */
const MAX_LOOK_MS = 2_000;

/** Looks at machine and process when told, and shows the latest of both. Keeps no process alive. */
export class Collection {
  readonly #host: Pick<HostSampler, 'sample'> | undefined;
  readonly #monitor: ProcessMonitor;
  #latest: SystemSample | undefined;
  #running: Promise<void> | undefined;

  /** `host` looks at the machine; `undefined` leaves it out. */
  constructor(registry: MetricRegistry, host: Pick<HostSampler, 'sample'> | undefined) {
    this.#monitor = new ProcessMonitor(observeGarbageCollections(registry));
    registerProcessMetrics(registry, this.#monitor);
    this.#host = host;
    if (this.#host !== undefined) registerHostMetrics(registry, () => this.#latest);
  }

  /** The first look at the machine, for a page that is asked for before there was one. */
  async first(): Promise<void> {
    if (this.#host !== undefined && this.#latest === undefined) await this.look();
  }

  /** Looks now. Never rejects; one look at a time, which is not waited for when it takes too long. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined;
    });
    const looked = this.#running;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, MAX_LOOK_MS).unref();
      void looked.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  stop(): void {
    this.#monitor.stop();
  }

  async #look(): Promise<void> {
    this.#monitor.turn();
    try {
      this.#latest = await this.#host?.sample();
    } catch {
      // What the system does not tell has no series.
    }
  }
}
