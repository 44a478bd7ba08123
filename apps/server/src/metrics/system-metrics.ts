import type { MetricRegistry } from '@vedetta/metrics';
import type { ProcessSample, SystemSample } from '@vedetta/watch';
import { HostSampler, ProcessMonitor } from '@vedetta/watch';
import type { Logger } from 'pino';
import { computedGauge } from './computed-gauge.js';

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

/** Pauses of garbage collections are short: from a tenth of a millisecond to seconds. */
const GC_BOUNDS_SECONDS = [0.0001, 0.001, 0.01, 0.1, 1, 2, 5];

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
    const pauses = registry.histogram({
      name: 'nodejs_gc_duration_seconds',
      help: 'Pauses of garbage collections of the server.',
      labels: ['kind'],
      bounds: GC_BOUNDS_SECONDS,
    });
    this.#monitor = new ProcessMonitor((kind, seconds) => pauses.observe([kind], seconds));
    registerHost(registry, () => this.#latest);
    registerProcess(registry, this.#monitor);
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

function registerHost(registry: MetricRegistry, latest: () => SystemSample | undefined): void {
  const gauges: readonly (readonly [name: string, help: string, of: (sample: SystemSample) => number | undefined])[] = [
    ['cpu_usage_percent', 'Processors in use, of what the server may use; 0 to 100.', (s) => s.cpuPercent],
    ['memory_usage_percent', 'Memory in use, of what the server may use; 0 to 100.', (s) => s.memoryPercent],
    [
      'disk_free_percent',
      'Free space of the file system of the data; 0 to 100.',
      ({ diskUsagePercent: used }) => (used === undefined ? undefined : 100 - used),
    ],
    ['memory_used_bytes', 'Memory in use.', (s) => scaled(s.memoryUsedMb, 1024 ** 2)],
    ['memory_available_bytes', 'Memory that may still be used.', (s) => scaled(s.memoryAvailableMb, 1024 ** 2)],
    ['disk_free_bytes', 'Free space of the file system of the data.', (s) => scaled(s.diskFreeGb, 1024 ** 3)],
    ['active_connections', 'Open TCP connections of the machine.', (s) => s.activeConnections],
  ];
  for (const [name, help, of] of gauges) {
    computedGauge(registry, { name, help }, () => {
      const sample = latest();
      return sample === undefined ? undefined : of(sample);
    });
  }
  counter(
    registry,
    'network_receive_bytes_total',
    'Bytes that the machine received.',
    () => latest()?.networkBytesRecv,
  );
  counter(registry, 'network_transmit_bytes_total', 'Bytes that the machine sent.', () => latest()?.networkBytesSent);
}

function registerProcess(registry: MetricRegistry, monitor: ProcessMonitor): void {
  const gauges: readonly (readonly [name: string, help: string, of: (sample: ProcessSample) => number])[] = [
    ['process_resident_memory_bytes', 'Memory of the server in RAM.', (s) => s.residentBytes],
    ['nodejs_heap_size_used_bytes', 'Heap of the server in use.', (s) => s.heapUsedBytes],
    ['nodejs_heap_size_total_bytes', 'Heap of the server.', (s) => s.heapTotalBytes],
    ['nodejs_heap_size_limit_bytes', 'Most that the heap of the server may grow to.', (s) => s.heapLimitBytes],
    ['nodejs_external_memory_bytes', 'Memory of the server outside the heap, held by objects.', (s) => s.externalBytes],
    ...(['min', 'mean', 'max', 'p50', 'p90', 'p99'] as const).map(
      (figure) =>
        [
          `nodejs_eventloop_lag_${figure}_seconds`,
          'How late the event loop of the server was in the latest interval.',
          (sample: ProcessSample) => sample.eventLoopDelay[figure],
        ] as const,
    ),
  ];
  for (const [name, help, of] of gauges) computedGauge(registry, { name, help }, () => of(monitor.sample()));
  const cpu = 'Processor time of the server';
  counter(registry, 'process_cpu_user_seconds_total', `${cpu} in programs.`, () => monitor.sample().cpuUserSeconds);
  counter(
    registry,
    'process_cpu_system_seconds_total',
    `${cpu} in the kernel.`,
    () => monitor.sample().cpuSystemSeconds,
  );
  counter(registry, 'process_cpu_seconds_total', `${cpu}.`, () => {
    const { cpuUserSeconds, cpuSystemSeconds } = monitor.sample();
    return cpuUserSeconds + cpuSystemSeconds;
  });
}

function counter(registry: MetricRegistry, name: string, help: string, value: () => number | undefined): void {
  registry.collector(name, {
    collect: () => {
      const current = value();
      const series = current === undefined ? [] : [{ labelValues: [], value: current }];
      return { name, help, labels: [], kind: 'counter', series };
    },
  });
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * factor);
}
