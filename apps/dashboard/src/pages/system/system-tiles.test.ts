import { describe, expect, it } from 'vitest';
import type { Endpoint } from './endpoint-columns.js';
import { ENDPOINT_COLUMNS, sortEndpoints } from './endpoint-columns.js';
import { rateWindow } from './system-charts.js';
import { perSecond } from './system-tiles.js';

const row = (second: number, received: number | null) => ({
  timestamp: new Date(second * 1000).toISOString(),
  cpu_percent: null,
  memory_percent: null,
  memory_used_mb: null,
  memory_available_mb: null,
  disk_usage_percent: null,
  disk_free_gb: null,
  network_bytes_sent: 0,
  network_bytes_recv: received,
  active_connections: null,
});

describe('perSecond', () => {
  it.each([
    ['is what the counter gained', row(0, 100), row(10, 600), 50],
    ['is unknown where the counter began anew', row(0, 100), row(10, 5), null],
    ['is unknown without a row before', undefined, row(10, 5), null],
    ['is unknown where a row does not tell', row(0, null), row(10, 5), null],
    ['is unknown within no time', row(10, 1), row(10, 5), null],
  ])('%s', (_what, before, now, expected) => {
    expect(perSecond(before, now, 'network_bytes_recv')).toBe(expected);
  });
});

it.each([
  [30, 10_000, '120s'],
  [5, 300_000, '300s'],
  [1, 1500, '4s'],
])('rates over samples every %s s and steps of %s ms look back %s', (interval, step, expected) => {
  expect(rateWindow(interval, step)).toBe(expected);
});

describe('sortEndpoints', () => {
  const endpoint = (name: string, requests: number, bytes: number | null): Endpoint => ({
    endpoint: name,
    method: 'GET',
    requests,
    errors: 0,
    average_ms: 1,
    p50_ms: 1,
    p95_ms: 1,
    p99_ms: 1,
    average_request_bytes: bytes,
    average_response_bytes: null,
    statuses: {},
  });
  const endpoints = [endpoint('b', 1, null), endpoint('a', 1, 5), endpoint('c', 9, 7)];

  it.each([
    ['count', ['c', 'a', 'b']],
    ['endpoint', ['a', 'b', 'c']],
    ['in', ['c', 'a', 'b']],
    ['statuses', ['b', 'a', 'c']],
  ])('by %s is %j', (id, expected) => {
    const column = ENDPOINT_COLUMNS.find((one) => one.id === id);
    expect(column && sortEndpoints(endpoints, column).map((one) => one.endpoint)).toEqual(expected);
  });
});
