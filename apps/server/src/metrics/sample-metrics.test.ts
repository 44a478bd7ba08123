import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MetricRegistry } from '@vedetta/metrics';
import type { Store } from '@vedetta/store';
import { SAMPLE_REJECTIONS } from '@vedetta/store';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerSampleMetrics } from './sample-metrics.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR_MS = 3_600_000;
let dir: string;
let store: Store;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vedetta-sample-metrics-'));
  store = await openStore();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

function openStore(): Promise<Store> {
  return openDuckDbStore({ path: path.join(dir, 'v.duckdb'), clock: () => NOW, sampleLimits: { maxSeries: 3 } });
}

/** What is at /metrics of the store that is open, by name and reason. */
async function shown(): Promise<Record<string, number | undefined>> {
  const registry = new MetricRegistry();
  registerSampleMetrics(registry, store);
  const families = await registry.collect((name, error) => expect.fail(`${name}: ${error}`));
  return Object.fromEntries(
    families.flatMap(({ name, series }) =>
      series.map(({ labelValues, value }) => [[name, ...labelValues].join(' '), value] as const),
    ),
  );
}

function write(name: string, ...samples: readonly (readonly [ms: number, value: number])[]) {
  return store.samples.write([
    {
      labels: [['__name__', name]],
      timestampsMs: Float64Array.from(samples, ([ms]) => ms),
      values: Float64Array.from(samples, ([, value]) => value),
    },
  ]);
}

test('what a store takes, takes again, refuses and holds is counted', async () => {
  const before = await shown();
  const reasons = SAMPLE_REJECTIONS.map((reason) => `vedetta_samples_rejected_total ${reason}`);
  expect(Object.keys(before).sort()).toEqual(
    [
      'vedetta_sample_head_bytes',
      'vedetta_sample_log_bytes',
      'vedetta_sample_series',
      'vedetta_samples_duplicate_total',
      'vedetta_samples_stored_total',
      ...reasons,
    ].sort(),
  );
  expect(before).toMatchObject({ vedetta_samples_stored_total: 0, vedetta_sample_series: 0 });

  await write('a', [NOW - 3000, 1], [NOW - 2000, 2]);
  await write('b', [NOW - 3000, 1]);
  await write('a', [NOW - 2000, 2]);
  await write('a', [NOW - 3 * HOUR_MS, 7]);
  await write('a', [NOW + 24 * HOUR_MS, 7]);
  await write('c', [NOW, 1]);
  await write('d', [NOW, 1]);
  const after = await shown();
  expect(after).toMatchObject({
    vedetta_samples_stored_total: 4,
    vedetta_samples_duplicate_total: 1,
    'vedetta_samples_rejected_total out_of_order': 1,
    'vedetta_samples_rejected_total too_far_ahead': 1,
    'vedetta_samples_rejected_total series_limit': 1,
    'vedetta_samples_rejected_total too_old': 0,
    vedetta_sample_series: 3,
  });
  expect(after.vedetta_sample_log_bytes).toBeGreaterThan(before.vedetta_sample_log_bytes ?? Number.NaN);
  expect(after.vedetta_sample_head_bytes).toBeGreaterThan(0);
});

test('after a start the series are there and the counters begin anew', async () => {
  await write('a', [NOW - 3000, 1]);
  await store.close();
  store = await openStore();
  expect(await shown()).toMatchObject({ vedetta_sample_series: 1, vedetta_samples_stored_total: 0 });
  await store.samples.deleteBefore(NOW + 1);
  expect((await shown()).vedetta_sample_series).toBe(0);
});
