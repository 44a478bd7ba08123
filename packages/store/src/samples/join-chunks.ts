import type { SampleHints } from '../api/sample-store.js';
import { decodeChunk } from './decode-chunk.js';
import { isHistogramChunk } from './histograms/histogram-chunk.js';
import { weightOf } from './histograms/histogram-weight.js';
import { neededRows } from './histograms/needed-rows.js';
import { joinColumns, pickRows, sliceColumns } from './join-columns.js';
import { keepNeeded } from './needed-samples.js';
import { readThinned } from './read-thinned.js';
import type { SampleColumns } from './sample-chunk.js';
import { decodeThinned } from './tier-chunk.js';
import { countSamples, unpackSamples } from './unpack-samples.js';

/** Of thinned samples those that were kept, nothing between them. */
const KEPT: SampleHints = { rangeMs: Number.POSITIVE_INFINITY, functionName: '' };

/** A chunk as it is stored: thinned out to windows of some width, or, where that is 0, as it came. */
export interface JoinableChunk {
  readonly windowMs: number;
  readonly bytes: Uint8Array;
}

/** What {@link joinChunks} made. */
export interface JoinedChunks {
  readonly columns: SampleColumns;
  /** How many samples that counts as. */
  readonly weight: number;
}

/**
 * The samples of consecutive chunks between two times, both inclusive, as one. A chunk that is there twice, or reaches into
 * the one before, gives its samples once. `undefined` when they count as more samples than may be read.
 */
export function joinChunks(
  chunks: readonly JoinableChunk[],
  fromMs: number,
  toMs: number,
  maxSamples: number,
  hints: SampleHints = KEPT,
): JoinedChunks | undefined {
  if (chunks.every(({ windowMs, bytes }) => windowMs === 0 && !isHistogramChunk(bytes))) {
    return joinNumbers(chunks, fromMs, toMs, maxSamples, hints);
  }
  const parts: SampleColumns[] = [];
  let count = 0;
  let weight = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { windowMs, bytes } of chunks) {
    const columns = windowMs === 0 ? decodeChunk(bytes) : readThinned(decodeThinned(bytes), windowMs, hints);
    const { timestampsMs } = columns;
    let start = 0;
    while (
      start < timestampsMs.length &&
      ((timestampsMs[start] as number) < fromMs || (timestampsMs[start] as number) <= lastMs)
    ) {
      start += 1;
    }
    let end = timestampsMs.length;
    while (end > start && (timestampsMs[end - 1] as number) > toMs) end -= 1;
    if (start === end) continue;
    lastMs = timestampsMs[end - 1] as number;
    const all = sliceColumns(columns, start, end);
    const rows = neededRows(all.timestampsMs, hints);
    const part = rows === undefined ? all : pickRows(all, rows);
    parts.push(part);
    count += part.timestampsMs.length;
    weight += weightOf(part);
    if (weight > maxSamples) return undefined;
  }
  return { columns: parts.length === 1 && parts[0] !== undefined ? parts[0] : joinColumns(parts, count), weight };
}

/** Series of up to so many samples are unpacked in memory that is used again. */
const SCRATCH_SAMPLES = 1 << 17;
let scratch = createColumns(1 << 13);

function createColumns(length: number) {
  const values = new Float64Array(length);
  return { timestampsMs: new Float64Array(length), values, words: new Uint32Array(values.buffer) };
}

/** Numbers as they came, which most chunks hold: unpacked one behind the other, then those that are needed copied. */
function joinNumbers(
  chunks: readonly JoinableChunk[],
  fromMs: number,
  toMs: number,
  maxSamples: number,
  hints: SampleHints,
): JoinedChunks | undefined {
  let room = 0;
  for (const { bytes } of chunks) room += countSamples(bytes);
  if (room > scratch.timestampsMs.length && room <= SCRATCH_SAMPLES) scratch = createColumns(room);
  const columns = room <= scratch.timestampsMs.length ? scratch : createColumns(room);
  const { timestampsMs, words } = columns;
  let end = 0;
  for (const { bytes } of chunks) {
    let from = end;
    const to = end + unpackSamples(bytes, timestampsMs, words, end, toMs);
    if (end > 0) {
      const lastMs = timestampsMs[end - 1] as number;
      while (from < to && (timestampsMs[from] as number) <= lastMs) from += 1;
      if (from > end) {
        // As words: a number that is copied may lose the bits of a marker of staleness.
        timestampsMs.copyWithin(end, from, to);
        words.copyWithin(end * 2, from * 2, to * 2);
      }
    }
    end += to - from;
  }
  let start = 0;
  while (start < end && (timestampsMs[start] as number) < fromMs) start += 1;
  const needed = keepNeeded(columns, start, end, hints);
  const weight = needed.end - needed.start;
  if (weight > maxSamples) return undefined;
  return {
    columns: {
      timestampsMs: timestampsMs.slice(needed.start, needed.end),
      values: columns.values.slice(needed.start, needed.end),
    },
    weight,
  };
}
