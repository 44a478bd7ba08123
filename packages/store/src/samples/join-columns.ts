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
  if (parts.every(({ histograms }) => histograms === undefined)) return joined;
  const histograms = parts.flatMap(
    (part) => part.histograms ?? new Array<undefined>(part.timestampsMs.length).fill(undefined),
  );
  return { ...joined, histograms };
}

/** Rows from one to before another. */
export function sliceColumns(columns: SampleColumns, from: number, to: number): SampleColumns {
  const { timestampsMs, values, histograms } = columns;
  if (from === 0 && to === timestampsMs.length) return columns;
  const part = { timestampsMs: timestampsMs.subarray(from, to), values: values.subarray(from, to) };
  return histograms === undefined ? part : { ...part, histograms: histograms.slice(from, to) };
}

/** Rows one by one, bit for bit. */
export function pickRows({ timestampsMs, values, histograms }: SampleColumns, rows: readonly number[]): SampleColumns {
  const picked = new Float64Array(rows.length);
  const [from, to] = [
    new BigUint64Array(values.buffer, values.byteOffset, values.length),
    new BigUint64Array(picked.buffer),
  ];
  for (const [at, row] of rows.entries()) to[at] = from[row] as bigint;
  const part = { timestampsMs: Float64Array.from(rows, (row) => timestampsMs[row] as number), values: picked };
  return histograms === undefined ? part : { ...part, histograms: rows.map((row) => histograms[row]) };
}
