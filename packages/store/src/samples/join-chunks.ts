import type { SampleHints } from '../api/sample-store.js';
import type { StoredChunk } from './chunk-table.js';
import { joinColumns } from './join-columns.js';
import { readThinned } from './read-thinned.js';
import type { SampleColumns } from './sample-chunk.js';
import { decodeSamples } from './sample-chunk.js';
import { decodeThinned } from './tier-chunk.js';

/** Of thinned samples those that were kept, nothing between them. */
const KEPT: SampleHints = { rangeMs: Number.POSITIVE_INFINITY, functionName: '' };

/**
 * The samples of consecutive chunks between two times, both inclusive, as one. A chunk that is there twice, or reaches into
 * the one before, gives its samples once.
 */
export function joinChunks(
  chunks: readonly StoredChunk[],
  fromMs: number,
  toMs: number,
  hints: SampleHints = KEPT,
): SampleColumns {
  const parts: SampleColumns[] = [];
  let count = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { windowMs, bytes } of chunks) {
    const { timestampsMs, values } =
      windowMs === 0 ? decodeSamples(bytes) : readThinned(decodeThinned(bytes), windowMs, hints);
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
    parts.push({ timestampsMs: timestampsMs.subarray(start, end), values: values.subarray(start, end) });
    count += end - start;
    lastMs = timestampsMs[end - 1] as number;
  }
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  return joinColumns(parts, count);
}
