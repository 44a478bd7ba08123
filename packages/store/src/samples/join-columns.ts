import type { SampleColumns } from './sample-chunk.js';

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
