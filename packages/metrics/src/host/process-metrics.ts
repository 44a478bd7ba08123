import { computedCounter, computedGauge } from '../computed.js';
import type { MetricRegistry } from '../registry.js';
import type { GcKind, ProcessMonitor, ProcessSample } from './process-monitor.js';

/** Pauses of garbage collections are short: from a tenth of a millisecond to seconds. */
const GC_BOUNDS_SECONDS = [0.0001, 0.001, 0.01, 0.1, 1, 2, 5];

type Figure = readonly [name: string, help: string, of: (sample: ProcessSample) => number];

const GAUGES: readonly Figure[] = [
  ['process_resident_memory_bytes', 'Memory of the process in RAM.', (s) => s.residentBytes],
  ['nodejs_heap_size_used_bytes', 'Heap of the process in use.', (s) => s.heapUsedBytes],
  ['nodejs_heap_size_total_bytes', 'Heap of the process.', (s) => s.heapTotalBytes],
  ['nodejs_heap_size_limit_bytes', 'Most that the heap of the process may grow to.', (s) => s.heapLimitBytes],
  ['nodejs_external_memory_bytes', 'Memory of the process outside the heap, held by objects.', (s) => s.externalBytes],
  ...(['min', 'mean', 'max', 'p50', 'p90', 'p99'] as const).map(
    (figure): Figure => [
      `nodejs_eventloop_lag_${figure}_seconds`,
      'How late the event loop of the process was in the latest interval.',
      (sample) => sample.eventLoopDelay[figure],
    ],
  ),
];
const CPU = 'Processor time of the process';
const COUNTERS: readonly Figure[] = [
  ['process_cpu_user_seconds_total', `${CPU} in programs.`, (s) => s.cpuUserSeconds],
  ['process_cpu_system_seconds_total', `${CPU} in the kernel.`, (s) => s.cpuSystemSeconds],
  ['process_cpu_seconds_total', `${CPU}.`, (s) => s.cpuUserSeconds + s.cpuSystemSeconds],
];

/** Registers the metrics of the process that runs this, sampled when they are collected. Throws when a name is taken. */
export function registerProcessMetrics(registry: MetricRegistry, monitor: Pick<ProcessMonitor, 'sample'>): void {
  let sample: ProcessSample | undefined;
  // All figures of one collection are of one moment, and asking costs some microseconds.
  const current = () => {
    if (sample === undefined) {
      sample = monitor.sample();
      queueMicrotask(() => {
        sample = undefined;
      });
    }
    return sample;
  };
  for (const [name, help, of] of GAUGES) computedGauge(registry, { name, help }, () => of(current()));
  for (const [name, help, of] of COUNTERS) computedCounter(registry, { name, help }, () => of(current()));
}

/** Registers the histogram of garbage collections; the answer is what a {@link ProcessMonitor} is made with. Throws when the name is taken. */
export function observeGarbageCollections(registry: MetricRegistry): (kind: GcKind, seconds: number) => void {
  const pauses = registry.histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses of garbage collections of the process.',
    labels: ['kind'],
    bounds: GC_BOUNDS_SECONDS,
  });
  return (kind, seconds) => pauses.observe([kind], seconds);
}
