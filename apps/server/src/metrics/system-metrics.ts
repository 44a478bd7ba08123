import type { MetricRegistry } from '@vedetta/metrics';
import type { SystemSample } from '@vedetta/metrics/host';
import {
  HostSampler,
  observeGarbageCollections,
  ProcessMonitor,
  registerHostMetrics,
  registerProcessMetrics,
} from '@vedetta/metrics/host';
import type { Logger } from 'pino';

/** What the collection of system metrics is made of. */
export interface SystemMetricsParts {
  readonly registry: MetricRegistry;
  readonly dataDir: string;
  readonly intervalSeconds: number;
  readonly log: Pick<Logger, 'warn'>;
  readonly now: () => number;
  /** Keeps what was sampled, where it is kept; a failure is logged and does not end the collection. */
  readonly keep?: (sample: SystemSample) => Promise<void>;
}

/** Samples machine and process on a schedule, and shows the latest of both at `/metrics`. Keeps no process alive. */
export class SystemMetrics {
  readonly #parts: SystemMetricsParts;
  readonly #host: HostSampler;
  readonly #monitor: ProcessMonitor;
  #latest: SystemSample | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: SystemMetricsParts) {
    this.#parts = parts;
    const { registry, dataDir, now } = parts;
    this.#host = new HostSampler({ dataDir, now });
    this.#monitor = new ProcessMonitor(observeGarbageCollections(registry));
    registerHostMetrics(registry, () => this.#latest);
    registerProcessMetrics(registry, this.#monitor);
  }

  /** The latest sample; `undefined` before the first. */
  get latest(): SystemSample | undefined {
    return this.#latest;
  }

  start(): void {
    this.#queue();
    this.#timer = setInterval(() => this.#queue(), this.#parts.intervalSeconds * 1000).unref();
  }

  /** Ends the schedule; resolves when a sample under way is kept. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#monitor.stop();
    await this.#running;
  }

  /** Takes one sample and keeps it. */
  async collect(): Promise<void> {
    this.#latest = await this.#host.sample();
    this.#monitor.turn();
    await this.#parts.keep?.(this.#latest);
  }

  #queue(): void {
    this.#running = this.#running.then(() =>
      this.collect().catch((error: unknown) => {
        this.#parts.log.warn({ err: error }, 'system metrics could not be kept; the next ones are tried');
      }),
    );
  }
}
