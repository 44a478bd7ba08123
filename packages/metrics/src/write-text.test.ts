import { expect, test } from 'vitest';
import { MetricRegistry } from './registry.js';
import { writeText, writeTextParts } from './write-text.js';

test('a page of very many series comes in small parts, which together are the page', () => {
  const registry = new MetricRegistry();
  const seconds = registry.histogram({
    name: 'h_seconds',
    help: 'h',
    labels: ['a', 'b'],
    maxSeries: 5000,
    bounds: [1],
  });
  const counter = registry.counter({ name: 'c_total', help: 'c', labels: ['a'], maxSeries: 5000 });
  for (let i = 0; i < 1000; i += 1) {
    seconds.observe([i, 'x"'], i % 3);
    counter.add([i]);
  }
  const families = registry.snapshot(() => {});
  for (const format of ['text', 'openmetrics'] as const) {
    const parts = [...writeTextParts(families, format)];
    expect(parts.length).toBeGreaterThan(40);
    for (const part of parts) expect(part.split('\n').length).toBeLessThanOrEqual(203);
    expect(parts.join('')).toBe(writeText(families, format));
  }
  const lines = writeText(families, 'openmetrics').split('\n');
  expect(lines).toHaveLength(2 * 2 + 1000 * 4 + 1000 + 2);
  expect(lines).toContain('h_seconds_bucket{a="7",b="x\\"",le="1.0"} 1');
  expect(lines).toContain('c_total{a="999"} 1');
});

test('nothing is an empty page, and in OpenMetrics its end', () => {
  expect([writeText([], 'text'), writeText([], 'openmetrics')]).toEqual(['', '# EOF\n']);
});
