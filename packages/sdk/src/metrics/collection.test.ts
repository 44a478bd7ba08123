import { MetricRegistry } from '@vedetta/metrics';
import type { SystemSample } from '@vedetta/metrics/host';
import { afterEach, expect, test, vi } from 'vitest';
import { Collection } from './collection.js';

afterEach(() => {
  vi.useRealTimers();
});

const sample = (memoryPercent: number): SystemSample => ({
  timestampMs: 0,
  cpuPercent: undefined,
  memoryPercent,
  memoryUsedMb: 1,
  memoryAvailableMb: undefined,
  diskUsagePercent: 70,
  diskFreeGb: 2,
  networkBytesSent: undefined,
  networkBytesRecv: undefined,
  activeConnections: 3,
});

const shown = (registry: MetricRegistry, name: string) =>
  registry.snapshot(() => {}).find((family) => family.name === name)?.series[0]?.value;

test('the latest look is shown; what the system does not tell has no series', async () => {
  const registry = new MetricRegistry();
  const samples = [sample(40), sample(50)];
  const collection = new Collection(registry, { sample: async () => samples.shift() as SystemSample });
  await collection.first();
  await collection.first();
  expect(shown(registry, 'memory_usage_percent')).toBe(40);
  await collection.look();
  expect(shown(registry, 'memory_usage_percent')).toBe(50);
  expect(shown(registry, 'disk_free_percent')).toBe(30);
  expect(shown(registry, 'cpu_usage_percent')).toBeUndefined();
  expect(shown(registry, 'nodejs_heap_size_used_bytes')).toBeGreaterThan(0);
  collection.stop();
});

test('a look that fails harms nothing', async () => {
  const registry = new MetricRegistry();
  const collection = new Collection(registry, { sample: () => Promise.reject(new Error('no')) });
  await collection.look();
  expect(shown(registry, 'memory_usage_percent')).toBeUndefined();
  expect(shown(registry, 'process_resident_memory_bytes')).toBeGreaterThan(0);
  collection.stop();
});

test('a look that never ends is not waited for, and not started again beside itself', async () => {
  vi.useFakeTimers();
  let looks = 0;
  const registry = new MetricRegistry();
  const collection = new Collection(registry, {
    sample: () => {
      looks += 1;
      return new Promise(() => {});
    },
  });
  for (let i = 0; i < 3; i += 1) {
    const looked = collection.look();
    await vi.advanceTimersByTimeAsync(2_000);
    await looked;
  }
  expect(looks).toBe(1);
  collection.stop();
});
