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

/** An intake over a store that answers so, and takes everything after that. */
function setUp(outcomes: SampleWriteOutcome[] = []) {
  const written: number[] = [];
  const counters = createIngestCounters();
  const exemplars = new ExemplarStore({ maxExemplars: 10, maxBytes: 10_000, now: () => 1.8e12 });
  const intake = new MetricIntake({
    samples: {
      writeRows: async ({ values }) => {
        const outcome = outcomes.shift() ?? stored;
        if (outcome.kind === 'stored') for (const value of values) written.push(value);
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
  return { intake, written, counters, exemplars };
}

/** Many series beside the one of {@link delta}, in the same body. */
function longDelta(ms: number, asDouble: number): Buffer {
  const { resourceMetrics } = JSON.parse(delta(ms, asDouble).toString());
  const timeUnixNano = `${1_700_000_000_000 + ms}000000`;
  const point = (i: number) => ({ timeUnixNano, asInt: 1, attributes: [{ key: 'n', value: { intValue: i } }] });
  const dataPoints = Array.from({ length: 20_000 }, (_, i) => point(i));
  resourceMetrics[0].scopeMetrics[0].metrics.unshift({ name: 'many', gauge: { dataPoints } });
  return Buffer.from(JSON.stringify({ resourceMetrics }));
}

/** How often other work had its turn until the promise was settled. */
async function turnsUntil(promise: Promise<unknown>): Promise<number> {
  let [turns, settled] = [0, false];
  const end = () => {
    settled = true;
  };
  promise.then(end, end);
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  return turns;
}

test('other work goes on while a long body is taken', async () => {
  const { intake, written } = setUp();
  expect(await turnsUntil(intake.takeBody(longDelta(1, 2), 'json'))).toBeGreaterThanOrEqual(20);
  expect([written.length, written.at(-1)]).toEqual([20_001, 2]);
  expect(await turnsUntil(intake.takeBody(delta(2, 3), 'json'))).toBeLessThanOrEqual(2);
});

test('nothing is stored of a long body whose end is wrong', async () => {
  const { intake, written, counters } = setUp();
  const body = longDelta(1, 2).toString().replace('"asDouble":2', '"asDouble":{}');
  expect(await intake.takeBody(Buffer.from(body), 'json')).toEqual({
    kind: 'invalid',
    message: 'asDouble must be a number',
  });
  expect([written, counters.invalidBodies]).toEqual([[], 1]);
  await intake.takeBody(delta(1, 4), 'json');
  expect(written).toEqual([4]);
});

test('differences of a long body are added up before those of a short one that came after it', async () => {
  const { intake, written } = setUp();
  await Promise.all([intake.takeBody(longDelta(1, 2), 'json'), intake.takeBody(delta(2, 3), 'json')]);
  expect(written.slice(-2)).toEqual([2, 5]);
});

test('a difference that the store did not take counts once when it is sent again', async () => {
  const { intake, written, counters, exemplars } = setUp([
    stored,
    { kind: 'busy', retryAfterMs: 5 },
    { kind: 'failed', message: 'full' },
  ]);
  const kinds = await Promise.all(
    [delta(1, 2), delta(2, 3), delta(2, 3), delta(2, 3), delta(3, 4)].map((body) => intake.takeBody(body, 'json')),
  );
  expect(kinds.map(({ kind }) => kind)).toEqual(['stored', 'busy', 'failed', 'stored', 'stored']);
  expect(written).toEqual([2, 5, 9]);
  expect([exemplars.totals.kept, exemplars.totals.dropped.malformed]).toEqual([3, 3]);
  expect([counters.refusedBusy, counters.failedWrites]).toEqual([1, 1]);
});
