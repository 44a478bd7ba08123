import { expect, test } from 'vitest';
import { labelName, metricName } from './names.js';

test.each([
  ['http_requests_total', '', 'sum', true, 'http_requests_total'],
  ['gen_ai.client.inference.duration', 's', 'histogram', false, 'gen_ai_client_inference_duration_seconds'],
  ['gen_ai.client.token.usage', '{token}', 'histogram', false, 'gen_ai_client_token_usage'],
  ['took_seconds', 's', 'histogram', false, 'took_seconds'],
  ['process.cpu.time', 's', 'sum', true, 'process_cpu_time_seconds_total'],
  ['total.requests', '1', 'sum', true, 'requests_total'],
  ['queue', '{item}', 'sum', false, 'queue'],
  ['system.io', 'By/s', 'gauge', false, 'system_io_bytes_per_second'],
  ['cpu.utilization', '1', 'gauge', false, 'cpu_utilization_ratio'],
  ['hit_ratio', '1', 'gauge', false, 'hit_ratio'],
  ['2xx', '', 'sum', true, '_2xx_total'],
  ['job:rate:5m', '', 'gauge', false, 'job:rate:5m'],
  ['größe', 'foo', 'gauge', false, 'gr_e_foo'],
  ['...', 's', 'gauge', false, ''],
] as const)('%s in %s, a %s, is %s', (name, unit, kind, monotonic, expected) => {
  expect(metricName({ name, unit, kind, monotonic })).toBe(expected);
});

test.each([
  ['http.status_code', 'http_status_code'],
  ['3d', 'key_3d'],
  ['_private', 'key_private'],
  ['__name__', 'key__name__'],
  ['ключ', 'key____'],
])('the attribute %s is the label %s', (key, expected) => {
  expect(labelName(key)).toBe(expected);
});
