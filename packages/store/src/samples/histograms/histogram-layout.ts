import type { HistogramBuckets, NativeHistogram } from '@vedetta/model';
import { CUSTOM_BUCKETS_SCHEMA } from '@vedetta/model';
import { SampleChunkError } from '../sample-chunk.js';
import type { BitWindow } from './bit-window.js';
import type { BitWriter } from './bit-writer.js';
import type { HistogramClass } from './compare-histograms.js';
import { areEqual, areSameClass } from './compare-histograms.js';

/** What histograms that follow each other share: all but their numbers. */
export interface HistogramLayout extends HistogramClass {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
  /** All counts are whole numbers that a double holds exactly. */
  readonly isWhole: boolean;
  readonly isGauge: boolean;
}

/** Listed boundaries are mostly decimals of so many places. */
const DECIMAL = 1000;
const MAX_DECIMAL = 2 ** 31;
/** A damaged chunk must not take memory for buckets that no histogram has. */
const MAX_BUCKETS = 1 << 16;

export function layoutOf(histogram: NativeHistogram): HistogramLayout {
  const { schema, zeroThreshold, customBounds, positive, negative, resetHint } = histogram;
  return {
    schema,
    zeroThreshold,
    customBounds,
    positive: positive.indexes,
    negative: negative.indexes,
    isWhole: isWhole(histogram),
    isGauge: resetHint === 'gauge',
  };
}

/** Whether a histogram can be written as numbers of a layout. */
export function fitsLayout(histogram: NativeHistogram, layout: HistogramLayout): boolean {
  return (
    (histogram.resetHint === 'gauge') === layout.isGauge &&
    areSameClass(histogram, layout) &&
    areEqual(histogram.positive.indexes, layout.positive) &&
    areEqual(histogram.negative.indexes, layout.negative) &&
    isWhole(histogram) === layout.isWhole
  );
}

/** Whether all counts, and all together, are whole numbers that a double holds exactly. */
export function isWhole({ count, zeroCount, positive, negative }: NativeHistogram): boolean {
  if (!(Number.isSafeInteger(count) && Number.isSafeInteger(zeroCount))) return false;
  const total = addWhole(addWhole(zeroCount, positive.counts), negative.counts);
  return Number.isSafeInteger(total);
}

/** NaN where one is no whole number. */
function addWhole(sum: number, counts: readonly number[]): number {
  let total = sum;
  for (let i = 0; i < counts.length; i += 1) {
    if (!Number.isSafeInteger(counts[i])) return Number.NaN;
    total += counts[i] as number;
  }
  return total;
}

/** `before` is the layout that was written last: boundaries and schema are only written where they differ. */
export function writeLayout(writer: BitWriter, layout: HistogramLayout, before: HistogramLayout | undefined): void {
  writer.write((layout.isWhole ? 2 : 0) | (layout.isGauge ? 1 : 0), 2);
  if (before !== undefined && areSameClass(layout, before)) writer.write(1, 1);
  else {
    writer.write(0, 1);
    writer.write(layout.schema, 8);
    if (layout.schema === CUSTOM_BUCKETS_SCHEMA) writeBounds(writer, layout.customBounds ?? []);
    else writer.writeFloat(layout.zeroThreshold);
  }
  writeRuns(writer, layout.positive);
  writeRuns(writer, layout.negative);
}

/** The inverse of {@link writeLayout}; throws on what it did not write. */
export function readLayout(reader: BitWindow, before: HistogramLayout | undefined): HistogramLayout {
  const flags = reader.read(2);
  const known = readClass(reader, before);
  return {
    ...known,
    positive: readRuns(reader),
    negative: readRuns(reader),
    isWhole: (flags & 2) !== 0,
    isGauge: (flags & 1) !== 0,
  };
}

function readClass(reader: BitWindow, before: HistogramLayout | undefined): HistogramClass {
  if (reader.bit() === 1) {
    if (before === undefined) throw new SampleChunkError('a chunk of histograms begins without a layout');
    const { schema, zeroThreshold, customBounds } = before;
    return { schema, zeroThreshold, customBounds };
  }
  const schema = (reader.read(8) << 24) >> 24;
  if (schema !== CUSTOM_BUCKETS_SCHEMA) return { schema, zeroThreshold: reader.readFloat(), customBounds: undefined };
  const customBounds: number[] = [];
  for (let left = readLength(reader); left > 0; left -= 1) {
    customBounds.push(reader.bit() === 1 ? reader.readVarint() / DECIMAL : reader.readFloat());
  }
  return { schema, zeroThreshold: 0, customBounds };
}

function writeBounds(writer: BitWriter, bounds: readonly number[]): void {
  writer.writeVarint(bounds.length);
  for (const bound of bounds) {
    const decimal = Math.round(bound * DECIMAL);
    if (decimal >= 0 && decimal < MAX_DECIMAL && Object.is(decimal / DECIMAL, bound)) {
      writer.write(1, 1);
      writer.writeVarint(decimal);
    } else {
      writer.write(0, 1);
      writer.writeFloat(bound);
    }
  }
}

/** Ascending numbers as runs: how many, then of each the gap before it and its length. */
function writeRuns(writer: BitWriter, indexes: readonly number[]): void {
  const starts: number[] = [];
  for (let i = 0; i < indexes.length; i += 1) {
    if (i === 0 || indexes[i] !== (indexes[i - 1] as number) + 1) starts.push(i);
  }
  writer.writeVarint(starts.length);
  for (const [i, start] of starts.entries()) {
    const first = indexes[start] as number;
    // The first may be negative.
    if (i === 0) writer.writeVarint(first >= 0 ? first * 2 : -first * 2 - 1);
    else writer.writeVarint(first - (indexes[start - 1] as number) - 2);
    writer.writeVarint((starts[i + 1] ?? indexes.length) - start - 1);
  }
}

function readRuns(reader: BitWindow): readonly number[] {
  const indexes: number[] = [];
  const runs = readLength(reader);
  for (let run = 0; run < runs; run += 1) {
    const gap = reader.readVarint();
    let index = run > 0 ? (indexes.at(-1) ?? 0) + gap + 2 : gap % 2 === 0 ? gap / 2 : -(gap + 1) / 2;
    const length = readLength(reader) + 1;
    if (indexes.length + length > MAX_BUCKETS) throw new SampleChunkError('a chunk of histograms is damaged');
    for (let i = 0; i < length; i += 1) indexes.push(index++);
  }
  return indexes;
}

function readLength(reader: BitWindow): number {
  const length = reader.readVarint();
  if (length > MAX_BUCKETS || reader.overrun) throw new SampleChunkError('a chunk of histograms is damaged');
  return length;
}

/** The buckets of one sign, of an array of numbers that has those of all. */
export function bucketsOf(indexes: readonly number[], counts: readonly number[]): HistogramBuckets {
  return indexes.length === 0 ? NO_BUCKETS : { indexes, counts };
}

const NO_BUCKETS: HistogramBuckets = { indexes: [], counts: [] };
