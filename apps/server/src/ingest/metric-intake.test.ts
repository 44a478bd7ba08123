import { MetricRegistry } from '@vedetta/metrics';
import type { SampleStore, SampleWriteOutcome } from '@vedetta/store';
import { expect, test } from 'vitest';
import { ExemplarStore } from '../prometheus/exemplars/exemplar-store.js';
import { createIngestCounters } from './ingest-counters.js';
import { MetricIntake } from './metric-intake.js';
import { PushedMetadataRegistry } from './pushed-metadata.js';

const stored: SampleWriteOutcome = {
  kind: 'stored',
  stored: 1,
  duplicate: 0,
  histograms: 0,
  rejected: {},
  message: '',
};

function delta(ms: number, asDouble: number): Buffer {
  const timeUnixNano = `${1_700_000_000_000 + ms}000000`;
  const dataPoints = [{ timeUnixNano, asDouble, exemplars: [{ timeUnixNano, asDouble }, { timeUnixNano }] }];
  const metrics = [{ name: 'm', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints } }];
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
}

test('a difference that the store did not take counts once when it is sent again', async () => {
  const outcomes: SampleWriteOutcome[] = [
    stored,
    { kind: 'busy', retryAfterMs: 5 },
    { kind: 'failed', message: 'full' },
  ];
  const written: number[] = [];
  const counters = createIngestCounters();
  const exemplars = new ExemplarStore({ maxExemplars: 10, maxBytes: 10_000, now: () => 1.8e12 });
  const intake = new MetricIntake({
    samples: {
      writeRows: async ({ values }) => {
        const outcome = outcomes.shift() ?? stored;
        if (outcome.kind === 'stored') written.push(...values);
        return outcome;
      },
    } satisfies Pick<SampleStore, 'writeRows'>,
    registry: new MetricRegistry(),
    counters,
    metadata: new PushedMetadataRegistry(),
    exemplars,
    log: { error: () => {} },
    now: () => 1,
  });
  const kinds = await Promise.all(
    [delta(1, 2), delta(2, 3), delta(2, 3), delta(2, 3), delta(3, 4)].map((body) => intake.takeBody(body, 'json')),
  );
  expect(kinds.map(({ kind }) => kind)).toEqual(['stored', 'busy', 'failed', 'stored', 'stored']);
  expect(written).toEqual([2, 5, 9]);
  expect([exemplars.totals.kept, exemplars.totals.dropped.malformed]).toEqual([3, 3]);
  expect([counters.refusedBusy, counters.failedWrites]).toEqual([1, 1]);
});
