import { describe, expect, it } from 'vitest';
import { createPromqlEngine } from './engine.js';
import type { EngineOptions } from './engine-options.js';
import { findStale, setStale } from './sample-reader.js';
import { loadSeries } from './testing/load-series.js';
import { MemoryReader } from './testing/memory-reader.js';

const MINUTE = 60_000;

function engineOver(series: readonly string[], options: EngineOptions = {}) {
  const reader = new MemoryReader();
  loadSeries(reader, { kind: 'load', step: '1m', withNhcb: false, startTimes: '', series });
  return createPromqlEngine(reader, options);
}

async function rows(engine: ReturnType<typeof engineOver>, query: string, timeMs: number): Promise<string[]> {
  const { data } = await engine.instant({ query, timeMs });
  if (data.type === 'scalar' || data.type === 'string') return [String(data.value)];
  return data.series.map(({ labels, values }) => `${labels.toString()} ${[...values].join(' ')}`);
}

describe('dialects', () => {
  const series = ['m 1+1x10', 'n{a="1"} 1'];

  it('3 leaves the left end of a range out, 2 includes it', async () => {
    expect(await rows(engineOver(series), 'count_over_time(m[2m])', 4 * MINUTE)).toEqual(['{} 2']);
    expect(await rows(engineOver(series, { dialect: 2 }), 'count_over_time(m[2m])', 4 * MINUTE)).toEqual(['{} 3']);
  });

  it('3 leaves the left end of the look back out, 2 includes it', async () => {
    expect(await rows(engineOver(series), 'n', 5 * MINUTE)).toEqual([]);
    expect(await rows(engineOver(series, { dialect: 2 }), 'n', 5 * MINUTE)).toEqual(['n{a="1"} 1']);
  });

  it('3 takes any text as the name of a label, 2 does not', async () => {
    const query = 'label_join(n, "~invalid", "-", "a")';
    expect(await rows(engineOver(series), query, 0)).toEqual(['n{a="1", ~invalid="1"} 1']);
    await expect(rows(engineOver(series, { dialect: 2 }), query, 0)).rejects.toThrow('invalid destination label name');
  });
});

describe('names of metrics', () => {
  const series = ['a_total{x="1"} 0+60x10', 'b_total{x="1"} 0+120x10'];

  it('go at once by default, so that series which differ by name alone collide', async () => {
    await expect(rows(engineOver(series), 'sum by (x) (rate({x="1"}[5m]))', 10 * MINUTE)).rejects.toThrow(
      'vector cannot contain metrics with the same labelset',
    );
    expect(await rows(engineOver(series), 'sum by (__name__) (rate(a_total[5m]))', 10 * MINUTE)).toEqual(['{} 1']);
  });

  it('go last where it is asked for', async () => {
    const engine = engineOver(series, { delayedNameRemoval: true });
    expect(await rows(engine, 'sum by (x) (rate({x="1"}[5m]))', 10 * MINUTE)).toEqual(['{x="1"} 3']);
  });
});

describe('range queries', () => {
  it('answer columns, with gaps left out, sorted by labels', async () => {
    const engine = engineOver(['m{a="2"} 1 2 stale 4', 'm{a="1"} _ 7 8 9']);
    const { data } = await engine.range({ query: 'm', startMs: 0, endMs: 3 * MINUTE, stepMs: MINUTE });
    if (data.type !== 'matrix') throw new Error('no matrix');
    expect(
      data.series.map(({ labels, timestampsMs, values }) => [labels.get('a'), [...timestampsMs], [...values]]),
    ).toEqual([
      ['1', [MINUTE, 2 * MINUTE, 3 * MINUTE], [7, 8, 9]],
      ['2', [0, MINUTE, 3 * MINUTE], [1, 2, 4]],
    ]);
  });

  it('refuse steps that are none, too many points and ranges as results', async () => {
    const engine = engineOver([]);
    const ask = (query: string, endMs: number, stepMs: number) => engine.range({ query, startMs: 0, endMs, stepMs });
    await expect(ask('m', 10, 0)).rejects.toMatchObject({ kind: 'bad_data' });
    await expect(ask('m', -1, 1)).rejects.toThrow('end timestamp must not be before start time');
    await expect(ask('m', 11_001_000, 1000)).rejects.toThrow(
      'exceeded maximum resolution of 11,000 points per timeseries',
    );
    await expect(ask('m', 11_000_000, 1000)).resolves.toBeDefined();
    await expect(ask('m[5m]', 10, 1)).rejects.toThrow('invalid expression type "range vector" for range query');
  });
});

describe('limits', () => {
  const series = Array.from({ length: 20 }, (_, i) => `m{i="${i}"} 1+1x100`);
  const limited = (limits: EngineOptions['limits']) =>
    rows(engineOver(series, limits === undefined ? {} : { limits }), 'sum(rate(m[1h]))', 60 * MINUTE);

  it('refuse too many series, samples or points', async () => {
    await expect(limited({ maxSeries: 19 })).rejects.toMatchObject({ kind: 'too_large' });
    await expect(limited({ maxSamples: 1000 })).rejects.toThrow('too many samples');
    await expect(limited({ maxPoints: 10 })).rejects.toThrow('more than 10 points');
    await expect(limited({})).resolves.toHaveLength(1);
    await expect(rows(engineOver(series), 'sum_over_time(time()[1y:1ms])', 0)).rejects.toThrow(
      'subquery is only allowed on instant vector',
    );
    await expect(rows(engineOver(series), 'sum_over_time(m[100y:1ms])', 0)).rejects.toMatchObject({
      kind: 'too_large',
    });
  });

  it('end a query that takes too long or is called off', async () => {
    await expect(limited({ timeoutMs: -1 })).rejects.toMatchObject({ kind: 'timeout' });
    const engine = engineOver(series);
    await expect(engine.instant({ query: 'm', timeMs: 0, signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'canceled',
    });
  });

  it('end a query in the middle of its evaluation, and let other work go on', async () => {
    const abort = new AbortController();
    const engine = engineOver(series);
    const query = 'max_over_time(max_over_time(max_over_time(m[1h:1s])[1h:1s])[1h:1s])';
    const answer = engine.range({ query, startMs: 0, endMs: 60 * MINUTE, stepMs: 1000, signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(answer).rejects.toMatchObject({ kind: 'canceled' });
  });
});

describe('resets of native histograms', () => {
  // What a reader says of each is about the sample before it, which a subquery may leave out, or have twice.
  const counts = [10, 50, 5, 8, 60, 70, 3, 6, 20, 21];
  const engine = engineOver([`h ${counts.map((n) => `{{schema:0 count:${n} sum:${n} buckets:[${n}]}}`).join(' ')}`]);

  it.each(['1m', '2m', '4m', '30s'])('are found between the steps of a subquery: %s', async (step) => {
    const of = (inner: string) => `increase(${inner}[8m:${step}])`;
    const [native] = await rows(engine, `histogram_count(${of('h')})`, 9 * MINUTE);
    expect(native).toMatch(/^\{\} \d/);
    expect([native]).toEqual(await rows(engine, of('histogram_count(h)'), 9 * MINUTE));
    expect(await rows(engine, `resets(h[8m:${step}])`, 9 * MINUTE)).toEqual(
      await rows(engine, `resets(histogram_count(h)[8m:${step}])`, 9 * MINUTE),
    );
  });
});

describe('markers of staleness', () => {
  it('are told from other NaNs by their bits', () => {
    const values = Float64Array.of(1, Number.NaN, 3, 4);
    expect(findStale(values)).toBeUndefined();
    setStale(values, 2);
    expect([...(findStale(values) ?? [])]).toEqual([0, 0, 1, 0]);
    expect([...(findStale(values.subarray(2)) ?? [])]).toEqual([1, 0]);
    expect(new BigUint64Array(values.buffer)[2]).toBe(0x7ff0000000000002n);
  });
});

describe('topk', () => {
  it('answers the same whether few are wanted or many', async () => {
    const engine = engineOver(
      Array.from({ length: 100 }, (_, i) => `m{i="${i}"} ${i % 3 === 0 ? 'NaN' : (i * 37) % 50}`),
    );
    const all = await rows(engine, 'topk(100, m)', 0);
    expect(all).toHaveLength(100);
    expect(all.slice(-34).every((row) => row.endsWith('NaN'))).toBe(true);
    expect(await rows(engine, 'topk(60, m)', 0)).toEqual(all.slice(0, 60));
    expect(await rows(engine, 'topk(70, m)', 0)).toEqual(all.slice(0, 70));
  });
});

describe('count_values', () => {
  it('writes numbers in digits', async () => {
    const engine = engineOver(['m 1e23', 'n 0.0000001', 'o Inf', 'p 12.5']);
    const found = await rows(engine, 'count_values("v", {__name__=~".+"})', 0);
    expect(found.sort()).toEqual([
      '{v="+Inf"} 1',
      '{v="0.0000001"} 1',
      '{v="100000000000000000000000"} 1',
      '{v="12.5"} 1',
    ]);
  });
});

describe('stats', () => {
  it('count samples as often as they are looked at', async () => {
    const engine = engineOver(['m{i="1"} 1+1x10', 'm{i="2"} 1+1x10']);
    const instant = await engine.instant({ query: 'm', timeMs: 5 * MINUTE });
    expect(instant.stats).toMatchObject({ lookedAt: 2 });
    const range = { startMs: 4 * MINUTE + 1, endMs: 6 * MINUTE + 1, stepMs: MINUTE };
    const windows = await engine.range({ query: 'rate(m[3m])', ...range });
    expect(windows.stats.lookedAt).toBe(2 * 3 * 3);
    expect(windows.stats.held).toBe(2 * 5 + 2 * 3);
    expect(windows.stats.evalMs).toBeGreaterThanOrEqual(0);
  });
});

describe('limits', () => {
  it.each(['time() + 1', 'vector(time())', '-vector(time())'])('count the points of %s', async (query) => {
    const engine = engineOver([], { limits: { maxPoints: 1500 } });
    const ask = (steps: number) => engine.range({ query, startMs: 0, endMs: (steps - 1) * 1000, stepMs: 1000 });
    await expect(ask(100)).resolves.toBeDefined();
    await expect(ask(1000)).rejects.toThrow('would hold more than 1500 points');
  });
});
