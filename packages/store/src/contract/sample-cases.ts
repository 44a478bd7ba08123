import type { NativeHistogram } from '@vedetta/model';
import { expect } from 'vitest';
import type { SampleHints, SampleStore } from '../api/sample-store.js';
import type { LabelMatcher } from '../samples/labels.js';
import { toLabels } from '../samples/labels.js';
import type { ContractCase } from './contract-case.js';

const HOUR_MS = 3_600_000;
const EVER = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const LIMITS = { maxSeries: 1000, maxSamples: 1_000_000 };

function named(name: string): LabelMatcher {
  return { name: '__name__', values: [name], test: (value) => value === name };
}

function series(name: string, firstMs: number, stepMs: number, values: readonly number[]) {
  return {
    labels: toLabels([['__name__', name]]) ?? [],
    timestampsMs: Float64Array.from(values, (_, i) => firstMs + i * stepMs),
    values: Float64Array.from(values),
  };
}

function histogramOf(count: number): NativeHistogram {
  return {
    schema: 2,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 3 * count,
    sum: count,
    positive: { indexes: [-3, 8], counts: [count, 2 * count] },
    negative: { indexes: [], counts: [] },
    customBounds: undefined,
    resetHint: 'unknown',
  };
}

async function read(store: SampleStore, name: string, hints?: SampleHints): Promise<[number, number][]> {
  const outcome = await store.select([named(name)], EVER, LIMITS, hints);
  if (outcome.kind !== 'series') throw new Error(outcome.message);
  return outcome.series.flatMap(({ timestampsMs, values }) =>
    Array.from(timestampsMs, (timestampMs, i): [number, number] => [timestampMs, values[i] ?? Number.NaN]),
  );
}

export const sampleCases: readonly ContractCase[] = [
  {
    name: 'tells where the most series and values are',
    async run({ open, clock }) {
      const { samples } = await open();
      expect(samples.cardinality(5)).toMatchObject({ labelPairs: 0, seriesByMetric: [], head: { chunks: 0 } });
      const atMs = clock.nowMs - 1000;
      const write = (name: string, code: string): Promise<unknown> => {
        const labels = toLabels(Object.entries({ __name__: name, code })) ?? [];
        return samples.write([{ labels, timestampsMs: Float64Array.of(atMs), values: Float64Array.of(1) }]);
      };
      for (const code of ['1', '22', '333']) await write('a', code);
      for (const code of ['1', '22']) await write('b', code);
      await write('c', '1');
      expect(samples.cardinality(2)).toEqual({
        labelPairs: 6,
        seriesByMetric: [
          { name: 'a', count: 3 },
          { name: 'b', count: 2 },
        ],
        valuesByLabel: [
          { name: '__name__', count: 3 },
          { name: 'code', count: 3 },
        ],
        bytesByLabel: [
          { name: 'code', count: 6 },
          { name: '__name__', count: 3 },
        ],
        seriesByPair: [
          { name: '__name__=a', count: 3 },
          { name: 'code=1', count: 3 },
        ],
        head: { chunks: 6, firstMs: atMs, lastMs: atMs },
      });
    },
  },
  {
    name: 'keeps samples across a start, once, however they were handed in',
    async run({ open, clock }) {
      let { samples } = await open();
      const one = series('a', clock.nowMs - 3000, 1000, [1, 2, 3]);
      const other = series('b', clock.nowMs - 3000, 1000, [4, 5]);
      expect(await samples.write([one])).toMatchObject({ kind: 'stored', stored: 3 });
      const rows = {
        series: [one.labels, other.labels],
        ends: [3, 5],
        timestampsMs: Float64Array.of(...one.timestampsMs, ...other.timestampsMs),
        values: Float64Array.of(...one.values, ...other.values),
      };
      // Of a series only the last sample is known to be the same; earlier ones are out of order.
      expect(await samples.writeRows(rows)).toMatchObject({
        stored: 2,
        duplicate: 1,
        rejected: { out_of_order: 2 },
      });
      for (let start = 0; start < 2; start += 1) {
        expect((await read(samples, 'a')).map(([, value]) => value)).toEqual([1, 2, 3]);
        expect((await read(samples, 'b')).map(([, value]) => value)).toEqual([4, 5]);
        expect([...samples.labelValues('__name__', [])]).toEqual(['a', 'b']);
        ({ samples } = await open());
      }
    },
  },
  {
    name: 'takes samples of series that the caller has numbered, those it deleted meanwhile too',
    async run({ open, clock }) {
      const { samples } = await open();
      const labels = ['a', 'b', 'c'].map((name) => toLabels([['__name__', name]]) ?? []);
      let asked = 0;
      const known = {
        ids: new Int32Array(3).fill(-1),
        labelsOf: (number: number) => {
          asked += 1;
          return labels[number] ?? [];
        },
      };
      const rows = (atMs: number) => ({
        series: Uint32Array.of(2, 0, 2),
        ends: [1, 3, 4],
        timestampsMs: Float64Array.of(atMs, atMs, atMs + 1, atMs + 1),
        values: Float64Array.of(1, 2, 3, 4),
        known,
      });
      const oldMs = clock.nowMs - 48 * HOUR_MS;
      expect(await samples.writeNumbered(rows(oldMs))).toMatchObject({ kind: 'stored', stored: 4, rejected: {} });
      expect([asked, known.ids[1]]).toEqual([2, -1]);
      expect(await samples.writeNumbered(rows(oldMs))).toMatchObject({
        stored: 0,
        duplicate: 2,
        rejected: { out_of_order: 2 },
      });
      expect(await samples.deleteBefore(clock.nowMs - 24 * HOUR_MS)).toMatchObject({ series: 2, samples: 4 });
      // A part of the rows: the second series and the third.
      expect(await samples.writeNumbered(rows(clock.nowMs - 10), 1, 3)).toMatchObject({ stored: 3, rejected: {} });
      expect(asked).toBe(4);
      expect((await read(samples, 'a')).map(([, value]) => value)).toEqual([2, 3]);
      expect((await read(samples, 'c')).map(([, value]) => value)).toEqual([4]);
    },
  },
  {
    name: 'keeps native histograms across a start, thinned out or not',
    async run({ open, clock }) {
      const sampleTiers = [{ ageMs: 24 * HOUR_MS, windowMs: 300_000 }];
      let { samples } = await open({ sampleTiers });
      const count = 96 * 60;
      const histograms = Array.from({ length: count }, (_, i) => histogramOf(i % 1000));
      const one = { ...series('x', clock.nowMs - 96 * HOUR_MS, 60_000, new Array(count).fill(0)), histograms };
      expect(await samples.write([one])).toMatchObject({ stored: count, histograms: count });
      const wrong = { ...series('x', clock.nowMs, 1, [0]), histograms: [{ ...histogramOf(1), schema: 9 }] };
      expect(await samples.write([wrong])).toMatchObject({ stored: 0, rejected: { invalid_histogram: 1 } });
      const ask = async () => {
        const outcome = await samples.select([named('x')], EVER, LIMITS);
        const found = outcome.kind === 'series' ? outcome.series[0]?.histograms : undefined;
        return (found ?? []).map((histogram) => ({ count: histogram?.count, counts: histogram?.positive.counts }));
      };
      ({ samples } = await open({ sampleTiers }));
      const all = histograms.map((histogram) => ({ count: histogram.count, counts: histogram.positive.counts }));
      expect(await ask()).toEqual(all);
      await samples.checkpoint();
      const { samplesAfter } = await samples.thinOut();
      expect(samplesAfter).toBeLessThan(count / 3);
      const kept = await ask();
      expect(kept.length).toBeLessThan(count);
      // Both sides of each reset and the latest sample are there.
      for (const at of [999, 1000, 1999, 2000, count - 1]) expect(kept).toContainEqual(all[at]);
    },
  },
  {
    name: 'refuses series beyond the limits, counts and names them',
    async run({ open, clock }) {
      const { samples } = await open({ sampleLimits: { maxSeries: 2, maxLabelValueLength: 5 } });
      const at = clock.nowMs;
      const outcome = await samples.write(['a', 'b', 'c', 'toolong'].map((name) => series(name, at, 1, [1])));
      expect(outcome).toMatchObject({ stored: 2, rejected: { series_limit: 1, label_limit: 1 } });
      expect(samples.state()).toMatchObject({ series: 2, samplesTotal: 2, rejectedTotal: { series_limit: 1 } });
      expect(samples.state()).toMatchObject({ problem: undefined, fatalError: undefined });
    },
  },
  {
    name: 'deletes samples by their age, and series with nothing left',
    async run({ open, clock }) {
      const { samples } = await open();
      await samples.write([series('old', clock.nowMs, 1, [1]), series('both', clock.nowMs, 1, [1])]);
      clock.nowMs += 5 * HOUR_MS;
      await samples.checkpoint();
      await samples.write([series('both', clock.nowMs, 1, [2])]);
      expect(await samples.deleteBefore(clock.nowMs - HOUR_MS)).toEqual({ samples: 2, chunks: 2, series: 1 });
      expect(await read(samples, 'both')).toEqual([[clock.nowMs, 2]]);
      expect([...samples.labelValues('__name__', [])]).toEqual(['both']);
      expect(await samples.deleteBefore(clock.nowMs + HOUR_MS)).toMatchObject({ series: 1 });
      const again = (await open()).samples;
      expect(again.state().series).toBe(0);
    },
  },
  {
    name: 'names the series that have samples in a time, stored or recent',
    async run({ open, clock }) {
      let { samples } = await open();
      const firstMs = clock.nowMs;
      await samples.write([series('old', firstMs, 1000, [1, 2]), series('both', firstMs, 1000, [1, 2])]);
      clock.nowMs += 5 * HOUR_MS;
      await samples.checkpoint();
      await samples.write([series('both', clock.nowMs, 1, [3]), series('young', clock.nowMs, 1, [1])]);
      for (let start = 0; start < 2; start += 1) {
        const within = async (fromMs: number, toMs: number, limit = 10, all: readonly LabelMatcher[] = []) =>
          (await samples.seriesWithin(all, { fromMs, toMs }, limit)).map(([pair]) => pair?.[1] ?? '').sort();
        expect(await within(0, Number.MAX_SAFE_INTEGER)).toEqual(['both', 'old', 'young']);
        expect(await within(firstMs + 1000, firstMs + HOUR_MS)).toEqual(['both', 'old']);
        expect(await within(clock.nowMs, clock.nowMs)).toEqual(['both', 'young']);
        expect(await within(firstMs + HOUR_MS, firstMs + 2 * HOUR_MS)).toEqual([]);
        expect(await within(firstMs + HOUR_MS, clock.nowMs, 10, [named('young')])).toEqual(['young']);
        expect(await within(0, Number.MAX_SAFE_INTEGER, 2)).toHaveLength(2);
        ({ samples } = await open());
      }
    },
  },
  {
    name: 'thins out old samples so that counters grow as before and peaks stay',
    async run({ open, clock }) {
      const { samples } = await open({ sampleTiers: [{ ageMs: 24 * HOUR_MS, windowMs: 300_000 }] });
      const firstMs = clock.nowMs - 96 * HOUR_MS;
      const minutes = Array.from({ length: 96 * 60 }, (_, i) => i);
      await samples.write([
        series(
          'requests_total',
          firstMs,
          60_000,
          minutes.map((i) => i % 1000),
        ),
        series(
          'level',
          firstMs,
          60_000,
          minutes.map((i) => (i % 5 === 2 ? 100 : 0)),
        ),
      ]);
      await samples.checkpoint();
      const grown = (pairs: readonly (readonly [number, number])[]) =>
        pairs.reduce((sum, [, value], i) => {
          const before = pairs[i - 1]?.[1] ?? 0;
          return sum + (value < before ? value : value - before);
        }, 0);
      const before = await read(samples, 'requests_total');
      const counts = await samples.thinOut();
      expect(counts.samplesAfter).toBeLessThan(counts.samplesBefore / 3);
      const after = await read(samples, 'requests_total');
      expect(after.length).toBeLessThan(before.length);
      expect(grown(after)).toBe(grown(before));
      const peaks = await read(samples, 'level', { rangeMs: HOUR_MS, functionName: 'max_over_time' });
      expect(Math.max(...peaks.slice(0, 10).map(([, value]) => value))).toBe(100);
      expect(await samples.thinOut()).toEqual({ samplesBefore: 0, samplesAfter: 0 });
    },
  },
];
