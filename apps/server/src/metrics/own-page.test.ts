import { MetricRegistry } from '@vedetta/metrics';
import { expect, test } from 'vitest';
import { ownPages } from './own-page.js';

test('counters and buckets carry the exemplars they have', async () => {
  const registry = new MetricRegistry();
  const exemplar = (value: number) => ({ labels: { trace_id: 't', span_id: 's' }, value, timestampMs: 1000 });
  registry.counter({ name: 'calls_total', help: '', labels: ['model'] }).add(['a'], 1, exemplar(1));
  const seconds = registry.histogram({ name: 'seconds', help: '', labels: ['model'], bounds: [0.5, 1] });
  seconds.observe(['a'], 0.75, exemplar(0.75));
  seconds.observe(['a'], 3, exemplar(3));
  seconds.observe(['a'], 0.25);
  const page = await ownPages(registry, (_, error) => expect.fail(String(error))).read(new AbortController().signal);
  if (page.kind === 'failed') expect.fail(page.reason);
  const labels = [
    ['trace_id', 't'],
    ['span_id', 's'],
  ];
  expect(page.samples.map(({ name, labels: of, value, exemplar: found }) => [name, of.at(-1), value, found])).toEqual([
    ['calls_total', ['model', 'a'], 1, { labels, value: 1, timestampMs: 1000 }],
    ['seconds_bucket', ['le', '0.5'], 1, undefined],
    ['seconds_bucket', ['le', '1'], 2, { labels, value: 0.75, timestampMs: 1000 }],
    ['seconds_bucket', ['le', '+Inf'], 3, { labels, value: 3, timestampMs: 1000 }],
    ['seconds_sum', ['model', 'a'], 4, undefined],
    ['seconds_count', ['model', 'a'], 3, undefined],
  ]);
});
