import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SelectOutcome, SeriesSamples } from '../../api/sample-store.js';
import type { LabelMatcher, Labels } from '../../samples/labels.js';
import { toLabels } from '../../samples/labels.js';
import type { OpenedSamples } from './testing/open-samples.js';
import { openSamples } from './testing/open-samples.js';

const NOW = 1_763_000_000_000;
const ALL = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const LIMITS = { maxSeries: 1000, maxSamples: 1_000_000 };
const clock = () => NOW;

let dir: string;
let opened: OpenedSamples | undefined;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'vedetta-samples-'));
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await rm(dir, { recursive: true, force: true });
});

async function open(options: Parameters<typeof openSamples>[1] = {}): Promise<OpenedSamples> {
  opened = await openSamples(dir, { clock, ...options });
  return opened;
}

async function reopen(options: { kill?: boolean } = {}): Promise<OpenedSamples> {
  await opened?.close(options);
  return open();
}

function labels(name: string, more: Readonly<Record<string, string>> = {}): Labels {
  return toLabels(Object.entries({ __name__: name, ...more })) ?? [];
}

function samples(of: Labels, ...pairs: readonly (readonly [timestampMs: number, value: number])[]): SeriesSamples {
  return {
    labels: of,
    timestampsMs: Float64Array.from(pairs.map(([timestampMs]) => timestampMs)),
    values: Float64Array.from(pairs.map(([, value]) => value)),
  };
}

function named(name: string): LabelMatcher {
  return { name: '__name__', values: [name], test: (value) => value === name };
}

function toPairs(outcome: SelectOutcome): [number, number][] {
  if (outcome.kind !== 'series') throw new Error(outcome.message);
  return outcome.series.flatMap(({ timestampsMs, values }) =>
    Array.from(timestampsMs, (timestampMs, i): [number, number] => [timestampMs, values[i] ?? Number.NaN]),
  );
}

async function read(name: string, range = ALL): Promise<[number, number][]> {
  return toPairs((await opened?.store.select([named(name)], range, LIMITS)) ?? { kind: 'series', series: [] });
}

describe('samples', () => {
  it('are read as they were written, between two times', async () => {
    const { store } = await open();
    const outcome = await store.write([
      samples(labels('a'), [NOW - 3, 1], [NOW - 2, 2], [NOW - 1, 3]),
      samples(labels('b'), [NOW - 3, 9]),
    ]);
    expect(outcome).toEqual({ kind: 'stored', stored: 4, duplicate: 0, histograms: 0, rejected: {}, message: '' });
    expect(await read('a')).toEqual([
      [NOW - 3, 1],
      [NOW - 2, 2],
      [NOW - 1, 3],
    ]);
    expect(await read('a', { fromMs: NOW - 2, toMs: NOW - 2 })).toEqual([[NOW - 2, 2]]);
    expect(await read('a', { fromMs: NOW, toMs: NOW + 5 })).toEqual([]);
    expect(store.labelNames([])).toEqual(['__name__']);
    expect(store.labelValues('__name__', [])).toEqual(['a', 'b']);
  });

  it('of many chunks come in the order of time, from memory and from the table', async () => {
    const { store } = await open();
    const first = NOW - 3_000_000;
    const pairs = Array.from({ length: 1000 }, (_, i): [number, number] => [first + i * 1000, i]);
    await store.write([samples(labels('a'), ...pairs.slice(0, 600))]);
    await store.checkpoint();
    await store.write([samples(labels('a'), ...pairs.slice(600))]);
    expect(await read('a')).toEqual(pairs);
    await reopen();
    expect(await read('a')).toEqual(pairs);
  });

  it('are stored once, however often they come', async () => {
    const { store } = await open();
    const batch = [samples(labels('a'), [NOW - 1, 1])];
    await store.write(batch);
    expect(await store.write(batch)).toMatchObject({ stored: 0, duplicate: 1, rejected: {} });
    expect(await read('a')).toEqual([[NOW - 1, 1]]);
  });

  it('that come late, or with another value, are counted and named', async () => {
    const { store } = await open();
    await store.write([samples(labels('a'), [NOW - 5, 1])]);
    expect(await store.write([samples(labels('a'), [NOW - 5, 2], [NOW - 9, 1], [NOW, 4])])).toMatchObject({
      kind: 'stored',
      stored: 1,
      rejected: { out_of_order: 2 },
      message: expect.stringContaining('not later') as string,
    });
    expect(store.state().rejectedTotal.out_of_order).toBe(2);
  });

  it('far ahead or older than what is kept are not taken', async () => {
    const { store } = await open({ retentionMs: 1000 });
    expect(
      await store.write([samples(labels('a'), [NOW - 1001, 1], [NOW, 2], [NOW + 600_001, 3], [Number.NaN, 4])]),
    ).toMatchObject({ stored: 1, rejected: { too_old: 2, too_far_ahead: 1 } });
  });

  it('keep every bit of a marker of staleness, through memory, log and table', async () => {
    const bits = new Uint8Array([2, 0, 0, 0, 0, 0, 0xf0, 0x7f]);
    const values = new Float64Array(Uint8Array.from([...bits, ...new Uint8Array(8)]).buffer);
    const { store } = await open();
    await store.write([{ labels: labels('a'), timestampsMs: Float64Array.of(NOW - 2, NOW - 1), values }]);
    for (const step of ['memory', 'log', 'table']) {
      if (step !== 'memory') await reopen();
      if (step === 'log') await opened?.store.checkpoint();
      const outcome = await opened?.store.select([named('a')], ALL, LIMITS);
      const read = outcome?.kind === 'series' ? outcome.series[0]?.values : undefined;
      expect([...new Uint8Array(read?.buffer ?? new ArrayBuffer(0), read?.byteOffset, 8)], step).toEqual([...bits]);
    }
  });

  it('of a question that is too large are refused', async () => {
    const { store } = await open();
    await store.write([samples(labels('a'), [NOW - 2, 1], [NOW - 1, 1]), samples(labels('b'), [NOW, 1])]);
    expect(await store.select([], ALL, { maxSeries: 1, maxSamples: 10 })).toMatchObject({ kind: 'too_large' });
    expect(await store.select([], ALL, { maxSeries: 2, maxSamples: 2 })).toMatchObject({ kind: 'too_large' });
  });
});

describe('new series', () => {
  it('beyond the limits are refused and named, and others are taken', async () => {
    const { store } = await open({
      limits: { maxSeries: 3, maxSeriesPerMetric: 2, maxLabels: 3, maxLabelValueLength: 5 },
    });
    const outcome = await store.write([
      samples(labels('a', { n: '1' }), [NOW, 1]),
      samples(labels('a', { n: '2' }), [NOW, 1]),
      samples(labels('a', { n: '3' }), [NOW, 1]),
      samples(labels('b', { n: '123456' }), [NOW, 1]),
      samples(labels('b', { n: '1', m: '2', o: '3' }), [NOW, 1]),
      samples(labels('c'), [NOW, 1]),
      samples(labels('d'), [NOW, 1]),
    ]);
    expect(outcome).toMatchObject({
      kind: 'stored',
      stored: 3,
      rejected: { metric_series_limit: 1, label_limit: 2, series_limit: 1 },
      message: 'a has 2 series and no more are allowed',
    });
    expect(store.state().series).toBe(3);
  });
});

describe('after the process was killed', () => {
  it('what was acknowledged is there, and ids go on', async () => {
    const { store } = await open();
    await store.write([samples(labels('a'), [NOW - 2, 1])]);
    await store.checkpoint();
    await store.write([samples(labels('a'), [NOW - 1, 2]), samples(labels('b'), [NOW - 1, 3])]);
    const { report } = await reopen({ kill: true });
    expect(report).toMatchObject({ cutBytes: 0, damaged: [] });
    expect(await read('a')).toEqual([
      [NOW - 2, 1],
      [NOW - 1, 2],
    ]);
    expect(await read('b')).toEqual([[NOW - 1, 3]]);
    await opened?.store.write([samples(labels('c'), [NOW, 4])]);
    await reopen({ kill: true });
    expect(await read('c')).toEqual([[NOW, 4]]);
    expect(await read('b')).toEqual([[NOW - 1, 3]]);
  });

  it('a record that was cut off is left out, and said', async () => {
    const { store } = await open();
    await store.write([samples(labels('a'), [NOW - 2, 1])]);
    await store.write([samples(labels('a'), [NOW - 1, 2])]);
    const file = await lastSegment();
    await opened?.close({ kill: true });
    const { length } = await readFile(file);
    await truncate(file, length - 3);
    const { report } = await open();
    expect(report.cutBytes).toBeGreaterThan(0);
    expect(report.damaged).toEqual([]);
    expect(await read('a')).toEqual([[NOW - 2, 1]]);
  });

  it('a record that was changed is not believed, and said', async () => {
    const { store } = await open();
    await store.write([samples(labels('a'), [NOW - 2, 1])]);
    await store.write([samples(labels('a'), [NOW - 1, 2])]);
    const file = await lastSegment();
    await opened?.close({ kill: true });
    const bytes = await readFile(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
    await writeFile(file, bytes);
    const { report } = await open();
    expect(report.damaged).toMatchObject([{ file }]);
    expect(await read('a')).toEqual([[NOW - 2, 1]]);
    expect(await readdir(path.join(dir, 'samples'))).toContain(`${path.basename(file)}.damaged`);
  });

  it('garbage behind the last record does not hide what comes later', async () => {
    const { store } = await open();
    await store.write([samples(labels('a'), [NOW - 2, 1])]);
    const file = await lastSegment();
    await opened?.close({ kill: true });
    await appendFile(file, Buffer.alloc(5, 1));
    await open();
    await opened?.store.write([samples(labels('a'), [NOW - 1, 2])]);
    await reopen({ kill: true });
    expect(await read('a')).toEqual([
      [NOW - 2, 1],
      [NOW - 1, 2],
    ]);
  });

  it('a log beside another database gives its samples to nobody', async () => {
    const { store } = await open();
    await store.write([samples(labels('old_a'), [NOW - 2, 111]), samples(labels('old_b'), [NOW - 2, 222])]);
    // Twice, so that the series are in the table and no longer in the log.
    await reopen();
    await reopen();
    await opened?.close();
    opened = undefined;
    for (const name of await readdir(dir)) if (name !== 'samples') await rm(path.join(dir, name), { recursive: true });
    const fresh = await open();
    expect(new Set(fresh.report.foreign.map(({ reason }) => reason))).toEqual(
      new Set(['it was written beside another database']),
    );
    expect((await readdir(path.join(dir, 'samples'))).some((name) => name.endsWith('.foreign'))).toBe(true);
    await fresh.store.write([samples(labels('new_x'), [NOW - 1, 1]), samples(labels('new_y'), [NOW - 1, 2])]);
    expect(await read('new_x')).toEqual([[NOW - 1, 1]]);
    expect(await read('new_y')).toEqual([[NOW - 1, 2]]);
  });

  it('between storing chunks and dropping the log, nothing is there twice', async () => {
    const { store, table } = await open();
    const pairs = Array.from({ length: 500 }, (_, i): [number, number] => [NOW - 1000 + i, i]);
    await store.write([samples(labels('a'), ...pairs)]);
    const before = await files();
    await store.checkpoint();
    expect((await table.read([0], 0, NOW)).get(0)).toHaveLength(2);
    // The log as it was before: what a crash leaves.
    await opened?.close({ kill: true });
    for (const [file, bytes] of before) await writeFile(file, bytes);
    await open();
    expect(await read('a')).toEqual(pairs);
  });
});

describe('many writers at once', () => {
  it('are all acknowledged after their samples are durable', async () => {
    const { store } = await open();
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => store.write([samples(labels('m', { i: String(i) }), [NOW, i])])),
    );
    expect(outcomes.every((outcome) => outcome.kind === 'stored' && outcome.stored === 1)).toBe(true);
    await reopen({ kill: true });
    expect((await read('m')).map(([, value]) => value).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  it('and checkpoints beside them lose nothing', async () => {
    const { store } = await open();
    const own = labels('m');
    const written: [number, number][] = [];
    const checkpoints: Promise<void>[] = [];
    for (let i = 0; i < 400; i += 1) {
      const pair: [number, number] = [NOW - 1000 + i, i];
      written.push(pair);
      const writing = store.write([samples(own, pair)]);
      if (i % 50 === 10) checkpoints.push(store.checkpoint());
      if (i % 7 === 0) await writing;
    }
    await Promise.all(checkpoints);
    expect(await read('m')).toEqual(written);
    await reopen({ kill: true });
    expect(await read('m')).toEqual(written);
  });
});

describe('old samples', () => {
  it('go chunk by chunk, and series with nothing left go too', async () => {
    let now = NOW;
    const { store } = await open({ clock: () => now });
    await store.write([samples(labels('old'), [NOW, 1]), samples(labels('both'), [NOW, 1])]);
    now += 2 * 3_600_000;
    await store.checkpoint();
    await store.write([samples(labels('both'), [now, 2])]);
    expect(await store.deleteBefore(NOW + 1)).toEqual({ chunks: 2, samples: 2, series: 1 });
    expect(store.labelValues('__name__', [])).toEqual(['both']);
    expect(await read('both')).toEqual([[now, 2]]);
    await store.write([samples(labels('old'), [now, 3])]);
    expect(await read('old')).toEqual([[now, 3]]);
    await reopen({ kill: true });
    expect(await read('old')).toEqual([[now, 3]]);
  });
});

async function lastSegment(): Promise<string> {
  const names = (await readdir(path.join(dir, 'samples'))).sort();
  return path.join(dir, 'samples', names.at(-1) ?? '');
}

async function files(): Promise<[string, Buffer][]> {
  const names = await readdir(path.join(dir, 'samples'));
  return Promise.all(
    names.map(async (name): Promise<[string, Buffer]> => {
      const file = path.join(dir, 'samples', name);
      return [file, await readFile(file)];
    }),
  );
}
