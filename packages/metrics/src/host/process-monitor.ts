import type { IntervalHistogram } from 'node:perf_hooks';
import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What a process uses now. Bytes, and seconds since it started. */
export interface ProcessSample {
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly heapLimitBytes: number;
  readonly externalBytes: number;
  /** How late the event loop's timers were in the last span of time that {@link ProcessMonitor.turn} ended, in seconds. */
  readonly eventLoopDelay: EventLoopDelay;
}

/** Seconds; 0 before anything was measured. */
export interface EventLoopDelay {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Kinds of garbage collections, as `prom-client` and the OpenTelemetry conventions name them. */
export type GcKind = 'major' | 'minor' | 'incremental' | 'weakcb';

const RESOLUTION_MS = 10;
const NOTHING: EventLoopDelay = { min: 0, mean: 0, max: 0, p50: 0, p90: 0, p99: 0 };
const GC_KINDS: Readonly<Record<number, GcKind>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** Watches this process: its event loop, heap and garbage collector. Keeps no process alive. */
export class ProcessMonitor {
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #gc: PerformanceObserver;
  #delay = NOTHING;

  constructor(onGc: (kind: GcKind, seconds: number) => void) {
    this.#delays.enable();
    this.#gc = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { kind } = (entry as { readonly detail?: { readonly kind?: number } }).detail ?? {};
        onGc(GC_KINDS[kind ?? -1] ?? 'incremental', entry.duration / 1000);
      }
    });
    this.#gc.observe({ entryTypes: ['gc'] });
  }

  sample(): ProcessSample {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    return {
      cpuUserSeconds: user / 1e6,
      cpuSystemSeconds: system / 1e6,
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      heapLimitBytes: getHeapStatistics().heap_size_limit,
      externalBytes: external,
      eventLoopDelay: this.#delay,
    };
  }

  /** Ends a span of time: what was measured of the event loop in it is what {@link sample} tells until the next one. */
  turn(): void {
    const delays = this.#delays;
    // The histogram holds times between two timers, the time they were to be apart included.
    const late = (ns: number): number => Math.max(0, ns / 1e9 - RESOLUTION_MS / 1000);
    this.#delay =
      delays.count === 0
        ? NOTHING
        : {
            min: late(delays.min),
            mean: late(delays.mean),
            max: late(delays.max),
            p50: late(delays.percentile(50)),
            p90: late(delays.percentile(90)),
            p99: late(delays.percentile(99)),
          };
    delays.reset();
  }

  stop(): void {
    this.#delays.disable();
    this.#gc.disconnect();
  }
}
