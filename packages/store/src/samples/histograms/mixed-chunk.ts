import { encodeSamples } from '../encode-samples.js';
import { joinColumns, sliceColumns } from '../join-columns.js';
import type { SampleColumns } from '../sample-chunk.js';
import { SampleChunkError } from '../sample-chunk.js';
import { staleOf } from '../stale-marker.js';
import { decodeSamples } from '../unpack-samples.js';
import { decodeHistograms, encodeHistograms, isHistogramChunk } from './histogram-chunk.js';

/** The first byte of chunks, one behind the other, each after its length in four bytes, big-endian. */
export const MIXED_CHUNK_VERSION = 2;
const LENGTH_BYTES = 4;

/** Samples of which some are histograms and some may be numbers: runs of the same kind, each a chunk. */
export function encodeMixed(columns: SampleColumns): Uint8Array {
  const { timestampsMs, values, histograms = [] } = columns;
  const isStale = staleOf(values);
  const parts: Uint8Array[] = [Uint8Array.of(MIXED_CHUNK_VERSION)];
  for (let from = 0, to = 0; from < timestampsMs.length; from = to) {
    const hasHistograms = histograms[from] !== undefined;
    // A marker of staleness belongs to what is before it.
    while (to < timestampsMs.length && ((histograms[to] !== undefined) === hasHistograms || isStale(to))) to += 1;
    const run = sliceColumns(columns, from, to);
    const chunk = hasHistograms ? encodeHistograms(run) : encodeSamples(run);
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, chunk.length);
    parts.push(length, chunk);
  }
  return Buffer.concat(parts);
}

/** The inverse of {@link encodeMixed}; throws {@link SampleChunkError} on what it did not write. */
export function decodeMixed(bytes: Uint8Array): SampleColumns {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== MIXED_CHUNK_VERSION) throw new SampleChunkError('not a chunk of mixed samples');
  const runs: SampleColumns[] = [];
  let count = 0;
  for (let at = 1; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    const end = start > bytes.length ? start : start + view.getUint32(at);
    if (end > bytes.length) throw new SampleChunkError('a chunk of mixed samples is cut off');
    const chunk = bytes.subarray(start, end);
    const run = isHistogramChunk(chunk) ? decodeHistograms(chunk) : decodeSamples(chunk);
    runs.push(run);
    count += run.timestampsMs.length;
    at = end;
  }
  return joinColumns(runs, count);
}
