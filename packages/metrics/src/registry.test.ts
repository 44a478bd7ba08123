import { describe, expect, it } from 'vitest';
import { MetricRegistry } from './registry.js';
import { chooseFormat, writeText } from './write-text.js';

async function page(registry: MetricRegistry, format: 'text' | 'openmetrics' = 'text'): Promise<string> {
  return writeText(
    await registry.collect((name, error) => {
      throw new Error(`${name}: ${String(error)}`);
    }),
    format,
  );
}

describe('metrics', () => {
  it('are written in the classic format, by name', async () => {
    const registry = new MetricRegistry();
    const calls = registry.counter({ name: 'calls_total', help: 'Calls.\nAll \\ of them', labels: ['model'] });
    const up = registry.gauge({ name: 'a_up', help: 'Up' });
    const seconds = registry.histogram({ name: 'took_seconds', help: 'Took', labels: ['m'], bounds: [0.5, 1] });
    calls.add(['x"\\\n'], 2);
    calls.add(['y']);
    up.set([], -1.5);
    for (const value of [0.5, 0.6, 7]) seconds.observe(['z'], value);
    expect(await page(registry)).toBe(
      [
        '# HELP a_up Up',
        '# TYPE a_up gauge',
        'a_up -1.5',
        '# HELP calls_total Calls.\\nAll \\\\ of them',
        '# TYPE calls_total counter',
        'calls_total{model="x\\"\\\\\\n"} 2',
        'calls_total{model="y"} 1',
        '# HELP took_seconds Took',
        '# TYPE took_seconds histogram',
        'took_seconds_bucket{m="z",le="0.5"} 1',
        'took_seconds_bucket{m="z",le="1"} 2',
        'took_seconds_bucket{m="z",le="+Inf"} 3',
        'took_seconds_sum{m="z"} 8.1',
        'took_seconds_count{m="z"} 3',
        '',
      ].join('\n'),
    );
  });

  it('are written in OpenMetrics with exemplars', async () => {
    const registry = new MetricRegistry();
    const exemplar = { labels: { trace_id: 'abc' }, value: 0.7, timestampMs: 1_763_000_000_123 };
    registry.counter({ name: 'calls_total', help: 'Says "calls"' }).add([], 1, exemplar);
    registry.histogram({ name: 'took_seconds', help: 'Took', bounds: [0.5, 1] }).observe([], 0.7, exemplar);
    expect(await page(registry, 'openmetrics')).toBe(
      [
        '# HELP calls Says \\"calls\\"',
        '# TYPE calls counter',
        'calls_total 1 # {trace_id="abc"} 0.7 1763000000.123',
        '# HELP took_seconds Took',
        '# TYPE took_seconds histogram',
        'took_seconds_bucket{le="0.5"} 0',
        'took_seconds_bucket{le="1.0"} 1 # {trace_id="abc"} 0.7 1763000000.123',
        'took_seconds_bucket{le="+Inf"} 1',
        'took_seconds_sum 0.7',
        'took_seconds_count 1',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('do not grow without end: what is too much goes to one series and is counted', async () => {
    const registry = new MetricRegistry();
    const calls = registry.counter({ name: 'calls_total', help: '', labels: ['a', 'b'], maxSeries: 3 });
    for (let i = 0; i < 10; i += 1) calls.add([i, 'x']);
    expect(calls.overflows).toBe(8);
    expect(calls.collect().series.map(({ labelValues, value }) => [...labelValues, value])).toEqual([
      ['0', 'x', 1],
      ['1', 'x', 1],
      ['other', 'other', 8],
    ]);
  });

  it('ignore what is no amount', () => {
    const registry = new MetricRegistry();
    const calls = registry.counter({ name: 'calls_total', help: '' });
    for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY]) calls.add([], amount);
    const seconds = registry.histogram({ name: 'seconds', help: '' });
    seconds.observe([], Number.NaN);
    expect(calls.collect().series).toEqual([{ labelValues: [], value: 0 }]);
    expect(seconds.collect().series).toEqual([]);
  });

  it.each([
    ['a name twice', (registry: MetricRegistry) => registry.gauge({ name: 'taken', help: '' })],
    ['a name that is none', (registry: MetricRegistry) => registry.gauge({ name: '1st', help: '' })],
    ['a label that is none', (registry: MetricRegistry) => registry.gauge({ name: 'x', help: '', labels: ['a-b'] })],
    ['a label that is reserved', (registry: MetricRegistry) => registry.gauge({ name: 'x', help: '', labels: ['le'] })],
    [
      'bounds that do not ascend',
      (registry: MetricRegistry) => registry.histogram({ name: 'x', help: '', bounds: [1, 1] }),
    ],
  ])('refuse %s', (_what, make) => {
    const registry = new MetricRegistry();
    registry.gauge({ name: 'taken', help: '' });
    expect(() => make(registry)).toThrow(RangeError);
  });

  it('leave out a collector that fails, and say so', async () => {
    const registry = new MetricRegistry();
    registry.collector('bad', { collect: () => Promise.reject(new Error('no')) });
    registry.gauge({ name: 'good', help: '' }).set([], 1);
    const failed: string[] = [];
    expect((await registry.collect((name) => failed.push(name))).map(({ name }) => name)).toEqual(['good']);
    expect(failed).toEqual(['bad']);
  });
});

describe('the format', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/html', 'text'],
    ['application/openmetrics-text; version=1.0.0', 'openmetrics'],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    ['text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1', 'text'],
    ['application/openmetrics-text; version=2.0.0', 'text'],
  ])('for %s is %s', (accept, format) => {
    expect(chooseFormat(accept)).toBe(format);
  });
});
