import type { SampleColumns } from './sample-chunk.js';
import { decodeSamples } from './sample-chunk.js';

/**
 * The samples of consecutive chunks between two times, both inclusive, as one. A chunk that is there twice, or reaches into
 * the one before, gives its samples once.
 */
export function joinChunks(chunks: readonly Uint8Array[], fromMs: number, toMs: number): SampleColumns {
  const parts: SampleColumns[] = [];
  let count = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const chunk of chunks) {
    const { timestampsMs, values } = decodeSamples(chunk);
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

/** Columns one behind the other. */
export function joinColumns(parts: readonly SampleColumns[], count: number): SampleColumns {
  const joined = { timestampsMs: new Float64Array(count), values: new Float64Array(count) };
  const bytes = new Uint8Array(joined.values.buffer);
  let at = 0;
  for (const { timestampsMs, values } of parts) {
    joined.timestampsMs.set(timestampsMs, at);
    // As bits: a number that is copied may lose those of a marker of staleness.
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at * 8);
    at += timestampsMs.length;
  }
  return joined;
}
