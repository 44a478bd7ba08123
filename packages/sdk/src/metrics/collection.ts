import type { MetricRegistry } from '@vedetta/metrics';
import type { SystemSample } from '@vedetta/metrics/host';
import {
  HostSampler,
  observeGarbageCollections,
  ProcessMonitor,
  registerHostMetrics,
  registerProcessMetrics,
} from '@vedetta/metrics/host';

/** Looks at machine and process when told, and shows the latest of both. Keeps no process alive. */
export class Collection {
  readonly #host: HostSampler | undefined;
  readonly #monitor: ProcessMonitor;
  #latest: SystemSample | undefined;
  #running: Promise<void> | undefined;

  constructor(registry: MetricRegistry, diskPath: string | undefined, now: () => number) {
    this.#monitor = new ProcessMonitor(observeGarbageCollections(registry));
    registerProcessMetrics(registry, this.#monitor);
    this.#host = diskPath === undefined ? undefined : new HostSampler({ dataDir: diskPath, now });
    if (this.#host !== undefined) registerHostMetrics(registry, () => this.#latest);
  }

  /** The first look at the machine, for a page that is asked for before there was one. */
  async first(): Promise<void> {
    if (this.#host !== undefined && this.#latest === undefined) await (this.#running ?? this.look());
  }

  /** Looks now. Never rejects; one look at a time. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
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
