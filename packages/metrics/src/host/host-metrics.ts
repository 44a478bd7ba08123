import { computedCounter, computedGauge } from '../computed.js';
import type { MetricRegistry } from '../registry.js';
import type { SystemSample } from './host-sampler.js';

type Figure = readonly [name: string, help: string, of: (sample: SystemSample) => number | undefined];

const GAUGES: readonly Figure[] = [
  ['cpu_usage_percent', 'Processors in use, of what the process may use; 0 to 100.', (s) => s.cpuPercent],
  ['memory_usage_percent', 'Memory in use, of what the process may use; 0 to 100.', (s) => s.memoryPercent],
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
const COUNTERS: readonly Figure[] = [
  ['network_receive_bytes_total', 'Bytes that the machine received.', (s) => s.networkBytesRecv],
  ['network_transmit_bytes_total', 'Bytes that the machine sent.', (s) => s.networkBytesSent],
];

/** Registers the machine's metrics, each from the latest sample. Throws when a name is taken. */
export function registerHostMetrics(registry: MetricRegistry, latest: () => SystemSample | undefined): void {
  const register = (figures: readonly Figure[], add: typeof computedGauge) => {
    for (const [name, help, of] of figures) {
      add(registry, { name, help }, () => {
        const sample = latest();
        return sample === undefined ? undefined : of(sample);
      });
    }
  };
  register(GAUGES, computedGauge);
  register(COUNTERS, computedCounter);
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * factor);
}
