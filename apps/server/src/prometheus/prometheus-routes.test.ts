import { MetricRegistry } from '@vedetta/metrics';
import type { LabelMatcher, LabelPairs } from '@vedetta/query';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { compressAnswers } from '../http/compression.js';
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
  };
}

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
