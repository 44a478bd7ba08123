import { expect, it } from 'vitest';
import { guessUnit } from './guess-unit.js';

it.each([
  ['process_resident_memory_bytes', 'bytes'],
  ['rate(network_receive_bytes_total[5m])', 'bytes/s'],
  ['sum by (job) (rate(network_receive_bytes_total{job="x"}[5m]))', 'bytes/s'],
  ['increase(network_receive_bytes_total[1h])', 'bytes'],
  ['histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))', 'seconds'],
  ['rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])', 'seconds'],
  ['sum(rate(x_seconds_bucket[5m])) by (le)', 'short'],
  ['histogram_quantile(0.9, rate(native_seconds[5m]))', 'seconds'],
  ['rate(process_cpu_seconds_total[1m])', 'percentunit'],
  ['max_over_time(cpu_usage_percent[1h])', 'percent'],
  ['100 - disk_free_percent', 'short'],
  ['disk_free_percent - 5', 'percent'],
  ['ai_cost_usd_total', 'usd'],
  ['count(process_resident_memory_bytes)', 'short'],
  ['a_bytes / b_bytes', 'short'],
  ['a_bytes - b_bytes', 'bytes'],
  ['a_bytes > 5', 'short'],
  ['up', 'short'],
  ['stddev_over_time(x_bytes[5m])', 'short'],
  ['(((', 'short'],
  ['', 'short'],
])('%s has the unit %s', (query, unit) => {
  expect(guessUnit(query)).toBe(unit);
});
