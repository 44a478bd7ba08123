import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

const headers = { 'content-type': 'application/json' };
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ otlpPort: 0 });
});
afterAll(closeTestServers);

const nano = (ms: number) => `${ms}000000`;
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

function body(metrics: readonly object[], instance = 'i-1'): string {
  const attributes = [
    attribute('service.namespace', 'shop'),
    attribute('service.name', 'web'),
    attribute('service.instance.id', instance),
    attribute('cloud.region', 'eu'),
  ];
  return JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] });
}

const post = (metrics: string | Uint8Array, more: Record<string, string> = {}, url = server.url) =>
  send(`${url}/v1/metrics`, { method: 'POST', headers: { ...headers, ...more }, body: metrics });

async function ask(query: string): Promise<{ metric: Record<string, string>; value: string }[]> {
  const answer = await send(`${server.url}/prometheus/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = answer.json<{
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  }>();
  return data.result.map(({ metric, value }) => ({ metric, value: value[1] }));
}
const values = async (query: string) => (await ask(query)).map(({ value }) => value);

const sum = (name: string, temporality: number, point: object) => ({
  name,
  unit: '1',
  description: 'Orders.',
  sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints: [point] },
});

test('what is pushed is asked in PromQL, with job, instance and target_info', async () => {
  const timeUnixNano = nano(Date.now());
  const point = { timeUnixNano, asInt: '7', attributes: [attribute('plan.name', 'pro')] };
  const answer = await post(gzipSync(body([sum('shop.orders', 2, point)])), { 'content-encoding': 'gzip' });
  expect([answer.status, answer.body.toString()]).toEqual([200, '{}']);
  const series = { job: 'shop/web', instance: 'i-1' };
  expect(await ask('shop_orders_total')).toEqual([
    { metric: { __name__: 'shop_orders_total', ...series, plan_name: 'pro' }, value: '7' },
  ]);
  expect(await ask('target_info')).toEqual([
    { metric: { __name__: 'target_info', ...series, cloud_region: 'eu' }, value: '1' },
  ]);
  const metadata = await send(`${server.url}/prometheus/api/v1/metadata?metric=shop_orders_total`);
  expect(metadata.json().data).toEqual({ shop_orders_total: [{ type: 'counter', help: 'Orders.', unit: '' }] });
  const [otlpUrl] = server.urls.otlp;
  expect((await post(body([]), {}, otlpUrl)).status).toBe(200);
});

test.each(['/prometheus/api/v1/otlp/v1/metrics', '/api/v1/otlp/v1/metrics', '/api/public/otel/v1/metrics'])(
  'what is set up to push to Prometheus or Langfuse pushes here: %s',
  async (path) => {
    const name = `by${path.replaceAll(/\W/g, '_')}`;
    const gauge = { name, gauge: { dataPoints: [{ timeUnixNano: nano(Date.now()), asInt: '3' }] } };
    const push = (text: string) => send(`${server.url}${path}`, { method: 'POST', headers, body: text });
    expect((await push(body([gauge]))).status).toBe(200);
    expect(await values(name)).toEqual(['3']);
    // Exporters understand a google.rpc.Status, not what the rest of either API answers.
    const refused = await push('{');
    expect([refused.status, refused.json()]).toEqual([400, { code: 3, message: 'the body is not valid JSON' }]);
  },
);

test('differences are added up, and one that is sent again counts once', async () => {
  const start = Date.now() - 3000;
  const push = (ms: number, asDouble: number) =>
    post(body([sum('deltas', 1, { timeUnixNano: nano(start + ms), asDouble })]));
  await Promise.all([push(1, 2), push(1000, 3)]);
  await push(1000, 3);
  expect((await push(2000, 4)).body.toString()).toBe('{}');
  expect(await values('deltas_total')).toEqual(['9']);
});

test('exponential histograms are native ones, and differences of them add up', async () => {
  const start = Date.now() - 90_000;
  const push = (ms: number, scale: number, bucketCounts: readonly number[]) => {
    const count = bucketCounts.reduce((all, each) => all + each, 0);
    const positive = { offset: 0, bucketCounts };
    const dataPoints = [{ timeUnixNano: nano(start + ms), scale, count, sum: count, zeroCount: 0, positive }];
    return post(body([{ name: 'size', unit: 'By', exponentialHistogram: { aggregationTemporality: 1, dataPoints } }]));
  };
  // Scale 0 has buckets from 1 to 2, to 4, to 8; in scale 1 those are two each.
  for (const [ms, scale, counts] of [
    [0, 0, [1]],
    [30_000, 0, [0, 4, 2]],
    [60_000, 1, [0, 0, 3, 1]],
  ] as const) {
    expect((await push(ms, scale, counts)).body.toString()).toBe('{}');
  }
  expect(await values('histogram_count(size_bytes)')).toEqual(['11']);
  const answer = await send(`${server.url}/prometheus/api/v1/query?query=increase(size_bytes[5m])`);
  const { data } = answer.json<{
    data: { result: { histogram: [number, { buckets: [number, string, string, string][] }] }[] };
  }>();
  const [first, second] = data.result[0]?.histogram[1].buckets ?? [];
  expect([first?.slice(1, 3), second?.slice(1, 3)]).toEqual([
    ['2', '4'],
    ['4', '8'],
  ]);
  // 8 and 2 more observations since the first.
  expect(Number(first?.[3]) / Number(second?.[3])).toBeCloseTo(4, 9);
});

test('exemplars are asked under the series they are counted in', async () => {
  const nowMs = Date.now();
  const timeUnixNano = nano(nowMs);
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const exemplars = [{ timeUnixNano, asDouble: 0.75, traceId, filteredAttributes: [attribute('user.id', 'u-1')] }];
  const dataPoints = [
    { timeUnixNano, count: 1, sum: 0.75, bucketCounts: [0, 1, 0], explicitBounds: [0.5, 1], exemplars },
  ];
  await post(body([{ name: 'took', unit: 's', histogram: { aggregationTemporality: 2, dataPoints } }]));
  const query = encodeURIComponent('histogram_quantile(0.9, rate(took_seconds_bucket[5m]))');
  const answer = await send(`${server.url}/prometheus/api/v1/query_exemplars?query=${query}`);
  expect(answer.json().data).toEqual([
    {
      seriesLabels: { __name__: 'took_seconds_bucket', instance: 'i-1', job: 'shop/web', le: '1' },
      exemplars: [{ labels: { trace_id: traceId, user_id: 'u-1' }, value: '0.75', timestamp: nowMs / 1000 }],
    },
  ]);
});

test('a series without a recorded value ends', async () => {
  const start = Date.now() - 2000;
  const gauge = (ms: number, more: object) => ({
    name: 'depth',
    unit: 'By',
    gauge: { dataPoints: [{ timeUnixNano: nano(start + ms), ...more }] },
  });
  await post(body([gauge(0, { asDouble: 'NaN' })]));
  expect(await values('depth_bytes')).toEqual(['NaN']);
  await post(body([gauge(1000, { flags: 1 })]));
  expect(await values('depth_bytes')).toEqual([]);
});

test('what can never be stored is told in a partial success, and counted', async () => {
  const good = { timeUnixNano: nano(Date.now()), asInt: 1 };
  const answer = await post(body([sum('partly', 2, good), sum('lost', 0, good), sum('timeless', 2, { asInt: 1 })]));
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({
    partialSuccess: { rejectedDataPoints: '2', errorMessage: 'the metric lost_total is neither delta nor cumulative' },
  });
  expect(await values('partly_total')).toEqual(['1']);
  const page = (await send(`${server.url}/metrics`)).body.toString();
  expect(page).toContain('vedetta_metric_points_rejected_total{reason="malformed"} 2');
});

test.each([
  ['{"resourceMetrics":7}', 'resourceMetrics must be an array'],
  ['{', 'the body is not valid JSON'],
])('%s is refused with a sentence', async (text, message) => {
  const answer = await post(text);
  expect([answer.status, answer.json().message]).toEqual([400, message]);
});
