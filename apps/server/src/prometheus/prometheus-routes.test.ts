import { gunzipSync } from 'node:zlib';
import { MetricRegistry } from '@vedetta/metrics';
import type { LabelMatcher, LabelPairs } from '@vedetta/query';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { compressAnswers } from '../http/compression.js';
import { ExemplarStore } from './exemplars/exemplar-store.js';
import { parseDuration, parseTime } from './parameters.js';
import { prometheusRoutes } from './prometheus-routes.js';
import { QuerySlots } from './query-slots.js';
import type { SampleSource } from './sample-source.js';
import { unescapeName } from './series-questions.js';
import { writeValue } from './write-result.js';

const T = 1_763_000_000_000;

/** Series in memory with a sample every ten seconds, their values counting up by ten. */
function source(all: readonly LabelPairs[]): SampleSource {
  const passing = (matchers: readonly LabelMatcher[]) =>
    all.filter((pairs) =>
      matchers.every(({ name, test: passes }) => passes(pairs.find(([of]) => of === name)?.[1] ?? '')),
    );
  const timestampsMs = Float64Array.from({ length: 31 }, (_, i) => T - 300_000 + i * 10_000);
  return {
    select: async (matchers) => ({
      kind: 'series',
      series: passing(matchers).map((labels) => ({ labels, timestampsMs, values: timestampsMs.map((_, i) => i * 10) })),
    }),
    series: (matchers, limit) => passing(matchers).slice(0, limit),
    seriesWithin: async (matchers, { fromMs, toMs }, limit) =>
      fromMs <= T && toMs >= T - 300_000 ? passing(matchers).slice(0, limit) : [],
    labelNames: (matchers) => [...new Set(passing(matchers).flatMap((pairs) => pairs.map(([name]) => name)))].sort(),
    labelValues: (name, matchers) =>
      [
        ...new Set(passing(matchers).flatMap((pairs) => pairs.filter(([of]) => of === name).map(([, is]) => is))),
      ].sort(),
    cardinality: (limit) => ({
      labelPairs: 5,
      seriesByMetric: [{ name: 'calls_total', count: 2 }].slice(0, limit),
      valuesByLabel: [],
      bytesByLabel: [],
      seriesByPair: [],
      head: { chunks: 3, firstMs: T - 300_000, lastMs: T },
    }),
    state: () => ({ series: all.length }),
  };
}

const exemplars = new ExemplarStore({ maxExemplars: 20_000, maxBytes: 100_000_000, now: () => T });
const app = fastify();
compressAnswers(app);
const metrics = new MetricRegistry();
metrics.counter({ name: 'calls_total', help: 'Calls.' });
await app.register(prometheusRoutes, {
  samples: source([
    [
      ['__name__', 'calls_total'],
      ['model', 'b'],
    ],
    [
      ['__name__', 'calls_total'],
      ['model', 'a'],
    ],
    [
      ['__name__', 'odd'],
      ['http.status', '200'],
    ],
  ]),
  metrics,
  targets: { pools: () => [] },
  exemplars,
  limits: { timeoutMs: 5000, maxSeries: 100, maxSamples: 1_000_000, maxPoints: 1_000_000 },
  startedAtUnixMs: T - 60_000,
  retentionDays: 30,
  reload: async () => [],
  log: pino({ level: 'silent' }),
  now: () => T,
});

async function get(path: string) {
  const answer = await app.inject(`/prometheus/api/v1/${path}`);
  return { status: answer.statusCode, body: answer.json() };
}
async function post(path: string, form: Record<string, string>) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const payload = new URLSearchParams(form).toString();
  return (await app.inject({ method: 'POST', url: `/prometheus/api/v1/${path}`, headers, payload })).json();
}

test('what Grafana asks a new data source, in its order', async () => {
  expect(await post('query', { query: '1+1', time: '4', 'X-Unknown': 'y' })).toEqual({
    status: 'success',
    data: { resultType: 'scalar', result: [4, '2'] },
  });
  expect((await get('status/buildinfo')).body.data).toMatchObject({ version: '3.5.0' });
  expect((await get('status/buildinfo')).body.data).not.toHaveProperty('features');
  expect((await get('metadata')).body.data.calls_total).toEqual([{ type: 'counter', help: 'Calls.', unit: '' }]);
  expect((await post('labels', {})).data).toEqual(['__name__', 'http.status', 'model']);
  expect((await get('label/__name__/values')).body.data).toEqual(['calls_total', 'odd']);
  expect((await get('label/U__http_2e_status/values')).body.data).toEqual(['200']);
  expect((await get('rules')).body.data).toEqual({ groups: [] });
  expect((await get('alerts')).body.data).toEqual({ alerts: [] });
  expect((await get('targets')).body.data.activeTargets).toEqual([]);
  expect((await post('query_exemplars', { query: 'calls_total', start: '0', end: '1' })).data).toEqual([]);
});

test('queries at a time, over a time, and their series by labels', async () => {
  expect((await get(`query?query=calls_total&time=${T / 1000}`)).body.data).toMatchObject({ resultType: 'vector' });
  expect((await post('query', { query: 'sum(calls_total)', time: String(T / 1000) })).data.result).toEqual([
    { metric: {}, value: [T / 1000, '600'] },
  ]);
  const range = { query: 'rate(calls_total[1m])', start: String(T / 1000 - 60), end: String(T / 1000), step: '30s' };
  expect((await post('query_range', range)).data).toEqual({
    resultType: 'matrix',
    result: ['a', 'b'].map((model) => ({
      metric: { model },
      values: [-60, -30, 0].map((at) => [T / 1000 + at, '1']),
    })),
  });
  expect((await post('query', { query: '"text"', time: '1' })).data).toEqual({
    resultType: 'string',
    result: [1, 'text'],
  });
  const cut = await post('query', { query: 'calls_total', limit: '1', time: String(T / 1000) });
  expect([cut.data.result.length, cut.warnings]).toEqual([1, ['results truncated due to limit']]);
});

test('what a query took', async () => {
  const time = String(T / 1000);
  const { data } = await post('query', { query: 'sum(calls_total)', stats: 'all', time });
  expect(data.stats.samples).toEqual({ totalQueryableSamples: 2, peakSamples: 62 + 5 });
  expect(Object.keys(data.stats.timings)).toEqual([
    'evalTotalTime',
    'resultSortTime',
    'queryPreparationTime',
    'innerEvalTime',
    'execQueueTime',
    'execTotalTime',
  ]);
  expect((await post('query', { query: 'sum(calls_total)', time })).data).not.toHaveProperty('stats');
});

test('exemplars of the series that a query asks for', async () => {
  const bucket = { __name__: 'x_bucket', le: '0.5', model: 'a' };
  const add = (labels: Record<string, string>, value: number, timestampMs: number) =>
    exemplars.add(Object.entries(labels), { labels: [['trace_id', `t${value}`]], value, timestampMs });
  add(bucket, 0.25, T - 2000);
  add(bucket, 1, T);
  add({ ...bucket, model: 'b' }, 7, T);
  const query = 'histogram_quantile(0.9, sum by (le) (rate(x_bucket{model="a"}[5m])))';
  const time = { start: String(T / 1000 - 10), end: String(T / 1000) };
  expect((await post('query_exemplars', { query, ...time })).data).toEqual([
    {
      seriesLabels: bucket,
      exemplars: [
        { labels: { trace_id: 't0.25' }, value: '0.25', timestamp: T / 1000 - 2 },
        { labels: { trace_id: 't1' }, value: '1', timestamp: T / 1000 },
      ],
    },
  ]);
  expect((await post('query_exemplars', { query, ...time, end: time.start })).data).toEqual([]);
  expect((await get('query_exemplars?query=x&start=2&end=1')).body).toMatchObject({ errorType: 'bad_data' });
});

test('very many exemplars are sent in parts', async () => {
  const labels = (i: number) => ({ __name__: 'many', n: String(i % 3) });
  for (let i = 0; i < 15_000; i += 1) {
    exemplars.add(Object.entries(labels(i)), {
      labels: [['trace_id', `t${i}`]],
      value: i,
      timestampMs: T - 15_000 + i,
    });
  }
  const answer = await app.inject('/prometheus/api/v1/query_exemplars?query=many');
  expect(answer.headers).not.toHaveProperty('content-length');
  const { data } = answer.json();
  expect(data.map(({ seriesLabels }: { seriesLabels: object }) => seriesLabels)).toEqual([0, 1, 2].map(labels));
  expect(data[2].exemplars).toHaveLength(5000);
  expect(data[2].exemplars.at(-1)).toEqual({
    labels: { trace_id: 't14999' },
    value: '14999',
    timestamp: T / 1000 - 0.001,
  });
});

test('how the server is', async () => {
  expect((await get('status/tsdb?limit=1')).body.data).toEqual({
    headStats: { numSeries: 3, numLabelPairs: 5, chunkCount: 3, minTime: T - 300_000, maxTime: T },
    seriesCountByMetricName: [{ name: 'calls_total', value: 2 }],
    labelValueCountByLabelName: [],
    memoryInBytesByLabelName: [],
    seriesCountByLabelValuePair: [],
  });
  expect((await get('status/flags')).body.data).toMatchObject({
    'query.timeout': '5s',
    'query.max-samples': '1000000',
  });
  expect((await get('status/runtimeinfo')).body.data).toMatchObject({
    startTime: new Date(T - 60_000).toISOString(),
    storageRetention: '30d',
    reloadConfigSuccess: true,
  });
  expect((await get('status/config')).body.data).toEqual({ yaml: '' });
  expect((await app.inject('/prometheus/-/ready')).statusCode).toBe(200);
});

test('a large answer is sent in parts, and means the same', async () => {
  const query = encodeURIComponent(
    'label_replace(vector(time()), "model", "c", "", "") or vector(time()) or calls_total * 0 + time()',
  );
  const range = `query_range?query=${query}&start=${T / 1000 - 60}&end=${T / 1000}&step=0.006`;
  const plain = await app.inject(`/prometheus/api/v1/${range}`);
  expect(plain.headers).not.toHaveProperty('content-length');
  expect(plain.body.length).toBeGreaterThan(1_000_000);
  const { data } = plain.json();
  expect(data.result).toHaveLength(4);
  expect(data.result[0].values.slice(0, 2)).toEqual([
    [T / 1000 - 60, String(T / 1000 - 60)],
    [T / 1000 - 59.994, String(T / 1000 - 59.994)],
  ]);
  expect(data.result.map(({ values }: { values: unknown[] }) => values.length)).toEqual([
    10_001, 10_001, 10_001, 10_001,
  ]);
  const zipped = await app.inject({ url: `/prometheus/api/v1/${range}`, headers: { 'accept-encoding': 'gzip' } });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
});

test('a query may do so much and no more', async () => {
  const many = 'query_range?query=count(rate(calls_total[5m]))%20or%20calls_total&start=0&end=10000&step=1';
  expect((await get(`${many}&timeout=0.0000001`)).body).toMatchObject({ status: 'error', errorType: 'timeout' });
  const large = Array.from({ length: 30 }, () => `vector(time())`).join('%20%2B%20');
  const answer = await get(`query_range?query=${large}%20%2B%20calls_total&start=0&end=10999&step=0.999999`);
  expect(answer).toMatchObject({ status: 422, body: { errorType: 'execution' } });
  expect(answer.body.error).toContain('would hold more than 1000000 points');
});

test('series, formatting and compression', async () => {
  const series = await post('series', { 'match[]': 'calls_total{model=~"a|b"}' });
  expect(series.data.map(({ model }: { model: string }) => model)).toEqual(['a', 'b']);
  expect((await get('format_query?query=sum(a)by(b)')).body.data).toBe('sum by (b) (a)');
  const path = `query_range?query=calls_total&start=${T / 1000 - 290}&end=${T / 1000}&step=1`;
  const answer = await app.inject({ url: `/prometheus/api/v1/${path}`, headers: { 'accept-encoding': 'gzip' } });
  expect(answer.headers['content-encoding']).toBe('gzip');
});

test.each([
  ['from before to now', -3600, 0, 2],
  ['only from later on', 60, undefined, 0],
  ['only up to before', undefined, -600, 0],
  ['only up to the first sample', undefined, -300, 2],
])('series, labels and values with samples in a time: %s', async (_, start, end, count) => {
  const ends = Object.entries({ start, end }).flatMap(([name, at]) =>
    at === undefined ? [] : [`${name}=${T / 1000 + at}`],
  );
  const time = ends.join('&');
  expect((await get(`series?match[]=calls_total&${time}`)).body.data).toHaveLength(count);
  expect((await get(`labels?match[]=calls_total&${time}`)).body.data).toEqual(count > 0 ? ['__name__', 'model'] : []);
  expect((await get(`label/model/values?${time}`)).body.data).toEqual(count > 0 ? ['a', 'b'] : []);
});

test.each([
  ['query?query=sum(', 400, 'bad_data', 'parse error'],
  ['query?query=1&time=yesterday', 400, 'bad_data', 'invalid parameter "time"'],
  ['query_range?query=1&start=2&end=1&step=1', 400, 'bad_data', 'end timestamp must not be before start time'],
  ['query_range?query=1&start=0&end=1&step=0', 400, 'bad_data', 'zero or negative'],
  ['query_range?query=1&start=0&end=20000&step=1', 400, 'bad_data', '11,000'],
  ['query_range?query=1&start=0&end=1', 400, 'bad_data', 'invalid parameter "step"'],
  ['query_range?query=x[1m]&start=0&end=1&step=1', 400, 'bad_data', 'must be Scalar or instant Vector'],
  ['query?query=calls_total%20*%20on()%20calls_total', 422, 'execution', ''],
  ['series', 400, 'bad_data', 'no match[]'],
  ['labels?start=soon', 400, 'bad_data', 'invalid parameter "start"'],
  ['series?match[]=sum(x)', 400, 'bad_data', 'no series selector'],
  ['series?match[]={a=~".*"}', 400, 'bad_data', 'non-empty matcher'],
])('%s is answered with %i %s', async (path, status, errorType, message) => {
  const answer = await get(path);
  expect(answer).toMatchObject({ status, body: { status: 'error', errorType } });
  expect(answer.body.error).toContain(message);
});

describe('texts', () => {
  test('times and durations', () => {
    expect(['1.5', '1970-01-01T00:00:01Z', 'x', ''].map(parseTime)).toEqual([1500, 1000, undefined, undefined]);
    expect(['15', '1h30m', '500ms', '5', '1m1h', '', '-1'].map(parseDuration)).toEqual([
      15_000,
      5_400_000,
      500,
      5000,
      undefined,
      undefined,
      -1000,
    ]);
  });

  test('values as Prometheus writes them', () => {
    expect([0.1, 1e21, 1e-7, 1e20, -0, Number.NaN, -1 / 0, 1e-10].map(writeValue)).toEqual([
      '0.1',
      '1e+21',
      '1e-07',
      '100000000000000000000',
      '-0',
      'NaN',
      '-Inf',
      '1e-10',
    ]);
  });

  test('names of labels that are no plain ones', () => {
    expect(['model', 'U__a_2e_b__c', 'U__x_ffffff_'].map(unescapeName)).toEqual(['model', 'a.b_c', 'x_ffffff_']);
  });
});

test('queries beyond the slots wait, beyond those they are refused, and a slot that is free serves the next', async () => {
  const slots = new QuerySlots(1, 1);
  const { signal } = new AbortController();
  let end = (): void => {};
  const first = slots.run(signal, () => new Promise<number>((resolve) => (end = () => resolve(1))));
  const second = slots.run(signal, async () => 2);
  await expect(slots.run(signal, async () => 3)).rejects.toMatchObject({ type: 'unavailable' });
  end();
  expect(await Promise.all([first, second])).toEqual([1, 2]);
  expect(await slots.run(signal, async () => 4)).toBe(4);
});
