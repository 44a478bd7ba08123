import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Attributes, Span } from '@vedetta/model';
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

test('rows are summed up: what is not known counts for nothing, a counter that fell began anew', async () => {
  const at = (second: number, row: Partial<SystemMetricRow>) =>
    store.systemMetrics.write({ ...UNKNOWN, ...row, timestampMs: T + 60_000 + second * 1000 });
  await at(1, { cpuPercent: 10, memoryPercent: 50, networkBytesSent: 100 });
  await at(2, { memoryPercent: 50 });
  await at(3, { cpuPercent: 40, activeConnections: 2, networkBytesSent: 130, networkBytesRecv: 9 });
  await at(0, { cpuPercent: 22, networkBytesSent: 90 });
  await at(4, { networkBytesSent: 5, networkBytesRecv: 9 });
  await at(5, { cpuPercent: 99, networkBytesSent: 5e15 });
  const range = { fromUnixMs: T + 60_000, toUnixMs: T + 65_000 };
  const unknown = { average: undefined, min: undefined, max: undefined, latest: undefined };
  expect(await store.systemMetrics.summary(range)).toEqual({
    samples: 5,
    cpuPercent: { average: 24, min: 10, max: 40, latest: 40 },
    memoryPercent: { average: 50, min: 50, max: 50, latest: 50 },
    diskUsagePercent: unknown,
    activeConnections: { average: 2, min: 2, max: 2, latest: 2 },
    networkBytesSent: 10 + 30 + 5,
    networkBytesRecv: 0,
  });
  const none = await store.systemMetrics.summary({ fromUnixMs: 0, toUnixMs: 1 });
  expect(none).toMatchObject({ samples: 0, cpuPercent: unknown, networkBytesSent: 0 });
});

const served = (spanId: string, attributes: Attributes, more: Partial<Span> = {}): Span => ({
  traceId: spanId.padStart(32, '0'),
  spanId: spanId.padStart(16, '0'),
  parentSpanId: '',
  name: 'GET',
  kind: 2,
  startUnixNano: BigInt(T) * 1_000_000n,
  endUnixNano: BigInt(T + 250) * 1_000_000n,
  statusCode: 0,
  statusMessage: '',
  attributes,
  events: [],
  links: [],
  origin: { serviceName: 's', resource: {}, scopeName: '', scopeVersion: '' },
  facts: {},
  genAi: undefined,
  ...more,
});

const SPANS = [
  served('a1', { 'http.request.method': 'GET', 'http.route': '/a', 'http.response.status_code': 200 }),
  // Former names, numbers as texts, no route.
  served('a2', { 'http.method': 'PUT', 'http.status_code': '503', 'http.request_content_length': '12' }),
  // What is of no server, asks somebody else, or says no method is none.
  served('a3', { 'http.request.method': 'GET' }, { kind: 3 }),
  served('a4', { 'http.route': '/a' }),
  served(
    'a5',
    { 'http.request.method': 'GET', 'vedetta.span.kind': 'request', 'http.response.body.size': 9 },
    { kind: 1 },
  ),
  served('a6', { 'http.request.method': 'GET', 'http.response.status_code': 'none' }, { statusCode: 2 }),
];
const ANSWERS = `SELECT endpoint, method, status_code, response_time_ms, request_size_bytes, response_size_bytes, error_count
  FROM api_metrics ORDER BY ALL`;
const EXPECTED = [
  ['/a', 'GET', 200, 250, null, null, 0],
  ['unknown', 'GET', null, 250, null, 9, 0],
  ['unknown', 'GET', null, 250, null, null, 1],
  ['unknown', 'PUT', 503, 250, 12, null, 1],
];

test('HTTP requests have a row as soon as their span is stored, once, until it goes', async () => {
  expect(await store.writer.write(SPANS)).toMatchObject({ kind: 'stored', storedSpans: 6 });
  expect(await store.writer.write(SPANS)).toMatchObject({ kind: 'stored', duplicateSpans: 6 });
  const ask = () => store.sql.query(ANSWERS, { maxRows: 10, timeoutMs: 5000 });
  expect(await ask()).toMatchObject({ rows: EXPECTED });
  expect(await store.systemMetrics.endpoints({ fromUnixMs: T, toUnixMs: T + 1 }, 10)).toMatchObject([
    { endpoint: 'unknown', method: 'GET', requests: 2, errors: 1, p99Ms: 250, statuses: { unknown: 2 } },
    { endpoint: '/a', method: 'GET', requests: 1, errors: 0, statuses: { 200: 1 } },
    { endpoint: 'unknown', method: 'PUT', requests: 1, errors: 1, averageRequestBytes: 12, statuses: { 503: 1 } },
  ]);
  expect(await store.systemMetrics.endpoints({ fromUnixMs: T + 1, toUnixMs: 8.64e15 }, 10)).toEqual([]);
  await store.maintenance.deleteBefore(T + 1000);
  expect(await ask()).toMatchObject({ rows: [] });
});

test('an upgrade makes the rows of spans that are stored already', async () => {
  expect(await store.writer.write(SPANS)).toMatchObject({ kind: 'stored', storedSpans: 6 });
  await store.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("DROP TABLE data.http_answers; UPDATE data.meta SET value = '6' WHERE key = 'schema_version'");
  connection.closeSync();
  instance.closeSync();
  store = await openDuckDbStore({ path });
  expect(await store.sql.query(ANSWERS, { maxRows: 10, timeoutMs: 5000 })).toMatchObject({ rows: EXPECTED });
});
