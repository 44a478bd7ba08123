import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(closeTestServers);

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
const text = (number: number, value: string) => field(number, Buffer.from(value));
const pair = (name: string, value: string) => field(1, Buffer.concat([text(1, name), text(2, value)]));
const sample = (value: bigint, timeMs: number) => {
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64LE(value);
  return field(2, Buffer.concat([Buffer.from([9]), bits, Buffer.from([16, ...varint(timeMs)])]));
};
const bitsOf = (value: number) => new BigUint64Array(new Float64Array([value]).buffer)[0] as bigint;
/** One literal, which any decoder of snappy takes. */
const snappy = (body: Uint8Array) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length - 1);
  return Buffer.concat([Buffer.from([...varint(body.length), 63 << 2]), length, body]);
};
const V2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request';
const post = (
  body: Uint8Array,
  type = 'application/x-protobuf',
  path = '/prometheus/api/v1/write',
  encoding = 'snappy',
) =>
  send(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, 'content-encoding': encoding },
    body,
  });
const series = (name: string, ...samples: Buffer[]) =>
  field(1, Buffer.concat([pair('__name__', name), pair('job', 'a'), ...samples]));

async function ask(query: string): Promise<string[]> {
  const answer = await send(`${server.url}/prometheus/api/v1/query?query=${encodeURIComponent(query)}`);
  return answer.json<{ data: { result: { value: [number, string] }[] } }>().data.result.map(({ value }) => value[1]);
}

test('1.0: what is written is asked in PromQL, and the stale marker ends a series', async () => {
  const now = Date.now();
  const body = (...samples: Buffer[]) => snappy(series('pushed', ...samples));
  expect((await post(body(sample(bitsOf(1), now - 3000), sample(bitsOf(7), now - 2000)))).status).toBe(204);
  expect(await ask('pushed{job="a"}')).toEqual(['7']);
  expect((await post(body(sample(bitsOf(Number.NaN), now - 1500)), undefined, '/api/v1/write')).status).toBe(204);
  expect(await ask('pushed')).toEqual(['NaN']);
  expect((await post(body(sample(0x7ff0000000000002n, now - 1000)))).status).toBe(204);
  expect(await ask('pushed')).toEqual([]);
});

test('2.0: symbols, and how much was written in the headers', async () => {
  const symbols = ['', '__name__', 'second', 'job', 'b'].map((symbol) => text(4, symbol));
  const refs = field(1, Buffer.from([1, 2, 3, 4]));
  const body = Buffer.concat([...symbols, field(5, Buffer.concat([refs, sample(bitsOf(5), Date.now() - 1000)]))]);
  const answer = await post(snappy(body), V2);
  expect([answer.status, answer.headers['x-prometheus-remote-write-samples-written']]).toEqual([204, '1']);
  expect(await ask('second{job="b"}')).toEqual(['5']);
  const bad = await post(snappy(field(5, field(1, Buffer.from([1, 2])))), V2);
  expect(bad.status).toBe(400);
});

test('2.0: a native histogram with listed boundaries, how many were written, and its quantiles', async () => {
  const symbols = ['', '__name__', 'sizes', 'job', 'b'].map((symbol) => text(4, symbol));
  const refs = field(1, Buffer.from([1, 2, 3, 4]));
  const doubles = (...values: number[]) => Buffer.from(new Float64Array(values).buffer);
  const histogram = (timeMs: number, factor: number) =>
    field(
      3,
      Buffer.concat([
        Buffer.from([8, ...varint(4 * factor), 25]),
        doubles(10 * factor),
        // Schema -53; buckets 0 and 1: one observation, and three.
        Buffer.from([32, 105]),
        field(11, Buffer.from([8, 0, 16, 2])),
        field(12, Buffer.from([...varint(2 * factor), ...varint(4 * factor)])),
        field(16, doubles(1, 3)),
        Buffer.from([120, ...varint(timeMs)]),
      ]),
    );
  const now = Date.now();
  const body = (...histograms: Buffer[]) => Buffer.concat([...symbols, field(5, Buffer.concat([refs, ...histograms]))]);
  const answer = await post(snappy(body(histogram(now - 60_000, 10), histogram(now - 1000, 30))), V2);
  const written = (kind: string) => answer.headers[`x-prometheus-remote-write-${kind}-written`];
  expect([answer.status, written('samples'), written('histograms')]).toEqual([204, '0', '2']);
  expect(await ask('histogram_count(sizes)')).toEqual(['120']);
  // 20 and 60 observations more: the median is the 40th, a third of the way into the second bucket.
  const [median] = await ask('histogram_quantile(0.5, increase(sizes[2m]))');
  expect(Number(median)).toBeCloseTo(1 + (2 * 20) / 60, 9);
  const url = `${server.url}/prometheus/api/v1/query?query=sizes`;
  const { data } = (await send(url)).json<{ data: { result: { histogram: [number, unknown] }[] } }>();
  expect(data.result[0]?.histogram[1]).toEqual({
    count: '120',
    sum: '300',
    buckets: [
      [3, '-Inf', '1', '30'],
      [0, '1', '3', '90'],
    ],
  });
  const half = await post(snappy(body(histogram(now - 500, 40), field(3, Buffer.from([8, 5, 120, 1])))), V2);
  expect(half.status).toBe(400);
  expect(half.headers['x-prometheus-remote-write-histograms-written']).toBe('1');
  expect(half.json<{ detail: string }>().detail).toContain('hold 0 observations, its count is 5');
});

test('2.0: of a body that is taken in part the headers count what was written; exemplars and metadata are there', async () => {
  const now = Date.now() - 1000;
  const names = ['', '__name__', 'partly_total', 'trace_id', 'abc', 'How much.', 'calls'];
  const refs = field(1, Buffer.from([1, 2]));
  const exemplarBits = Buffer.alloc(8);
  exemplarBits.writeDoubleLE(0.5);
  const exemplar = field(
    4,
    Buffer.concat([field(1, Buffer.from([3, 4])), Buffer.from([17]), exemplarBits, Buffer.from([24, ...varint(now)])]),
  );
  const metadata = field(5, Buffer.from([8, 1, 24, 5, 32, 6]));
  const body = (value: number) =>
    snappy(
      Buffer.concat([
        ...names.map((name) => text(4, name)),
        field(5, Buffer.concat([refs, sample(bitsOf(value), now), exemplar, metadata])),
        field(5, Buffer.concat([refs, sample(bitsOf(2), now + value)])),
      ]),
    );
  const written = ({ headers }: { headers: Record<string, string | string[] | undefined> }) =>
    ['samples', 'histograms', 'exemplars'].map((what) => headers[`x-prometheus-remote-write-${what}-written`]);
  const first = await post(body(1), V2);
  expect([first.status, ...written(first)]).toEqual([204, '2', '0', '1']);
  const second = await post(body(3), V2);
  expect([second.status, ...written(second)]).toEqual([400, '1', '0', '1']);
  const since = `start=${now / 1000 - 60}&end=${now / 1000 + 60}`;
  const exemplars = await send(`${server.url}/prometheus/api/v1/query_exemplars?query=partly_total&${since}`);
  expect(exemplars.json()).toMatchObject({
    data: [{ seriesLabels: { __name__: 'partly_total' }, exemplars: [{ labels: { trace_id: 'abc' }, value: '0.5' }] }],
  });
  const about = await send(`${server.url}/prometheus/api/v1/metadata?metric=partly_total`);
  expect(about.json()).toMatchObject({
    data: { partly_total: [{ type: 'counter', help: 'How much.', unit: 'calls' }] },
  });
});

test('a body that is refused stores nothing, wherever it is damaged', async () => {
  const now = Date.now() - 1000;
  const written = async () =>
    /^vedetta_remote_write_samples_total\{version="1.0"\} (\d+)$/m.exec(
      (await send(`${server.url}/metrics`)).body.toString(),
    )?.[1];
  let run = 0;
  const bodyOf = () => {
    run += 1;
    return Buffer.concat(['x', 'y', 'z'].map((name) => series(`damaged_${name}`, sample(bitsOf(run), now + run))));
  };
  const { length } = bodyOf();
  let refused = 0;
  const damage = fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(40), async (bytes, cut) => {
      const body = bodyOf();
      for (const [at, byte] of bytes) body[at] = byte;
      const before = await written();
      const answer = await post(snappy(body.subarray(0, length - cut)));
      const isRefused = answer.status === 400 && !answer.body.includes('can never be stored');
      if (isRefused) expect(await written()).toBe(before);
      else expect(Number(await written())).toBeGreaterThanOrEqual(Number(before));
      refused += isRefused ? 1 : 0;
    }),
    { numRuns: 100 },
  );
  expect(refused).toBeGreaterThan(30);
});

test('what can never be taken is told with its count, and the rest is stored', async () => {
  const one = sample(bitsOf(3), Date.now() - 1000);
  const nameless = field(1, Buffer.concat([pair('b', '1'), one]));
  const answer = await post(
    snappy(Buffer.concat([nameless, series('kept', one), series('native', field(4, Buffer.of()))])),
  );
  expect(answer.status).toBe(400);
  expect(answer.json<{ detail: string }>().detail).toBe(
    '2 samples or histograms can never be stored; the first: a series has no __name__',
  );
  expect(await ask('kept')).toEqual(['3']);
});

test('other types and encodings are 415; bombs and cut bodies are refused', async () => {
  const body = snappy(series('cut', sample(bitsOf(1), Date.now())));
  expect((await post(body, 'application/json')).status).toBe(415);
  expect((await post(body, 'application/x-protobuf;proto=other')).status).toBe(415);
  expect((await post(body, undefined, undefined, 'gzip')).status).toBe(415);
  expect((await post(Buffer.from([255, 255, 255, 255, 15, 0]))).status).toBe(413);
  expect((await post(Buffer.from([255, 255, 127, 0, 1]))).status).toBe(400);
  for (let end = 0; end < body.length; end += 1) expect((await post(body.subarray(0, end))).status).toBe(400);
});
