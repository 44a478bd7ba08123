import { parsePromql } from '@vedetta/query';
import { expect, it } from 'vitest';
import { findMetadata, searchMetrics, usualQueries } from './metric-list.js';

const metadata = new Map([
  ['http_duration_seconds', { type: 'histogram', help: 'Time of a request.', unit: '' }],
  ['requests_total', { type: 'counter', help: 'All requests.', unit: '' }],
  ['up', { type: 'gauge', help: 'Whether a target answers.', unit: '' }],
]);

it('finds what is known of a metric by its family too', () => {
  expect(findMetadata('http_duration_seconds_bucket', metadata)?.type).toBe('histogram');
  expect(findMetadata('requests_total', metadata)?.type).toBe('counter');
  expect(findMetadata('unknown', metadata)).toBeUndefined();
});

it('searches names and helps, names first', () => {
  const names = ['http_duration_seconds_sum', 'requests_total', 'up'];
  expect(searchMetrics(names, metadata, '')).toEqual(names);
  expect(searchMetrics(names, metadata, 'REQUEST')).toEqual(['requests_total', 'http_duration_seconds_sum']);
  expect(searchMetrics(names, metadata, 'time seconds')).toEqual(['http_duration_seconds_sum']);
  expect(searchMetrics(names, undefined, 'answers')).toEqual([]);
});

it.each([
  ['up', ['up']],
  ['requests_total', ['requests_total', 'rate(requests_total[5m])']],
  [
    'http_duration_seconds_bucket',
    ['http_duration_seconds_bucket', 'histogram_quantile(0.95, sum by (le) (rate(http_duration_seconds_bucket[5m])))'],
  ],
  ['http_duration_seconds_count', ['http_duration_seconds_count', 'rate(http_duration_seconds_count[5m])']],
  ['http.requests', ['{"http.requests"}']],
])('offers for %s what it is usually asked for', (name, expected) => {
  const queries = usualQueries(name, findMetadata(name, metadata)).map(({ query }) => query);
  expect(queries).toEqual(expected);
  for (const query of queries) expect(() => parsePromql(query)).not.toThrow();
});
