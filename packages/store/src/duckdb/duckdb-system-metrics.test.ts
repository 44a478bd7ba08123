import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../api/store.js';
import type { SystemMetricRow } from '../api/system-metrics.js';
import { openDuckDbStore } from './open-store.js';

const folder = mkdtempSync(join(tmpdir(), 'vedetta-system-metrics-'));
const path = join(folder, 'vedetta.duckdb');
const T = Date.parse('2026-11-21T12:00:00Z');
const ROW: SystemMetricRow = {
  timestampMs: T,
  cpuPercent: 12.5,
  memoryPercent: 40,
  memoryUsedMb: 3000,
  memoryAvailableMb: 5000,
  diskUsagePercent: 71,
  diskFreeGb: 20.5,
  networkBytesSent: 5_000_000_000,
  networkBytesRecv: 7,
  activeConnections: 3,
};
const UNKNOWN: SystemMetricRow = {
  timestampMs: T + 1000,
  cpuPercent: undefined,
  memoryPercent: undefined,
  memoryUsedMb: undefined,
  memoryAvailableMb: undefined,
  diskUsagePercent: undefined,
  diskFreeGb: undefined,
  networkBytesSent: undefined,
  networkBytesRecv: undefined,
  activeConnections: undefined,
};
const ALL = { fromUnixMs: 0, toUnixMs: T * 2 };

let store: Store;
beforeAll(async () => {
  store = await openDuckDbStore({ path });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('rows come back as they were, after a new start too', async () => {
  await store.systemMetrics.write(ROW);
  await store.systemMetrics.write(UNKNOWN);
  await store.close();
  store = await openDuckDbStore({ path });
  expect(await store.systemMetrics.recent(ALL, 10)).toEqual([ROW, UNKNOWN]);
  expect(await store.systemMetrics.recent(ALL, 1)).toEqual([UNKNOWN]);
  expect(await store.systemMetrics.recent({ fromUnixMs: T, toUnixMs: T + 1000 }, 10)).toEqual([ROW]);
});

test('users read them by SQL, and what is old goes', async () => {
  const ask = () =>
    store.sql.query(
      'SELECT timestamp, cpu_percent, network_bytes_sent, active_connections FROM system_metrics ORDER BY timestamp',
      { maxRows: 10, timeoutMs: 5000 },
    );
  expect(await ask()).toMatchObject({
    rows: [
      [expect.stringContaining('2026-11-21'), 12.5, 5_000_000_000, 3],
      [expect.anything(), null, null, null],
    ],
  });
  expect(await store.systemMetrics.deleteBefore(T + 1)).toBe(1);
  expect(await ask()).toMatchObject({ rows: [[expect.anything(), null, null, null]] });
});
