import { joinColumns } from './join-columns.js';
import type { Labels } from './labels.js';
import { METRIC_NAME } from './labels.js';
import type { SampleColumns } from './sample-chunk.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
import type { AGGREGATES, AggregateColumns, ThinnedSamples } from './tier-chunk.js';

/** The bits of Prometheus' marker of staleness. */
const STALE_HIGH = 0x7ff0_0000;
const STALE_LOW = 2;
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
 */
export function thinOut(labels: Labels, parts: readonly ThinnedSamples[], windowMs: number): ThinnedSamples {
  const isCounter = COUNTER.test(labels.find(([name]) => name === METRIC_NAME)?.[1] ?? '');
  const all = joinAll(parts.map(({ kept }) => kept));
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
  const { timestampsMs, values } = samples;
  const isStale = staleOf(values);
  const windowOf = (i: number): number => Math.floor((timestampsMs[i] as number) / windowMs);
  const fallsAfter = (i: number): boolean => keepsFalls && (values[i + 1] as number) < (values[i] as number);
  return pick(samples, (i) => {
    if (i === 0 || i === values.length - 1 || windowOf(i) !== windowOf(i + 1)) return true;
    if (isStale(i) || isStale(i + 1) || isStale(i - 1)) return true;
    return fallsAfter(i) || fallsAfter(i - 1);
  });
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
function pick({ timestampsMs, values }: SampleColumns, test: (i: number) => boolean): SampleColumns {
  const rows: number[] = [];
  for (let i = 0; i < timestampsMs.length; i += 1) if (test(i)) rows.push(i);
  const picked = new Float64Array(rows.length);
  const [from, to] = [
    new BigUint64Array(values.buffer, values.byteOffset, values.length),
    new BigUint64Array(picked.buffer),
  ];
  for (const [at, row] of rows.entries()) to[at] = from[row] as bigint;
  return { timestampsMs: Float64Array.from(rows, (row) => timestampsMs[row] as number), values: picked };
}

/** Whether a value is a marker of staleness. */
export function staleOf(values: Float64Array): (i: number) => boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  return (i) => words[i * 2 + HIGH_WORD] === STALE_HIGH && words[i * 2 + LOW_WORD] === STALE_LOW;
}
