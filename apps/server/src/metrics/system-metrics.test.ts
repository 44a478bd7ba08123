import { tmpdir } from 'node:os';
import { MetricRegistry } from '@vedetta/metrics';
import type { SystemSample } from '@vedetta/metrics/host';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { SystemMetrics } from './system-metrics.js';

test('a sample is kept, and shown with the process under the usual names', async () => {
  const registry = new MetricRegistry();
  const kept: SystemSample[] = [];
  const metrics = new SystemMetrics({
    registry,
    dataDir: tmpdir(),
    intervalSeconds: 3600,
    log: pino({ level: 'silent' }),
    now: () => 7,
    keep: async (sample) => void kept.push(sample),
  });
  const values = async () => {
    const families = await registry.collect((_, error) => expect(error).toBeUndefined());
    return new Map(families.map(({ name, series }) => [name, series[0]?.value]));
  };
  expect((await values()).get('memory_usage_percent')).toBeUndefined();
  await metrics.collect();
  await metrics.stop();
  const now = await values();
  expect(kept).toMatchObject([{ timestampMs: 7 }]);
  expect(now.get('memory_usage_percent')).toBe(kept[0]?.memoryPercent);
  expect(now.get('disk_free_percent')).toBe(100 - (kept[0]?.diskUsagePercent ?? Number.NaN));
  expect(now.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  expect(now.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  expect([...now.keys()]).toEqual(expect.arrayContaining(['cpu_usage_percent', 'nodejs_eventloop_lag_p99_seconds']));
});
