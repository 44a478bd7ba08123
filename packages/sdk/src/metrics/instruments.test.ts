import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Counter, Gauge } from './instruments.js';
import { setScene } from './testing/scene.js';

test('a counter, a gauge and a histogram of the application, with labels that the compiler knows', async () => {
  const { metrics, lines } = setScene();
  const jobs = metrics.counter({ name: 'jobs_total', help: 'Jobs.', labels: ['plan', 'region'] });
  expectTypeOf(jobs).toEqualTypeOf<Counter<'plan' | 'region'>>();
  jobs.add(1, { plan: 'pro', region: 'eu' });
  jobs.add(2.5, { region: 'eu', plan: 'pro' });
  // @ts-expect-error: a label is missing.
  jobs.add(1, { plan: 'free' });
  // @ts-expect-error: with labels the amount is said.
  expectTypeOf(jobs.add).toBeCallableWith();
  const plain = metrics.counter({ name: 'plain_total' });
  plain.add();
  plain.add(2);
  // @ts-expect-error: there are no labels.
  expectTypeOf(plain.add).toBeCallableWith(1, { plan: 'pro' });
  const depth = metrics.gauge({ name: 'queue_depth', labels: ['queue'] });
  depth.set(7, { queue: 'mail' });
  depth.add(-2, { queue: 'mail' });
  const bound = depth.with({ queue: 'sms' });
  expectTypeOf(bound).toEqualTypeOf<Gauge>();
  bound.set(3);
  const sizes = metrics.histogram({ name: 'upload_size_bytes', bounds: [10, 100] });
  for (const size of [10, 11, 1000]) sizes.observe(size);
  expect((await metrics.text()).body).toContain('# HELP jobs_total Jobs.\n# TYPE jobs_total counter\n');
  expect(await lines('jobs', 'plain', 'queue', 'upload')).toEqual([
    'jobs_total{plan="pro",region="eu"} 3.5',
    'jobs_total{plan="free",region=""} 1',
    'plain_total 3',
    'queue_depth{queue="mail"} 5',
    'queue_depth{queue="sms"} 3',
    'upload_size_bytes_sum 1021',
    'upload_size_bytes_count 3',
  ]);
});

test('a histogram times a function, a promise and a generator, also when they fail', async () => {
  const { metrics, lines } = setScene();
  const took = metrics.histogram({ name: 'took_seconds', labels: ['step'] });
  expect(took.time(() => 5, { step: 'a' })).toBe(5);
  await expect(took.time(() => Promise.reject(new Error('no')), { step: 'a' })).rejects.toThrow('no');
  const pieces = took.time(
    function* () {
      yield 1;
    },
    { step: 'b' },
  );
  expect(await lines('took_seconds_count')).toEqual(['took_seconds_count{step="a"} 2']);
  expect([...pieces]).toEqual([1]);
  expect(await lines('took_seconds_count')).toEqual([
    'took_seconds_count{step="a"} 2',
    'took_seconds_count{step="b"} 1',
  ]);
});

test('the same name and labels are the same metric; anything else is reported and records nowhere', async () => {
  const { metrics, lines, notices } = setScene();
  metrics.counter({ name: 'jobs_total', labels: ['plan'] }).add(1, { plan: 'pro' });
  metrics.counter({ name: 'jobs_total', labels: ['plan'] }).add(1, { plan: 'pro' });
  expect(notices).toEqual([]);
  metrics.counter({ name: 'jobs_total' }).add(50);
  metrics.gauge({ name: 'jobs_total', labels: ['plan'] }).set(50, { plan: 'pro' });
  metrics.counter({ name: 'not a name' }).add();
  metrics.histogram({ name: 'h', labels: ['le'] }).observe(1, { le: 'x' });
  metrics.histogram({ name: 'h', bounds: [2, 1] }).observe(1);
  metrics.counter(undefined as never).add();
  metrics.counter({ name: 'wide_total', labels: Array.from({ length: 21 }, (_, i) => `l${i}`) }).add(1, {});
  expect(notices).toHaveLength(7);
  expect(await lines('')).toEqual(expect.arrayContaining(['jobs_total{plan="pro"} 2']));
  expect((await lines('h', 'not', 'wide')).length).toBe(0);
});

test('series that are too many are one, and counted', async () => {
  const { metrics, lines } = setScene(10);
  const calls = metrics.counter({ name: 'calls_total', labels: ['user'] });
  for (let i = 0; i < 100; i += 1) calls.add(1, { user: `user ${i}` });
  expect((await lines('calls_total')).at(-1)).toBe('calls_total{user="other"} 91');
  expect(await lines('vedetta_sdk_series')).toEqual(['vedetta_sdk_series_overflows_total{metric="calls_total"} 91']);
  expect(metrics.stats()).toMatchObject({ series: 11, overflows: 91 });
});

test('metrics that are too many are reported', () => {
  const { metrics, notices } = setScene();
  for (let i = 0; i < 1001; i += 1) metrics.counter({ name: `metric_${i}_total` }).add();
  expect(notices).toEqual([expect.stringContaining('there are 1000 metrics already')]);
  expect(metrics.stats().series).toBe(1000);
});

test('a computed gauge is asked when metrics are collected, and may know nothing', async () => {
  const { metrics, lines } = setScene();
  let depth: number | undefined;
  metrics.computedGauge({ name: 'depth' }, () => depth);
  metrics.computedGauge({ name: 'broken' }, () => {
    throw new Error('no');
  });
  expect(await lines('depth', 'broken')).toEqual([]);
  depth = 4;
  expect(await lines('depth', 'broken')).toEqual(['depth 4']);
});

test('what is measured in a request carries its trace as exemplar', async () => {
  const scene = setScene();
  const sizes = scene.metrics.histogram({ name: 'sizes', bounds: [1, 2] });
  const jobs = scene.metrics.counter({ name: 'jobs_total' });
  sizes.observe(0.5);
  scene.trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  sizes.observe(1.5);
  jobs.add(3);
  const { body } = await scene.metrics.text('application/openmetrics-text');
  const exemplar = '# {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"}';
  expect(body.split('\n')).toEqual(
    expect.arrayContaining([
      'sizes_bucket{le="1.0"} 1',
      `sizes_bucket{le="2.0"} 2 ${exemplar} 1.5 1763000040.000`,
      `jobs_total 3 ${exemplar} 3 1763000040.000`,
    ]),
  );
});

const throwing: unknown = new Proxy(
  {},
  {
    get() {
      throw new Error('hands off');
    },
    ownKeys() {
      throw new Error('hands off');
    },
  },
);
const hostile: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', '5'],
  ['NaN', Number.NaN],
  ['an infinity', Number.POSITIVE_INFINITY],
  ['a BigInt', 10n ** 400n],
  ['a symbol', Symbol('s')],
  ['a lone surrogate', '\udc00'],
  ['a long string', 'x'.repeat(5_000_000)],
  ['a proxy that throws', throwing],
  ['an object without a prototype', Object.create(null)],
];

describe.each(hostile)('%s', (_name, value) => {
  const any = value as never;

  test('is taken by every instrument and helper without an error, and the page stays one', async () => {
    const { metrics, lines } = setScene();
    const counter = metrics.counter({ name: 'c_total', labels: ['a'] });
    const gauge = metrics.gauge({ name: 'g', labels: ['a'] });
    const histogram = metrics.histogram({ name: 'h', labels: ['a'] });
    for (const labels of [any, { a: any }]) {
      counter.add(any, labels);
      counter.add(1, labels);
      counter.with(labels).add(1);
      gauge.set(any, labels);
      gauge.add(any, labels);
      histogram.observe(any, labels);
      expect(histogram.time(() => value, labels)).toBe(value);
    }
    metrics.counter({ name: any, help: any, labels: any, maxSeries: any });
    metrics.histogram({ name: 'bounded', bounds: any });
    metrics.computedGauge(any, any);
    metrics.computedGauge({ name: 'computed' }, () => any);
    metrics.trackHttpRequest(any);
    metrics.trackHttpRequest({ method: any, endpoint: any, status: any, durationMs: any, requestSizeBytes: any });
    metrics.trackAiRequest(any);
    metrics.trackAiRequest({ model: any, type: any, usage: any, durationMs: any, success: any });
    expect(metrics.trackAiRequest(any, (request) => [request.set(any), request.end(any), value][2])).toBe(value);
    metrics.trackChatMessage(any);
    metrics.trackChatMessage({ userType: any, sessionId: any, userId: any });
    metrics.endChatSession(any);
    metrics.trackRagQuery(any);
    metrics.trackRagQuery({ durationMs: any, success: any, stages: any });
    const query = metrics.startRagQuery();
    query.recordStage(any, any);
    expect(query.stage(any, () => value)).toBe(value);
    query.end(any);
    metrics.trackVectorSearch(any);
    const job = metrics.startIndexingJob(any);
    job.file(any);
    job.file({ format: any, success: any });
    job.end(any);
    metrics.trackDatabaseOperation(any);
    metrics.trackDatabaseOperation({ operation: any, collection: any, durationMs: any });
    metrics.startDatabaseOperation(any).end(any);
    metrics.trackActiveUser(any);
    metrics.trackSatisfaction(any);
    metrics.trackServiceHealth(any, any);
    const all = await lines('');
    expect(all.join('\n')).toBe(Buffer.from(all.join('\n')).toString());
    const samples = all.filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of samples) expect(line).toMatch(/^\w+(\{.*\})? (-?[\d.e+-]+|[+-]Inf)$/);
    expect(Math.max(...samples.map((line) => line.length))).toBeLessThan(1000);
  });
});
