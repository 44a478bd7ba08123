import type { SampleHints } from '../api/sample-store.js';
import type { StoredChunk } from './chunk-table.js';
import { decodeChunk } from './decode-chunk.js';
import { weightOf } from './histograms/histogram-weight.js';
import { joinColumns, sliceColumns } from './join-columns.js';
import { readThinned } from './read-thinned.js';
import type { SampleColumns } from './sample-chunk.js';
import { decodeThinned } from './tier-chunk.js';

/** Of thinned samples those that were kept, nothing between them. */
const KEPT: SampleHints = { rangeMs: Number.POSITIVE_INFINITY, functionName: '' };

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
  chunks: readonly StoredChunk[],
  fromMs: number,
  toMs: number,
  maxSamples: number,
  hints: SampleHints = KEPT,
): JoinedChunks | undefined {
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
    const part = sliceColumns(columns, start, end);
    parts.push(part);
    count += end - start;
    weight += weightOf(part);
    if (weight > maxSamples) return undefined;
    lastMs = timestampsMs[end - 1] as number;
  }
  return { columns: parts.length === 1 && parts[0] !== undefined ? parts[0] : joinColumns(parts, count), weight };
}
