import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RealPrometheus } from '../support/real-prometheus.js';
import { describeWithPrometheus, startPrometheus } from '../support/real-prometheus.js';
import { encodeRemoteWrite } from '../support/remote-write.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

type Sample = readonly [agoMs: number, value: number | bigint];
type Sent = readonly [labels: Readonly<Record<string, string>>, ...samples: Sample[]];

/** Requests one after the other; the status of the last is compared. */
interface Case {
  readonly name: string;
  readonly requests: readonly (readonly Sent[])[];
  readonly status: number;
  /** What Prometheus 2.42 answers, where it is another, and why ours is. */
  readonly prometheus?: { readonly status: number; readonly why: string };
}

const HOUR_MS = 3_600_000;
const STALE = 0x7ff0_0000_0000_0002n;
const m = (__name__: string, labels: Record<string, string> = {}) => ({ __name__, ...labels });

const CASES: readonly Case[] = [
  { name: 'NaN', requests: [[[m('a'), [0, Number.NaN]]]], status: 204 },
  {
    name: 'infinities',
    requests: [[[m('b'), [1, Number.POSITIVE_INFINITY], [0, Number.NEGATIVE_INFINITY]]]],
    status: 204,
  },
  { name: 'a marker of staleness', requests: [[[m('c'), [0, STALE]]]], status: 204 },
  { name: 'a duplicate with the same value', requests: [[[m('d'), [0, 1]]], [[m('d'), [0, 1]]]], status: 204 },
  { name: 'a duplicate NaN', requests: [[[m('e'), [0, Number.NaN]]], [[m('e'), [0, Number.NaN]]]], status: 204 },
  { name: 'a duplicate with another value', requests: [[[m('f'), [0, 1]]], [[m('f'), [0, 2]]]], status: 400 },
  { name: 'a sample before the last', requests: [[[m('g'), [0, 1]]], [[m('g'), [1000, 2]]]], status: 400 },
  {
    name: 'a repeated sample before the last',
    requests: [[[m('h'), [1000, 1], [0, 1]]], [[m('h'), [1000, 1]]]],
    status: 400,
  },
  { name: 'samples of one request in no order', requests: [[[m('i'), [0, 1], [1000, 2]]]], status: 204 },
  {
    name: 'good samples beside one out of order',
    requests: [
      [[m('j'), [0, 1]]],
      [
        [m('j'), [5, 1]],
        [m('k'), [0, 1]],
      ],
    ],
    status: 400,
  },
  { name: 'minutes ahead of the clock', requests: [[[m('l'), [-9 * 60_000, 1]]]], status: 204 },
  {
    name: 'older than the newest by hours',
    requests: [[[m('n'), [3 * HOUR_MS, 1]]]],
    status: 204,
    prometheus: { status: 400, why: 'its head is short; what is behind it can be stored here' },
  },
  { name: 'older than the retention', requests: [[[m('o'), [100 * 24 * HOUR_MS, 1]]]], status: 400 },
  { name: 'a series without samples', requests: [[[m('p')]]], status: 204 },
  { name: 'an empty label', requests: [[[m('q', { empty: '' }), [0, 1]]]], status: 204 },
  { name: 'labels in no order', requests: [[[{ b: '1', __name__: 'r', a: '2' }, [0, 1]]]], status: 204 },
  { name: 'a name of UTF-8', requests: [[[m('s.ümläut'), [0, 1]]]], status: 204 },
  {
    name: 'no name',
    requests: [[[{ job: 'a' }, [0, 1]]]],
    status: 400,
    prometheus: { status: 204, why: 'later ones refuse it' },
  },
  { name: 'nothing', requests: [[]], status: 204 },
  {
    name: 'two values at one time in one request',
    requests: [[[m('t'), [0, 1], [0, 2]]]],
    status: 400,
    prometheus: { status: 204, why: 'it drops the second without a word' },
  },
  // The last, since its head goes on from there.
  {
    name: 'an hour ahead of the clock',
    requests: [[[m('m'), [-HOUR_MS, 1]]]],
    status: 400,
    prometheus: { status: 204, why: 'later ones refuse it, by the same ten minutes' },
  },
];

describeWithPrometheus('samples that are not as they should be', () => {
  let vedetta: ServerProcess;
  let prometheus: RealPrometheus;
  const nowMs = Date.now();

  beforeAll(async () => {
    [vedetta, prometheus] = await Promise.all([
      startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '3600' } }),
      startPrometheus({}, ['--web.enable-remote-write-receiver', '--storage.tsdb.retention.time=30d']),
    ]);
    // Its head begins with the first sample it is given.
    for (const url of [vedetta.url, prometheus.url]) {
      expect((await post(`${url}/api/v1/write`, [[m('first'), [0, 1]]], nowMs)).status).toBe(204);
    }
  }, 60_000);
  afterAll(async () => {
    await Promise.all([vedetta?.stop(), prometheus?.stop()]);
  });

  test.each(CASES)('$name', async ({ requests, status, prometheus: other }) => {
    const last = async (url: string): Promise<Answer | undefined> => {
      let answer: Answer | undefined;
      for (const series of requests) answer = await post(`${url}/api/v1/write`, series, nowMs);
      return answer;
    };
    const [expected, actual] = [await last(prometheus.url), await last(vedetta.url)];
    expect([expected?.status, actual?.status]).toEqual([other?.status ?? status, status]);
  });

  test('what both took, both answer', async () => {
    const taken = CASES.filter((one) => one.status === 204 && one.prometheus === undefined);
    const names = taken.flatMap(({ requests }) => requests.flat().map(([labels]) => labels.__name__));
    expect(names.length).toBeGreaterThan(10);
    // In no order it keeps the newest sample only; ours keeps all.
    for (const name of new Set(names.filter((each) => each !== 'i'))) {
      const query = `{__name__="${name}"}[20m]`;
      const [expected, actual] = await Promise.all([
        ask(prometheus.url, query, nowMs),
        ask(`${vedetta.url}/prometheus`, query, nowMs),
      ]);
      expect(actual).toEqual(expected);
    }
  });

  test('good samples beside a bad one are kept', async () => {
    const [kept] = await ask(`${vedetta.url}/prometheus`, 'k[20m]', nowMs);
    expect(kept?.values.map(([, value]) => value)).toEqual(['1']);
  });
});

interface Answer {
  readonly status: number;
}

async function post(url: string, sent: readonly Sent[], nowMs: number): Promise<Answer> {
  const body = encodeRemoteWrite(
    sent.map(([labels, ...samples]) => ({
      labels: Object.entries(labels),
      timestampsMs: samples.map(([agoMs]) => nowMs - agoMs),
      values: toValues(samples.map(([, value]) => value)),
    })),
  );
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    body,
  });
  await answer.arrayBuffer();
  return answer;
}

function toValues(values: readonly (number | bigint)[]): Float64Array {
  const bits = new BigUint64Array(values.length);
  const numbers = new Float64Array(bits.buffer);
  for (const [i, value] of values.entries()) {
    if (typeof value === 'bigint') bits[i] = value;
    else numbers[i] = value;
  }
  return numbers;
}

async function ask(url: string, query: string, nowMs: number) {
  const parameters = new URLSearchParams({ query, time: String(nowMs / 1000 + 600) });
  const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body: parameters });
  const { data } = (await answer.json()) as { data: { result: { metric: object; values: [number, string][] }[] } };
  return data.result;
}
