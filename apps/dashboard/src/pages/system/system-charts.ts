import type { ChartThreshold } from '../../charts/time-series/types.js';

/** From where on a figure is a worry, in percent. */
export const LIMITS = { cpu: 80, memory: 90, disk: 85 } as const;

/** Series of the server itself; an application may report figures of the same names. */
export const OWN = 'job="vedetta"';

/** A query of a chart; every series it gives is called by `nameOf` of its labels. */
interface ChartQuery {
  /** The window of rates is put in. */
  readonly query: (window: string) => string;
  readonly nameOf: (labels: Readonly<Record<string, string>>) => string;
}

/** A chart of the page. */
export interface SystemChart {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly ChartQuery[];
  readonly min?: number;
  readonly max?: number;
  readonly stack?: boolean;
  readonly thresholds?: readonly ChartThreshold[];
}

/** The machine first, then the server's process. */
export const SYSTEM_CHARTS: readonly SystemChart[] = [
  {
    id: 'cpu',
    title: 'CPU',
    queries: [gauge('cpu_usage_percent', 'in use')],
    ...percent(LIMITS.cpu),
  },
  {
    id: 'memory',
    title: 'Memory',
    queries: [gauge('memory_usage_percent', 'in use')],
    ...percent(LIMITS.memory),
  },
  {
    id: 'disk',
    title: 'Disk of the data',
    queries: [{ query: () => `100 - disk_free_percent{${OWN}}`, nameOf: () => 'in use' }],
    ...percent(LIMITS.disk),
  },
  {
    id: 'network',
    title: 'Network',
    unit: 'bytes/s',
    min: 0,
    queries: [rate('network_receive_bytes_total', 'received'), rate('network_transmit_bytes_total', 'sent')],
  },
  {
    id: 'connections',
    title: 'Open TCP connections',
    unit: 'short',
    min: 0,
    queries: [gauge('active_connections', 'connections')],
  },
  {
    id: 'process-cpu',
    title: 'CPU of the server, of one processor',
    unit: 'percentunit',
    stack: true,
    queries: [rate('process_cpu_user_seconds_total', 'programs'), rate('process_cpu_system_seconds_total', 'kernel')],
  },
  {
    id: 'process-memory',
    title: 'Memory of the server',
    unit: 'bytes',
    min: 0,
    queries: [
      gauge('process_resident_memory_bytes', 'in RAM'),
      gauge('nodejs_heap_size_total_bytes', 'heap'),
      gauge('nodejs_heap_size_used_bytes', 'heap in use'),
      gauge('nodejs_external_memory_bytes', 'outside the heap'),
    ],
  },
  {
    id: 'event-loop',
    title: 'Event-loop delay',
    unit: 'seconds',
    min: 0,
    queries: [
      gauge('nodejs_eventloop_lag_p50_seconds', 'p50'),
      gauge('nodejs_eventloop_lag_p99_seconds', 'p99'),
      gauge('nodejs_eventloop_lag_max_seconds', 'max'),
    ],
  },
  {
    id: 'gc',
    title: 'Garbage collection, share of the time',
    unit: 'percentunit',
    stack: true,
    queries: [
      {
        query: (window) => `sum by (instance, kind) (rate(nodejs_gc_duration_seconds_sum{${OWN}}[${window}]))`,
        nameOf: ({ kind = 'all' }) => kind,
      },
    ],
  },
];

/** Long enough for several samples, and for what lies between two points. */
export function rateWindow(intervalSeconds: number, stepMs: number): string {
  return `${Math.ceil(Math.max(4 * intervalSeconds, stepMs / 1000))}s`;
}

function gauge(metric: string, name: string): ChartQuery {
  return { query: () => `${metric}{${OWN}}`, nameOf: () => name };
}

function rate(metric: string, name: string): ChartQuery {
  return { query: (window) => `rate(${metric}{${OWN}}[${window}])`, nameOf: () => name };
}

function percent(limit: number) {
  return { unit: 'percent', min: 0, max: 100, thresholds: [{ value: limit, color: 'var(--bad)', area: true }] };
}
