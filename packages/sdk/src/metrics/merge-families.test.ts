import { MetricRegistry } from '@vedetta/metrics';
import { expect, test } from 'vitest';
import { mergeFamilies } from './merge-families.js';

const families = (fill: (registry: MetricRegistry) => void) => {
  const registry = new MetricRegistry();
  fill(registry);
  return registry.snapshot(() => {});
};
const exemplar = (timestampMs: number) => ({ labels: { trace_id: `t${timestampMs}` }, value: 1, timestampMs });

test('series that both have are added up, with the newer example; the others stand beside each other', () => {
  const first = families((registry) => {
    const calls = registry.counter({ name: 'calls_total', help: 'Calls', labels: ['a'] });
    calls.add(['x'], 2, exemplar(5));
    calls.add(['y'], 1);
    registry.histogram({ name: 'took', help: '', bounds: [1, 2] }).observe([], 0.5, exemplar(1));
    registry.gauge({ name: 'z', help: '' }).set([], 1);
  });
  const second = families((registry) => {
    const calls = registry.counter({ name: 'calls_total', help: 'Calls', labels: ['a'] });
    calls.add(['x'], 3, exemplar(4));
    calls.add(['w'], 7);
    const took = registry.histogram({ name: 'took', help: '', bounds: [1, 2] });
    took.observe([], 0.25, exemplar(2));
    took.observe([], 9);
    registry.gauge({ name: 'b', help: '' }).set([], 5);
  });
  const merged = mergeFamilies(first, second);
  expect(merged.map(({ name }) => name)).toEqual(['b', 'calls_total', 'took', 'z']);
  expect(merged[1]?.series).toEqual([
    { labelValues: ['x'], value: 5, exemplars: [exemplar(5)] },
    { labelValues: ['y'], value: 1 },
    { labelValues: ['w'], value: 7 },
  ]);
  expect(merged[2]?.series).toEqual([
    { labelValues: [], bucketCounts: [2, 0, 1], sum: 9.75, count: 3, exemplars: [exemplar(2)] },
  ]);
});

test('of two that do not fit together the first stays', () => {
  const first = families((registry) => registry.gauge({ name: 'n', help: '' }).set([], 1));
  const second = families((registry) => registry.counter({ name: 'n', help: '', labels: ['a'] }).add(['x'], 5));
  expect(mergeFamilies(first, second)).toEqual(first);
});
