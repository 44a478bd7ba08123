import type { NativeHistogram } from '@vedetta/model';
import { areSameClass, hasFallen } from './histograms/compare-histograms.js';
import { joinColumns, pickRows } from './join-columns.js';
import type { Labels } from './labels.js';
import { METRIC_NAME } from './labels.js';
import type { SampleColumns } from './sample-chunk.js';
import { staleOf } from './stale-marker.js';
import type { AGGREGATES, AggregateColumns, ThinnedSamples } from './tier-chunk.js';

const COUNTER = /_(?:total|count|sum|bucket)$/;
/** A series that falls more seldom is one that is reset; others are gauges, whose every fall would be kept. */
const MAX_RESETS_SHARE = 0.1;

/**
 * Thins out consecutive samples of a series to what questions about long times need. Windows begin at multiples of their width.
 *
 * Kept are, as they were: the last sample of each window; of each fall the samples before and after it, so that a counter's
 * resets are seen and `increase` over whole windows is exact; markers of staleness and their neighbours; the first sample.
 * Gauges fall all the time: of a series that is no counter by name and falls often, falls are not kept. Series that are no
 * counters by name have least, greatest, sum and number of each window besides.
 *
 * Of native histograms the same are kept, unless they are gauges: there a fall says nothing. A series that has any has no
 * aggregates, its numbers neither; kept are also the samples before and after each change between the two.
 */
export function thinOut(labels: Labels, parts: readonly ThinnedSamples[], windowMs: number): ThinnedSamples {
  const all = joinAll(parts.map(({ kept }) => kept));
  if (all.histograms !== undefined) return { kept: keep(all, windowMs, true), aggregates: undefined };
  const isCounter = COUNTER.test(labels.find(([name]) => name === METRIC_NAME)?.[1] ?? '');
  const kept = keep(all, windowMs, isCounter || fallsSeldom(all.values));
  if (isCounter) return { kept, aggregates: undefined };
  const before = parts.map(({ kept: samples, aggregates }) => aggregates ?? toAggregates(samples));
  return { kept, aggregates: aggregate(joinAggregates(before), windowMs) };
}

/** Each sample as a window of its own; markers of staleness are none. */
function toAggregates(samples: SampleColumns): AggregateColumns {
  const isStale = staleOf(samples.values);
  const numbers = pick(samples, (i) => !isStale(i));
  const count = { timestampsMs: numbers.timestampsMs, values: new Float64Array(numbers.values.length).fill(1) };
  return { min: numbers, max: numbers, sum: numbers, count };
}

function keep(samples: SampleColumns, windowMs: number, keepsFalls: boolean): SampleColumns {
  const { timestampsMs, values, histograms } = samples;
  const isStale = staleOf(values);
  const windowOf = (i: number): number => Math.floor((timestampsMs[i] as number) / windowMs);
  const fallsAfter = (i: number): boolean =>
    histograms === undefined
      ? keepsFalls && (values[i + 1] as number) < (values[i] as number)
      : beginsAnew(histograms[i], histograms[i + 1], (values[i + 1] as number) < (values[i] as number));
  return pick(samples, (i) => {
    if (i === 0 || i === values.length - 1 || windowOf(i) !== windowOf(i + 1)) return true;
    if (isStale(i) || isStale(i + 1) || isStale(i - 1)) return true;
    return fallsAfter(i) || fallsAfter(i - 1);
  });
}

/** Whether the sample after another is another kind of sample, or a counter that began anew. */
function beginsAnew(
  before: NativeHistogram | undefined,
  after: NativeHistogram | undefined,
  hasFallenAsNumber: boolean,
): boolean {
  if (before === undefined || after === undefined) return before !== after || hasFallenAsNumber;
  if (after.resetHint === 'reset') return true;
  if (after.resetHint === 'not_reset' || after.resetHint === 'gauge') return false;
  return !areSameClass(before, after) || hasFallen(before, after);
}

function fallsSeldom(values: Float64Array): boolean {
  let falls = 0;
  for (let i = 1; i < values.length; i += 1) if ((values[i] as number) < (values[i - 1] as number)) falls += 1;
  return falls <= values.length * MAX_RESETS_SHARE;
}

function aggregate(parts: AggregateColumns, windowMs: number): AggregateColumns {
  const times = parts.count.timestampsMs;
  const rows: { timestampMs: number; min: number; max: number; sum: number; count: number }[] = [];
  let window = Number.NaN;
  for (let i = 0; i < times.length; i += 1) {
    const timestampMs = times[i] as number;
    const [min, max] = [parts.min.values[i] as number, parts.max.values[i] as number];
    const [sum, count] = [parts.sum.values[i] as number, parts.count.values[i] as number];
    const row = rows.at(-1);
    if (row === undefined || Math.floor(timestampMs / windowMs) !== window) {
      window = Math.floor(timestampMs / windowMs);
      rows.push({ timestampMs, min, max, sum, count });
      continue;
    }
    row.timestampMs = timestampMs;
    // As the functions over time do: a number is less, and greater, than none.
    if (min < row.min || Number.isNaN(row.min)) row.min = min;
    if (max > row.max || Number.isNaN(row.max)) row.max = max;
    row.sum += sum;
    row.count += count;
  }
  const timestampsMs = Float64Array.from(rows, (row) => row.timestampMs);
  const column = (name: (typeof AGGREGATES)[number]): SampleColumns => ({
    timestampsMs,
    values: Float64Array.from(rows, (row) => row[name]),
  });
  return { min: column('min'), max: column('max'), sum: column('sum'), count: column('count') };
}

function joinAggregates(parts: readonly AggregateColumns[]): AggregateColumns {
  const column = (name: (typeof AGGREGATES)[number]): SampleColumns => joinAll(parts.map((part) => part[name]));
  return { min: column('min'), max: column('max'), sum: column('sum'), count: column('count') };
}

function joinAll(parts: readonly SampleColumns[]): SampleColumns {
  return joinColumns(
    parts,
    parts.reduce((sum, { timestampsMs }) => sum + timestampsMs.length, 0),
  );
}

/** The samples for which the test is true, bit for bit. */
function pick(samples: SampleColumns, test: (i: number) => boolean): SampleColumns {
  const rows: number[] = [];
  for (let i = 0; i < samples.timestampsMs.length; i += 1) if (test(i)) rows.push(i);
  return pickRows(samples, rows);
}
