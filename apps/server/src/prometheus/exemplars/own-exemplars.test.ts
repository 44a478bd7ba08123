import { MetricRegistry } from '@vedetta/metrics';
import { createMatcher } from '@vedetta/query';
import { expect, test } from 'vitest';
import { toPage } from '../../metrics/own-page.js';
import { ExemplarStore } from './exemplar-store.js';
import { keepExemplars } from './own-exemplars.js';

test('exemplars have the labels of the series that are scraped', async () => {
  const registry = new MetricRegistry();
  const exemplar = (value: number) => ({ labels: { trace_id: 't', span_id: 's' }, value, timestampMs: 1000 });
  registry.counter({ name: 'calls_total', help: '', labels: ['model', 'job'] }).add(['a', 'x'], 1, exemplar(1));
  const seconds = registry.histogram({ name: 'seconds', help: '', labels: ['model'], bounds: [0.5, 1] });
  seconds.observe(['a'], 0.7, exemplar(0.7));
  seconds.observe([''], 3, exemplar(3));
  const families = await registry.collect((_, error) => expect.fail(String(error)));
  const store = new ExemplarStore(10);
  keepExemplars(store, families, { job: 'vedetta', instance: 'h:1' });
  const kept = store.select([[createMatcher('__name__', '=~', '.+')]], 0, 2000);
  const target = { instance: 'h:1', job: 'vedetta' };
  expect(kept.map(({ labels }) => Object.fromEntries(labels))).toEqual([
    { __name__: 'calls_total', exported_job: 'x', model: 'a', ...target },
    { __name__: 'seconds_bucket', le: '+Inf', ...target },
    { __name__: 'seconds_bucket', le: '1', model: 'a', ...target },
  ]);
  expect(kept[2]?.exemplars).toEqual([
    {
      labels: [
        ['span_id', 's'],
        ['trace_id', 't'],
      ],
      value: 0.7,
      timestampMs: 1000,
    },
  ]);
  const page = toPage(families);
  expect(page.kind === 'page' && page.samples.map(({ name }) => name)).toContain('seconds_bucket');
});
